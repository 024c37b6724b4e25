"""Which role's named answers pull a metric down: a help for where to look, never for whom to blame.

From named answers alone, which may be cut by role; unnamed ones never are.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Sum

from partnerloop.evidence.models import NamedAnswer
from partnerloop.programs.models import Program

# A role is told when it lies at least half a point below the others, and beyond chance (one-sided
# 5 %). People agree with themselves, so the error counts people, not answers.
LEAST_DIFFERENCE = 0.5
BEYOND_CHANCE = 1.645
LEAST_VARIANCE = 1.0


@dataclass(frozen=True, slots=True)
class Voices:
    """The named answers of one role: how many, their sum, and their sum of squares."""

    people: int
    firms: int
    answers: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        return self.total / self.answers

    @property
    def spread(self) -> float:
        """The sum of squared distances from the own mean."""
        return max(0.0, self.squares - self.answers * self.mean**2)


def pulling_roles(
    program: Program, *, partners: Iterable[int] | None, at: datetime
) -> dict[str, str]:
    """This will name, per measure, the role that pulls it down; most measures have none.

    For all partners (`None`) a role needs as many people and companies as any shown cell. For
    chosen partners it does not: call it for readers who see these partners' named answers anyhow.
    """
    since = at - timedelta(days=program.figure_age_days)
    rows = NamedAnswer.objects.of(program).filter(at__gt=since, at__lte=at)
    if partners is not None:
        rows = rows.filter(partner__in=list(partners))
    heard: dict[str, dict[str, Voices]] = defaultdict(dict)
    for measure, role, *sums in rows.values_list("measure", "role").annotate(
        people=Count("rater", distinct=True),
        firms=Count("partner", distinct=True),
        answers=Count("pk"),
        total=Sum("value"),
        squares=Sum(F("value") * F("value")),
    ):
        heard[measure][role] = Voices(*sums)
    found = {
        measure: lowest_role(roles, least=_least(program, partners))
        for measure, roles in heard.items()
    }
    return {measure: role for measure, role in found.items() if role is not None}


def lowest_role(roles: dict[str, Voices], *, least: tuple[int, int] = (1, 1)) -> str | None:
    """This will return the role that lies below the others beyond chance, if there is one.

    `least` are the people and companies that a role needs to be named.

    >>> low, high = Voices(6, 4, 6, 18.0, 60.0), Voices(9, 5, 9, 63.0, 450.0)
    >>> lowest_role({"marketing": low, "sales": high})
    'marketing'
    >>> lowest_role({"marketing": high, "sales": high}) is None
    True
    """
    people, firms = least
    distances = {
        role: _distance(voices, [other for name, other in roles.items() if name != role])
        for role, voices in roles.items()
        if voices.people >= people and voices.firms >= firms
    }
    if not distances:
        return None
    role = min(distances, key=lambda name: (distances[name], name))
    return role if distances[role] <= -BEYOND_CHANCE else None


def _distance(voices: Voices, others: list[Voices]) -> float:
    """Measure a role's mean against the others' in standard errors; 0 where it cannot be told."""
    if not others:
        return 0.0
    answers = sum(other.answers for other in others)
    mean = sum(other.total for other in others) / answers
    if abs(voices.mean - mean) < LEAST_DIFFERENCE:
        return 0.0
    within = voices.spread + sum(other.spread for other in others)
    free = voices.answers + answers - len(others) - 1
    variance = max(LEAST_VARIANCE, within / free if free > 0 else 0.0)
    people = sum(other.people for other in others)
    return (voices.mean - mean) / math.sqrt(variance / voices.people + variance / people)


def _least(program: Program, partners: Iterable[int] | None) -> tuple[int, int]:
    return (program.pool_people, program.pool_companies) if partners is None else (1, 1)
