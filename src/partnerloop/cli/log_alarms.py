"""Alarms of all partners from plain files, each as of a day and no later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from partnerloop.cli.log_history import History
from partnerloop.cli.log_past import epochs, layout_of, learnt, observations, response
from partnerloop.engine import FilterModel, Observation
from partnerloop.engine.interface import Floats, Ints
from partnerloop.engine.signs import Heard, read_signs
from partnerloop.engine.silence import PATIENCE, Asked, read_silence
from partnerloop.engine.watching import Alarm, Detector, watch_answers, watch_silence

# The signs of the last three months need no older answers than this.
MEMORY = 400.0
# The first day watched tells the alarms of the month before it.
LOOK_BACK = 30.0


@dataclass(frozen=True)
class AlarmRow:
    """An alarm as of a day, with the composite before and after where answers tell it."""

    partner: str
    metric: str
    day: int
    detector: str
    before: float | str
    after: float | str


@dataclass(frozen=True)
class Rates:
    """False alarms per partner-year that are put up with."""

    daily_list: float
    pager: float
    silence: float


def watch(history: History, *, days: Sequence[float], rates: Rates) -> Iterator[AlarmRow]:
    """This will tell, on each day, the alarms since the day before it in the list."""
    before = min(days) - LOOK_BACK
    asks = _by_partner(history)
    for group in epochs(days):
        model = FilterModel(layout_of(history), learnt(history, at=group[0]))
        usual = np.clip(response(history, at=group[0]), 0.02, 0.98)
        heard = observations(history, until=group[-1])
        alarms = [
            (
                *_changes(heard.get(p, []), int(history.segment[p]), model, group[-1], rates),
                *_silences(history, asks[p], usual, until=group[-1], rate=rates.silence),
            )
            for p in range(len(history.partners))
        ]
        for day in group:
            for p, found in enumerate(alarms):
                for alarm in found:
                    if before < alarm.day <= day:
                        yield _alarm_row(history, p, alarm, heard.get(p, []), model, day)
            before = day


def _by_partner(history: History) -> list[Ints]:
    """Each partner's asks, in order of days."""
    of = history.contact_partner[history.ask_contact]
    order = np.argsort(of, kind="stable")
    ends = np.searchsorted(of[order], np.arange(1, len(history.partners)))
    return np.split(order, ends)


def _changes(
    heard: list[Observation], segment: int, model: FilterModel, until: float, rates: Rates
) -> tuple[Alarm, ...]:
    recent = Heard.of([one for one in heard if until - MEMORY <= one.day])
    signs = read_signs(recent, segment=segment, layout=model.layout, hyper=model.hyper)
    return watch_answers(signs, list_rate=rates.daily_list, pager_rate=rates.pager)


def _silences(
    history: History, asks: Ints, usual: Floats, *, until: float, rate: float
) -> tuple[Alarm, ...]:
    past = asks[history.ask_day[asks] <= until - PATIENCE]
    given_up = history.ask_day[past] + PATIENCE
    asked = Asked(
        day=history.ask_day[past],
        contact=history.ask_contact[past],
        answered=history.heard_day[past] <= given_up,
        usual=usual[history.ask_contact[past]],
    )
    return watch_silence(given_up, signs=read_silence(asked), rate=rate)


def _alarm_row(
    history: History,
    p: int,
    alarm: Alarm,
    heard: list[Observation],
    model: FilterModel,
    day: float,
) -> AlarmRow:
    name = history.partners[p]
    if alarm.detector is Detector.SILENT:
        return AlarmRow(name, "partnerscore", int(day), str(alarm.detector), "", "")
    segment = int(history.segment[p])
    levels = []
    for at in (alarm.since, day):
        state = model.rescore(segment, observations=[o for o in heard if o.day <= at], at=at)
        levels.append(round(model.estimate(state, at=at).composite.mean, 4))
    return AlarmRow(name, "partnerscore", int(day), str(alarm.detector), *levels)
