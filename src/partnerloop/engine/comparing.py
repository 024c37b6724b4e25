"""Means of partners in two windows, of those reached against those not reached yet.

The arithmetic behind `effects`: cohorts, weights, and an interval that lets a partner stand on
both sides in turn.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from partnerloop.engine.interface import Floats, Ints

# Fewer partners than this on either side: the spread between them is itself unknown.
FEWEST = 5


@dataclass(frozen=True)
class Answers:
    """Raw answers, one row each; four arrays (n,).

    partner : int, 0 to partners - 1;  rater : int, one number per person, any numbers
    item : int, answers of one item (metric and role) share a number
    day : float;  value : float, points 0-10
    """

    partner: Ints
    rater: Ints
    item: Ints
    day: Floats
    value: Floats

    def __post_init__(self) -> None:
        sizes = {a.size for a in (self.partner, self.rater, self.item, self.day, self.value)}
        if len(sizes) != 1:
            raise ValueError(f"the columns of the answers differ in length: {sorted(sizes)}")
        if not np.isfinite(self.value).all() or not np.isfinite(self.day).all():
            raise ValueError("an answer needs a value and a day: leave out what is unknown")


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


@dataclass(frozen=True)
class _Side:
    """Means of partners in a window: value, and how many people stand behind it (0: none)."""

    mean: Floats
    people: Floats


@dataclass(frozen=True)
class _Cohort:
    """Those reached on one day against those not reached yet: gaps, weights and each one's pull."""

    ours: Ints
    gaps: Floats
    weights: Floats
    theirs: Ints
    pulls: Floats


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
    the mean after is corrected for the mean before by a fitted line; without, the change counts.
    None if there are too few on one side.
    """
    cohorts = []
    for day in np.unique(centres[np.isfinite(centres)]):
        earlier = _means(answers, day - before, day, starts.size)
        later = _means(answers, day, day + after, starts.size)
        told = (later.people > 0) & ((earlier.people > 0) | adjust)
        ours = np.flatnonzero(told & (centres == day))
        theirs = np.flatnonzero(told & (starts >= day + after))
        if ours.size and theirs.size >= FEWEST:
            cohorts.append(_cohort(earlier, later, ours, theirs, adjust=adjust))
    return _pooled(cohorts, starts.size, level)


def _cohort(earlier: _Side, later: _Side, ours: Ints, theirs: Ints, *, adjust: bool) -> _Cohort:
    # A person's answer varies about twice as much as what moves a whole partner between windows.
    # The weights only save answers: the interval does not lean on them.
    weight = 1.0 / (1.0 + 2.0 / np.maximum(later.people, 1) + 2.0 / np.maximum(earlier.people, 1))
    change = later.mean - earlier.mean
    if adjust:
        change = later.mean - _carried(earlier, later, weight, (ours, theirs))
    base = float(np.average(change[theirs], weights=weight[theirs]))
    pulls = weight[theirs] * (change[theirs] - base) / weight[theirs].sum()
    return _Cohort(ours, change[ours] - base, weight[ours], theirs, pulls)


def _carried(earlier: _Side, later: _Side, weight: Floats, sides: tuple[Ints, Ints]) -> Floats:
    """What the mean before lets expect of the mean after; the same line on both sides."""
    both = np.concatenate(sides)
    heard = both[earlier.people[both] > 0]
    if heard.size <= 2 * FEWEST:
        return np.zeros(weight.size)
    usual = float(np.average(earlier.mean[heard], weights=weight[heard]))
    lead = np.where(earlier.people > 0, earlier.mean - usual, 0.0)
    above = below = 0.0
    for side in sides:
        x = lead[side] - np.average(lead[side], weights=weight[side])
        y = later.mean[side] - np.average(later.mean[side], weights=weight[side])
        above += float((weight[side] * x * y).sum())
        below += float((weight[side] * x * x).sum())
    return lead * float(np.clip(above / max(below, 1e-12), 0.0, 1.0))


def _pooled(cohorts: list[_Cohort], partners: int, level: float) -> Difference | None:
    reached = sum(c.ours.size for c in cohorts)
    compared = np.zeros(partners, bool)
    for c in cohorts:
        compared[c.theirs] = True
    fewer = min(reached, int(compared.sum()))
    if fewer < FEWEST:
        return None
    total = sum(float(c.weights.sum()) for c in cohorts)
    mean = sum(float(c.weights @ c.gaps) for c in cohorts) / total
    # Each partner's pull on the result, summed first: one may stand on both sides in turn.
    pulls = np.zeros(partners)
    for c in cohorts:
        pulls[c.ours] += c.weights * (c.gaps - mean) / total
        pulls[c.theirs] -= c.pulls * float(c.weights.sum()) / total
    sd = sqrt(float((pulls**2).sum()) * fewer / (fewer - 1))
    half = _t(level, fewer - 1) * sd
    return Difference(mean, sd, mean - half, mean + half, reached, int(compared.sum()))


def _means(answers: Answers, start: float, end: float, partners: int) -> _Side:
    """Partner means between two days, start included; each person counts once."""
    inside = (answers.day >= start) & (answers.day < end)
    of, who = answers.partner[inside], answers.rater[inside]
    people = int(answers.rater.max(initial=-1)) + 1
    pair, row = np.unique(of.astype(np.int64) * people + who, return_inverse=True)
    said = np.bincount(row, answers.value[inside], pair.size) / np.bincount(row, None, pair.size)
    home = pair // people if people else pair
    count = np.bincount(home, minlength=partners).astype(float)
    mean = np.bincount(home, said, partners) / np.maximum(count, 1.0)
    return _Side(mean, count)


def _t(level: float, freedom: int) -> float:
    """Student's t quantile by Cornish and Fisher's expansion; within 1 % from 4 degrees up."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    one = (z**3 + z) / 4
    two = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    three = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + one / freedom + two / freedom**2 + three / freedom**3
