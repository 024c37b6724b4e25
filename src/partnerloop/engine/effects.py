"""Did it help? What partners an action reached say afterwards, against partners it didn't reach.

Works on raw answers, never on estimates: an estimate lags and shrinks, so that it shows half of an
effect with a range that is too narrow. A placebo (the same comparison one window earlier, when
nothing had happened yet) is always run, and without a random order its failing means: no answer.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Fewer partners than this on either side: the spread between them is itself unknown.
FEWEST = 5
# A placebo must lie inside this interval. Strict without a random order (one honest comparison in
# five is refused, to stop biased ones); with one, only a broken draw should stop it.
PLACEBO_LEVEL = {"wait list": 0.999, "comparison": 0.8}
# A placebo wider than this (standard error, points) could not have shown a fall of one point.
PLACEBO_WIDEST = 0.4


class Design(StrEnum):
    """How it was decided whom the action reached first."""

    WAIT_LIST = "wait list"
    COMPARISON = "comparison"


class Verdict(StrEnum):
    """What may be said about the action."""

    BETTER = "better"
    WORSE = "worse"
    NO_EFFECT_VISIBLE = "no effect visible"
    CANNOT_SAY = "cannot say"


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
class Windows:
    """Days before and after the start that are compared; `earlier` is the placebo's 'before'."""

    before: float = 90.0
    after: float = 120.0
    earlier: float = 180.0

    def __post_init__(self) -> None:
        if min(self.before, self.after, self.earlier) <= 0:
            raise ValueError(f"a window needs days: {self}")


@dataclass(frozen=True)
class Difference:
    """A difference in points with its interval, and how many partners stand on each side."""

    mean: float
    sd: float
    low: float
    high: float
    reached: int
    compared: int


@dataclass(frozen=True)
class Effect:
    """What the action changed, or why that cannot be said.

    Called an effect only with a wait list; else it is a change against the comparison. `measured`
    is missing when there is too little to compare, and withheld (None) when the placebo failed.
    """

    design: Design
    verdict: Verdict
    measured: Difference | None
    placebo: Difference | None
    reason: str


def draw_wait_list(partners: int, *, waves: int, rng: np.random.Generator) -> Ints:
    """This will draw who is reached in which wave, 0 first: waves equal to within one partner.

    >>> draw_wait_list(5, waves=2, rng=np.random.default_rng(1)).tolist().count(1)
    2
    """
    if not 2 <= waves <= max(partners, 1):
        raise ValueError(f"a wait list of {partners} partners cannot have {waves} waves")
    order = np.empty(partners, np.int64)
    order[rng.permutation(partners)] = np.arange(partners) % waves
    return order


def effect(
    answers: Answers,
    *,
    starts: Floats,
    design: Design,
    windows: Windows | None = None,
    level: float = 0.95,
) -> Effect:
    """This will compare the partners an action has reached with those it has not reached yet.

    Parameters
    ----------
    answers : the raw answers of all partners to the items the action was to move
    starts : float array (partners,), the day it reached each partner; inf if never
    design : WAIT_LIST only if the order was drawn by chance (see draw_wait_list)
    windows : days to compare;  level : share of the interval

    Points are those of the true score: answers that stop at 10 are allowed for (room_to_move).
    With a wait list the mean afterwards is compared, corrected for the mean before (the correction
    is fitted; a random order makes it harmless). Without one, the change is compared with the
    change of the others. Days, people and items count the same on both sides; each person counts
    once per partner and window. The interval treats partners as independent.

    It misleads when the action changes who answers, when it spills over to those who wait, and,
    without a random order, whenever those reached were chosen for something the placebo can't see.

    References: Callaway, B. and Sant'Anna, P. (2021), Difference-in-differences with multiple time
    periods, Journal of Econometrics 225(2); Lin, W. (2013), Annals of Applied Statistics 7(1);
    Daw, J. and Hatfield, L. (2018), Health Services Research 53(6), on matching and regression to
    the mean.
    """
    spans = windows or Windows()
    if np.isnan(starts).any():
        raise ValueError("a start is a day, or inf for never: NaN")
    even = _evened(answers, starts)
    room = room_to_move(answers.value)
    adjust = design is Design.WAIT_LIST
    measured = _compare(
        even, starts, starts, before=spans.before, after=spans.after, level=level, adjust=adjust
    )
    placebo = _compare(
        even,
        starts - spans.before,
        starts,
        before=spans.earlier,
        after=spans.before,
        level=PLACEBO_LEVEL[design],
        adjust=False,
    )
    return _judged(design, _opened(measured, room), _opened(placebo, room))


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


def _opened(found: Difference | None, room: float) -> Difference | None:
    """In points of the true score, not of answers that stop at 10."""
    if found is None:
        return None
    mean, sd, low, high = (f / room for f in (found.mean, found.sd, found.low, found.high))
    return Difference(mean, sd, low, high, found.reached, found.compared)


def _judged(design: Design, measured: Difference | None, placebo: Difference | None) -> Effect:
    def silent(reason: str, shown: Difference | None = None) -> Effect:
        return Effect(design, Verdict.CANNOT_SAY, shown, placebo, reason)

    if measured is None:
        return silent(f"fewer than {FEWEST} partners on one side answered before and after")
    if placebo is not None and not placebo.low <= 0.0 <= placebo.high:
        moved = "better" if placebo.mean > 0 else "worse"
        return silent(f"those reached were already getting {moved} before it began")
    if design is Design.COMPARISON and placebo is None:
        return silent("too few answers before it began to check the comparison")
    if design is Design.COMPARISON and placebo is not None and placebo.sd > PLACEBO_WIDEST:
        return silent("too few answers before it began to check the comparison")
    if measured.low > 0.0:
        verdict = Verdict.BETTER
    elif measured.high < 0.0:
        verdict = Verdict.WORSE
    else:
        verdict = Verdict.NO_EFFECT_VISIBLE
    return Effect(design, verdict, measured, placebo, "")


def _evened(answers: Answers, starts: Floats) -> Answers:
    """Without the level of each item, so that who was asked what does not count as a change."""
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


def _compare(
    answers: Answers,
    centres: Floats,
    starts: Floats,
    *,
    before: float,
    after: float,
    level: float,
    adjust: bool,
) -> Difference | None:
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
