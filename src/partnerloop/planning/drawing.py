"""Whom a pulse asks when it asks some: drawn by chance, with a chance that is stored with the ask.

More likely where an answer would tell more about the partner, from roles and segments that answer,
and where much business hangs on it; within one role and segment never more than one and a half
times as likely. The engine draws; this gathers what it may know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from partnerloop.engine.choosing import Candidates, Policy, choose
from partnerloop.engine.interface import Floats
from partnerloop.engine.questions import expected_gain
from partnerloop.partners.models import ContactRole
from partnerloop.partners.segmenting import Place
from partnerloop.planning.answering import response_chances
from partnerloop.planning.budget import Askable
from partnerloop.planning.history import History
from partnerloop.planning.knowing import Knowledge
from partnerloop.planning.reasons import Asked, Reason
from partnerloop.planning.weighing import business_weights
from partnerloop.pulses.models import Pulse
from partnerloop.scores.modelling import segment_label

ROLES = tuple(role.value for role in ContactRole)
WHOM, WHAT = 1, 2  # two streams of one seed: another question does not draw other people


@dataclass(frozen=True, eq=False)
class Drawn:
    """Who is asked, by their place among the candidates, and everybody's chance and reason."""

    chosen: list[int]
    chances: Floats
    reasons: list[Reason]


def everybody(people: Sequence[Askable]) -> Drawn:
    """This will ask all who may be asked: for certain."""
    asked = {person.last_asked for person in people}  # many were asked at the same moment
    reasons = {moment: _in_turn(moment) for moment in asked}
    return Drawn(
        chosen=list(range(len(people))),
        chances=np.ones(len(people)),
        reasons=[reasons[person.last_asked] for person in people],
    )


def draw(
    pulse: Pulse,
    people: Sequence[Askable],
    *,
    knowledge: Knowledge,
    history: History,
    where: dict[int, Place],
    at: datetime,
) -> Drawn:
    """This will draw as many people as the pulse says; the same seed and facts draw the same.

    Who was drawn keeps the order of the candidates, longest waiting first.
    """
    if pulse.people_to_ask is None or pulse.people_to_ask >= len(people):
        return everybody(people)
    candidates = candidates_of(
        pulse, people, knowledge=knowledge, history=history, where=where, at=at
    )
    rng = np.random.default_rng([pulse.seed, WHOM])
    drawn = choose(candidates, budget=pulse.people_to_ask, rng=rng, policy=Policy())
    reasons = [
        Reason(Asked.OVERDUE, number=int(wait)) if overdue else Reason(Asked.DRAWN)
        for overdue, wait in zip(drawn.overdue.tolist(), candidates.wait.tolist(), strict=True)
    ]
    chances = np.minimum(drawn.propensity, 1.0)
    return Drawn(chosen=sorted(drawn.chosen.tolist()), chances=chances, reasons=reasons)


def candidates_of(
    pulse: Pulse,
    people: Sequence[Askable],
    *,
    knowledge: Knowledge,
    history: History,
    where: dict[int, Place],
    at: datetime,
) -> Candidates:
    """This will put together what the draw may go by. Nothing in it is a person's answering."""
    program, model = pulse.program, knowledge.fitted.model
    partners = [person.partner_id for person in people]
    segments = [segment_label(where[partner]) for partner in partners]
    numbers = {label: number for number, label in enumerate(sorted(set(segments)))}
    response = response_chances(
        program,
        [(person.role, label) for person, label in zip(people, segments, strict=True)],
        where=where,
        at=at,
    )
    weights = business_weights(program, set(partners), where=where, at=at)
    waits = {one: history.days_without_ask(one, at=at) for one in set(partners)}
    return Candidates(
        partner=np.array(partners, np.int64),
        role=np.array([ROLES.index(person.role) for person in people], np.int64),
        segment=np.array([numbers[label] for label in segments], np.int64),
        gain=expected_gain(knowledge.known, layout=model.layout, hyper=model.hyper),
        response=np.array(response),
        weight=np.array([weights[partner] for partner in partners]),
        wait=np.array([float(waits[partner]) for partner in partners]),
        silent=_silent(np.array(response)),
    )


def _silent(response: Floats) -> np.ndarray:
    """The third in roles and segments that answer least: whether a person answers is not read."""
    last = np.sort(response)[max(response.size // 3 - 1, 0)]
    return np.asarray(response <= last)


def _in_turn(last_asked: datetime | None) -> Reason:
    if last_asked is None:
        return Reason(Asked.FIRST)
    return Reason(Asked.TURN, last=last_asked.date())
