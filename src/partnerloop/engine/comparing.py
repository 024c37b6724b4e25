"""What partners say in two windows, of those reached against those not reached yet.

The arithmetic behind `effects`: cohorts, and an interval that lets a partner stand on both sides
in turn.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from partnerloop.engine.interface import Floats
from partnerloop.engine.weighing import Answers, Cohort, weigh

# Fewer partners than this on either side: the spread between them is itself unknown.
FEWEST = 5


@dataclass(frozen=True)
class Difference:
    """A difference in points with its interval, and how many partners stand on each side."""

    mean: float
    sd: float
    low: float
    high: float
    reached: int
    compared: int


def room_to_move(values: Floats) -> float:
    """This will estimate how far answers follow when the true score moves by one: 1 or less.

    Who says 10 cannot say more. The share of opinions beyond the ends of the scale is what a normal
    curve through the shares of the last two answers (9 and 10, 1 and 0) leaves out there
    (McDonald and Moffitt 1980, Review of Economics and Statistics 62(2)).

    >>> room_to_move(np.array([5.0, 6.0, 7.0, 8.0]))
    1.0
    >>> round(room_to_move(np.repeat([6.0, 7.0, 8.0, 9.0, 10.0], [10, 30, 30, 20, 10])), 3)
    0.952
    """
    whole = np.clip(np.rint(values), 0, 10)
    ends = ((whole == 10, whole == 9), (whole == 0, whole == 1))
    beyond = sum(_beyond(float(end.mean()), float(near.mean())) for end, near in ends)
    return max(0.3, 1.0 - beyond)


def _beyond(end: float, near: float) -> float:
    if end == 0.0 or end + near >= 1.0:
        return end
    if near == 0.0:
        return end
    normal = NormalDist()
    last, before = normal.inv_cdf(1 - end), normal.inv_cdf(1 - end - near)
    return 1.0 - normal.cdf(last + (last - before) / 2)


def evened(answers: Answers, starts: Floats) -> Answers:
    """This will take off the level of each item: who was asked what is no change."""
    untouched = answers.day < starts[answers.partner]
    items = int(answers.item.max(initial=-1)) + 1
    count = np.bincount(answers.item[untouched], minlength=items)
    total = np.bincount(answers.item[untouched], answers.value[untouched], items)
    overall = total.sum() / max(count.sum(), 1)
    level = (total + 5.0 * overall) / (count + 5.0)
    value = answers.value - level[answers.item]
    return Answers(answers.partner, answers.rater, answers.item, answers.day, value)


def compare(
    answers: Answers,
    centres: Floats,
    starts: Floats,
    *,
    before: float,
    after: float,
    level: float,
    adjust: bool,
) -> Difference | None:
    """This will pool, over the days of `centres`, those reached against those not reached yet.

    `centres` is where each partner's two windows meet, `starts` when it was reached. With `adjust`
    (a random order) both sides are taken to be alike before; without, only the change counts.
    None if there are too few on one side.
    """
    cohorts = []
    for day in np.unique(centres[np.isfinite(centres)]):
        near = answers.where((answers.day >= day - before) & (answers.day < day + after))
        earlier, later = _heard(near, near.day < day, starts), _heard(near, near.day >= day, starts)
        told = later & (earlier | adjust)
        ours = np.flatnonzero(told & (centres == day))
        theirs = np.flatnonzero(told & (starts >= day + after))
        if ours.size and theirs.size >= FEWEST:
            cohorts.append(weigh(near, day=day, ours=ours, theirs=theirs, level=not adjust))
    return _pooled(cohorts, starts.size, level)


def _heard(answers: Answers, rows: np.ndarray, starts: Floats) -> np.ndarray:
    """Which partners said anything in some rows."""
    return np.bincount(answers.partner[rows], minlength=starts.size) > 0


def _pooled(cohorts: list[Cohort], partners: int, level: float) -> Difference | None:
    reached = sum(c.ours.size for c in cohorts)
    compared = np.zeros(partners, bool)
    for c in cohorts:
        compared[c.theirs] = True
    fewer = min(reached, int(compared.sum()))
    if fewer < FEWEST:
        return None
    mean = sum(c.ours.size * c.mean for c in cohorts) / reached
    # Each partner's pull on the result, summed first: one may stand on both sides in turn.
    pulls = np.zeros(partners)
    for c in cohorts:
        pulls[c.ours] += c.pulls[: c.ours.size] * c.ours.size / reached
        pulls[c.theirs] += c.pulls[c.ours.size :] * c.ours.size / reached
    squares = pulls**2
    sd = sqrt(float(squares.sum()))
    # Where a few partners decide the result, the spread is known as if there were only them.
    deciding = float(squares.sum() ** 2 / max((squares**2).sum(), 1e-300))
    half = _t(level, max(FEWEST - 1, min(fewer, deciding) - 1)) * sd
    return Difference(mean, sd, mean - half, mean + half, reached, int(compared.sum()))


def _t(level: float, freedom: float) -> float:
    """Student's t quantile by Cornish and Fisher's expansion; within 1 % from 4 degrees up."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    one = (z**3 + z) / 4
    two = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    three = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + one / freedom + two / freedom**2 + three / freedom**3
