"""What of a company becomes visible under the rules of release: expected before anybody answered.

Companies of one size are simulated for a year: people are asked together, some answer, each in the
mode they prefer, and confidential answers become a batch on the weekly tick once enough wait.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

WEEKS = 52
RECENT, WAIT = 26, 13
SOON, LATER = 4, 13
"""Weeks within which a change is looked for: about 30 and 90 days."""
COMPANIES = 400
OTHERWISE = 0.1
"""Share of answers given in another mode than the person prefers."""
NEVER = -WEEKS


@dataclass(frozen=True, slots=True)
class Habits:
    """How a program asks and how people answer: days between asks, and shares from 0 to 1.

    `minimum` is the fewest people of a batch. Who is neither named nor confidential is anonymous
    and counts for groups only.
    """

    every_days: float
    answering: float
    named: float
    confidential: float
    minimum: int


@dataclass(frozen=True, slots=True)
class Expected:
    """Shares from 0 to 1 of companies of one size, a year after the first ask.

    `own` have a figure of their own (named answers or a batch of the last half year), `batch` have
    such a batch. `soon` and `later`: a change shows within 30 and 90 days. `age`: weeks since the
    newest batch, the median, or None where there is none.
    """

    own: float
    batch: float
    soon: float
    later: float
    age: float | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What became visible of one company: weeks of named answers, weeks of batches."""

    named: tuple[int, ...]
    batches: tuple[int, ...]


@lru_cache(maxsize=256)
def expected(people: int, *, habits: Habits, companies: int = COMPANIES) -> Expected:
    """This will simulate companies of `people` who may be asked; the same call gives the same.

    Everybody is alike and independent, so that programs with a few eager answerers see less.

    >>> habits = Habits(28, answering=0.27, named=0.2, confidential=0.7, minimum=3)
    >>> expected(2, habits=habits).batch
    0.0
    >>> expected(4, habits=habits).batch < expected(8, habits=habits).batch
    True
    """
    if people < 1:
        return Expected(own=0.0, batch=0.0, soon=0.0, later=0.0, age=None)
    named, batch = _year(people, habits, companies, rng=np.random.default_rng(people))
    heard = [
        Heard(tuple(np.flatnonzero(n).tolist()), tuple(np.flatnonzero(b).tolist()))
        for n, b in zip(named, batch, strict=True)
    ]
    ages = [WEEKS - one.batches[-1] for one in heard if one.batches]
    return Expected(
        own=float((named | batch)[:, -RECENT:].any(axis=1).mean()),
        batch=float(batch[:, -RECENT:].any(axis=1).mean()),
        soon=shown_within(SOON, heard, weeks=range(RECENT, WEEKS - LATER)),
        later=shown_within(LATER, heard, weeks=range(RECENT, WEEKS - LATER)),
        age=float(np.median(ages)) if ages else None,
    )


def shown_within(weeks_after: int, heard: Iterable[Heard], *, weeks: range) -> float:
    """This will tell how often a change at a company would have shown in time: a share from 0 to 1.

    The change may fall into any of `weeks`. It shows by a named answer, or by a batch whose answers
    were mostly given after it: those came in since the batch before, within 13 weeks.

    >>> shown_within(4, [Heard(named=(7,), batches=())], weeks=range(8))
    0.5
    """
    seen = [weeks_seen(one, weeks_after, weeks=weeks) for one in heard]
    return sum(seen) / (len(seen) * len(weeks)) if seen and weeks else 0.0


def weeks_seen(one: Heard, weeks_after: int, *, weeks: range) -> int:
    """This will count the weeks a change in which shows in time, of one company.

    >>> weeks_seen(Heard(named=(7,), batches=()), 4, weeks=range(8))
    4
    """
    found = 0  # a bit for each week
    for told_of, day in _news(one):
        first, stop = max(weeks.start, day - weeks_after), min(weeks.stop, ceil(told_of))
        if first < stop:
            found |= (1 << stop) - (1 << first)
    return found.bit_count()


def _news(one: Heard) -> list[tuple[float, int]]:
    """Return the week that each named answer or batch tells of, and in which week it is seen.

    A batch tells of the middle of the time in which its answers came.
    """
    before = [(NEVER, day) for day in one.batches[:1]] + list(pairwise(one.batches))
    batches = [((max(last, day - WAIT) + day) / 2, day) for last, day in before]
    return [*((day, day) for day in one.named), *batches]


def _year(
    people: int, habits: Habits, companies: int, *, rng: np.random.Generator
) -> tuple[Bools, Bools]:
    """Return in which weeks named answers came and batches were cut; bool (companies, WEEKS)."""
    modes = [habits.named, habits.confidential, max(0.0, 1 - habits.named - habits.confidential)]
    usual = rng.choice(3, (companies, people), p=modes)
    since: Ints = np.full((companies, people), NEVER)
    named: Bools = np.zeros((companies, WEEKS), bool)
    batch: Bools = np.zeros((companies, WEEKS), bool)
    due = 0.0
    for week in range(WEEKS):
        waiting = since > week - WAIT
        enough = (waiting.sum(axis=1) >= habits.minimum) & (people >= habits.minimum)
        batch[:, week] = enough
        since[enough] = NEVER
        if week * 7 >= due:
            due += habits.every_days
            answers = rng.random(usual.shape) < habits.answering
            other = rng.choice(3, usual.shape, p=modes)
            mode = np.where(rng.random(usual.shape) < OTHERWISE, other, usual)
            named[:, week] = (answers & (mode == 0)).any(axis=1)
            since[answers & (mode == 1)] = week
    return named, batch
