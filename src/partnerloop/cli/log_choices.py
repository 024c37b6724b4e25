"""Whom to ask on a day, and what, from plain files."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from partnerloop.cli.log_history import History
from partnerloop.cli.log_past import columns_of, layout_of, observations, response, settled
from partnerloop.engine import FilterModel, Hyperparameters, Layout
from partnerloop.engine.choosing import Candidates, Draw, Policy, choose
from partnerloop.engine.interface import Floats, Ints
from partnerloop.engine.means import learn_means
from partnerloop.engine.questions import Known, Openings, expected_gain, pick_questions


@dataclass(frozen=True)
class Choice:
    """How to choose: which day, how many, from which seed, what, by which policy."""

    day: float
    budget: int
    seed: int
    rotate: bool
    policy: Policy
    gap: float


@dataclass(frozen=True)
class ChoiceRow:
    """A contact to ask, what, and the chance it had."""

    contact: str
    metrics: str
    propensity: float


def pick(history: History, *, choice: Choice) -> list[ChoiceRow]:
    """This will draw whom to ask on a day, and what."""
    layout = layout_of(history)
    rng = np.random.default_rng(choice.seed)
    who = eligible(history, day=choice.day, gap=choice.gap)
    if not who.size:
        return []
    model = FilterModel(layout, _quickly_learnt(history, layout, at=choice.day))
    known = _known(history, model, who, at=choice.day)
    candidates = _candidates(history, who, known, model, at=choice.day)
    draw = choose(candidates, budget=choice.budget, rng=rng, policy=choice.policy)
    metrics = _questions(history, who, draw, known, model, choice=choice, rng=rng)
    return [
        ChoiceRow(history.contacts[who[k]], text, round(float(draw.propensity[k]), 6))
        for k, text in zip(draw.chosen.tolist(), metrics, strict=True)
    ]


def eligible(history: History, *, day: float, gap: float) -> Ints:
    """This will list the contacts who are there and were not asked within the gap."""
    last = _last_asked(history, until=day)
    there = (history.joined <= day) & (day < history.left)
    return np.flatnonzero(there & (day - last >= gap))


def _last_asked(history: History, *, until: float) -> Floats:
    last = np.full(len(history.contacts), -np.inf)
    known = history.ask_day <= until
    np.maximum.at(last, history.ask_contact[known], history.ask_day[known])
    return last


def _quickly_learnt(history: History, layout: Layout, *, at: float) -> Hyperparameters:
    """Means only: who teaches most hangs on the spreads, whose defaults are good enough here."""
    columns = columns_of(history, until=at)
    start = Hyperparameters.default(layout)
    return learn_means(columns, layout=layout, hyper=start) if len(columns) else start


def _known(history: History, model: FilterModel, who: Ints, *, at: float) -> Known:
    partner = history.contact_partner[who]
    heard = observations(history, until=at)
    metrics = len(model.layout.metrics)
    cov = np.zeros((who.size, metrics + 1, metrics + 1))
    for p in np.unique(partner).tolist():
        here = np.flatnonzero(partner == p)
        state = model.rescore(int(history.segment[p]), observations=heard.get(p, []), at=at)
        names = [history.contacts[c] for c in who[here].tolist()]
        belief = model.belief(state, at=at)
        part = Known.of(belief, raters=names, leniency_sd=model.hyper.leniency_sd)
        cov[here] = part.cov
    return Known(cov)


def _candidates(
    history: History, who: Ints, known: Known, model: FilterModel, *, at: float
) -> Candidates:
    partner = history.contact_partner[who]
    there = (history.joined <= at) & (at < history.left)
    since = np.full(len(history.partners), np.inf)
    np.minimum.at(since, history.contact_partner[there], history.joined[there])
    past = np.flatnonzero(history.ask_day <= at)
    asked = np.full(len(history.partners), -np.inf)
    np.maximum.at(asked, history.contact_partner[history.ask_contact[past]], history.ask_day[past])
    return Candidates(
        partner=partner,
        role=history.contact_role[who],
        segment=history.segment[partner],
        gain=expected_gain(known, layout=model.layout, hyper=model.hyper),
        response=response(history, at=at)[who],
        weight=history.weight[partner],
        wait=at - np.maximum(asked, since)[partner],
        silent=_silent(history, who, at=at),
    )


def _silent(history: History, who: Ints, *, at: float) -> np.ndarray:
    """The third of them that has answered least for how often it was asked."""
    known = settled(history, at=at)
    people = len(history.contacts)
    asks = np.bincount(history.ask_contact[known], minlength=people)
    yes = np.bincount(history.ask_contact[known], history.heard_day[known] <= at, people)
    rate = ((yes + 1.0) / (asks + 3.0))[who]
    marked = np.zeros(who.size, bool)
    marked[np.argsort(rate, kind="stable")[: who.size // 3]] = True
    return marked


def _questions(
    history: History,
    who: Ints,
    draw: Draw,
    known: Known,
    model: FilterModel,
    *,
    choice: Choice,
    rng: Generator,
) -> list[str]:
    metrics = len(model.layout.metrics)
    chosen = who[draw.chosen]
    partner = history.contact_partner[chosen]
    past = np.flatnonzero(history.ask_day <= choice.day)
    asked = history.asked[past, :metrics]
    last = np.full((len(history.partners), metrics), -np.inf)
    of = history.contact_partner[history.ask_contact[past]]
    np.maximum.at(last, of, np.where(asked, history.ask_day[past][:, None], -np.inf))
    there = (history.joined <= choice.day) & (choice.day < history.left)
    contacts = np.bincount(history.contact_partner[there], minlength=len(history.partners))
    shape = (chosen.size, metrics)
    openings = Openings(
        partner=partner,
        contacts=contacts[partner],
        wait=np.minimum(choice.day - last[partner], choice.day),
        people=np.zeros(shape),
        inside=np.zeros(shape, bool),
        asked=asked[history.ask_day[past] > choice.day - 90].sum(axis=0).astype(float),
    )
    found = pick_questions(
        known.take(draw.chosen),
        openings=openings,
        layout=model.layout,
        hyper=model.hyper,
        rng=rng,
        count=3 if choice.rotate else 2,
    )
    first = () if choice.rotate else ("partnerscore",)
    return [" ".join((*first, *(model.layout.metrics[m] for m in row))) for row in found.tolist()]
