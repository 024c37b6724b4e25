"""What managers of the demo guessed before they looked, and figures that wait for a guess."""

from collections import defaultdict
from datetime import date, datetime, timedelta

import numpy as np
from numpy.random import Generator

from partnerloop.accounts.models import Membership
from partnerloop.core.clock import start_of, week_of
from partnerloop.demo.scenario import CAST, SHOWCASE
from partnerloop.demo.writing.ecosystem import Ecosystem
from partnerloop.engine.interface import DIMENSIONS
from partnerloop.partners.models import Partner
from partnerloop.release.models import Veil
from partnerloop.release.trends import points_before
from partnerloop.release.veiling import REST

GUESSES, WAITING = 12, 2
HOPE, GUESSING_SD = 0.9, 1.2  # who looks after a partner thinks a little better of it
LOOKED = timedelta(days=2, hours=9)


def write_guesses(ecosystem: Ecosystem, *, at: datetime, rng: Generator) -> None:
    """This will let the manager of the demo's story guess through half a year.

    Each guess is held against the figure that the gate gave out in its week. Two figures wait, at
    partners outside the cast: whose story the demo tells is to be seen whole.
    """
    managed: dict[Membership, list[Partner]] = defaultdict(list)
    for partner, manager in zip(ecosystem.partners, ecosystem.managers, strict=True):
        managed[manager].append(partner)
    stories = (p for p in managed.values() if any(one.name == SHOWCASE.name for one in p))
    partners = next(stories, next(iter(managed.values())))
    member = next(who for who, theirs in managed.items() if theirs is partners)
    partners.sort(key=lambda one: (one.name != SHOWCASE.name, one.pk))
    made = _settled(member, partners, at=at, rng=rng)
    Veil.objects.bulk_create([*made, *_waiting(member, partners, at=at)])


def _settled(
    member: Membership, partners: list[Partner], *, at: datetime, rng: Generator
) -> list[Veil]:
    """Walk back week by week, from partner to partner, until enough had a figure to guess at."""
    turns = [
        (
            partners[turn % len(partners)].pk,
            DIMENSIONS[turn * 3 % len(DIMENSIONS)],
            week_of(at.date()) - timedelta(weeks=2 + turn // 2),
        )
        for turn in range(3 * GUESSES)
    ]
    seen = points_before(member.program, by=member, wanted=turns, at=at)
    found: list[Veil] = []
    last: dict[int, date] = {}
    for turn in turns:
        partner, measure, week = turn
        if turn not in seen or last.get(partner, date.max) - week < REST:
            continue
        last[partner] = week
        point = seen[turn]
        off = HOPE + GUESSING_SD * float(rng.standard_normal())
        veil = _veil(member, partner, measure, since=week)
        veil.settled_at = start_of(week) + LOOKED
        veil.guess = int(np.clip(round(point.mean + off), 0, 10))
        veil.sureness = str(rng.choice(Veil.Sureness.values))
        veil.mean, veil.low, veil.high = point.mean, point.low, point.high
        found.append(veil)
    return found[:GUESSES]


def _waiting(member: Membership, partners: list[Partner], *, at: datetime) -> list[Veil]:
    week, cast = week_of(at.date()), {part.name for part in CAST}
    others = [one.pk for one in partners if one.name not in cast]
    turns = [
        (partner, DIMENSIONS[turn % len(DIMENSIONS)], week) for turn, partner in enumerate(others)
    ]
    seen = points_before(member.program, by=member, wanted=turns, at=at)
    open_to = [turn for turn in turns if turn in seen][:WAITING]
    return [_veil(member, partner, measure, since=week) for partner, measure, _ in open_to]


def _veil(member: Membership, partner: int, measure: str, *, since: date) -> Veil:
    return Veil(
        program_id=member.program_id,
        member=member,
        partner_id=partner,
        measure=measure,
        since=since,
    )
