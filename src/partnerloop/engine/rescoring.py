"""The states of many partners at once: for refits and rebuilds of large programs."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from partnerloop.engine import kalman, program
from partnerloop.engine.columns import Columns
from partnerloop.engine.interface import CROWD, Hyperparameters, Layout, Observation, Record, State
from partnerloop.engine.plan import Plan, seat


def rescore_all(
    records: Sequence[Record], *, layout: Layout, hyper: Hyperparameters
) -> list[State]:
    """This will compute the state of every partner: the same as one by one, many times faster.

    Each record's observations must be in order of days.
    """
    states = [_silent(layout, hyper, record) for record in records]
    steps = program.plan(Columns.of(records))
    result = program.empty_run(steps, layout=layout)
    for block in program.passes(steps, layout=layout, hyper=hyper, result=result):
        for place, partner in enumerate(block.block.partners.tolist()):
            if records[partner].observations:
                states[partner] = _state(block, place, records[partner], steps, partner)
    return states


def _silent(layout: Layout, hyper: Hyperparameters, record: Record) -> State:
    dynamics = kalman.Dynamics.of(layout, hyper, segment=record.segment)
    return kalman.start(dynamics, segment=record.segment)


def _state(
    block: program.BlockFilter, place: int, record: Record, steps: Plan, partner: int
) -> State:
    seating = seat(
        [CROWD if one.rater is None else one.rater for one in record.observations],
        days=[one.day for one in record.observations],
    )
    metrics, jumps = block.metrics, block.jumps
    rows = np.concatenate((np.arange(metrics), metrics + np.array(seating.places, np.int64)))
    pending = np.flatnonzero(~np.isnan(jumps.born[place]))
    told = (jumps.born, jumps.precision, jumps.info, jumps.odds)
    erratic = np.array([block.excess[place], block.told[place]]).T
    return replace(
        _counted(record.observations, metrics=metrics),
        segment=int(steps.segments[partner]),
        mean=block.mean[place, rows],
        cov=block.cov[place][np.ix_(rows, rows)],
        raters=tuple(str(rater) for rater in seating.order),
        heard=tuple(seating.heard),
        erratic=erratic[seating.places].reshape(len(seating.places), 2),
        ways=jumps.ways[place][np.ix_(pending, rows)],
        jumps=np.array([column[place, pending] for column in told]).T,
        spawned=float(jumps.spawned[place]),
    )


def _counted(observations: Sequence[Observation], *, metrics: int) -> State:
    """A state that only knows how much was said, and when."""
    answers, last_day = np.zeros(metrics, np.int64), np.full(metrics, np.nan)
    overall, overall_day = 0, math.nan
    for one in observations:
        if one.metric < metrics:
            answers[one.metric] += round(one.people)
            last_day[one.metric] = one.day
        else:
            overall, overall_day = overall + round(one.people), one.day
    return State(
        at=observations[-1].day,
        segment=0,
        mean=np.zeros(0),
        cov=np.zeros((0, 0)),
        answers=answers,
        last_day=last_day,
        overall_answers=overall,
        overall_last_day=overall_day,
    )
