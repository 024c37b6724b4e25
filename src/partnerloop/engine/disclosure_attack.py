"""The strongest guesses at hidden answers from linear figures: what an attacker could compute.

Everything that is shown is linear in the hidden answers. So the attack conditions a normal belief
on every figure, takes the one figure that each answer is in by exact arithmetic on whole numbers,
and fixes answers one after the other in order of certainty.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from partnerloop.engine.layout import Floats, Ints

VALUES = np.arange(11.0)
SURE_SHARE = 0.95
SURE_SD, SURE_DISTANCE = 0.25, 0.35
KNOWN_SD = 0.01
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(15)


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """A normal belief about hidden answers: ``mean`` (n,) points and ``cov`` (n, n)."""

    mean: Floats
    cov: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Figures that somebody saw: ``rows`` (m, n) weights of answers, ``values`` and ``sd`` (m,)."""

    rows: Floats
    values: Floats
    sd: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Guesses:
    """For each answer the best guess (n,), its probability (n,), and whether it was fixed (n,)."""

    value: Ints
    share: Floats
    mean: Floats
    sure: np.ndarray


def condition(belief: Belief, seen: Seen) -> Belief:
    """This will give the belief after seeing figures.

    >>> prior = Belief(np.full(2, 7.0), np.eye(2))
    >>> seen = Seen(np.array([[0.5, 0.5]]), np.array([8.0]), np.array([0.01]))
    >>> condition(prior, seen).mean.round(2).tolist()
    [8.0, 8.0]
    """
    if not len(seen.values):
        return belief
    across = belief.cov @ seen.rows.T
    spread = seen.rows @ across + np.diag(seen.sd**2)
    gain = np.linalg.solve(spread, across.T).T
    cov = belief.cov - gain @ across.T
    return Belief(belief.mean + gain @ (seen.values - seen.rows @ belief.mean), (cov + cov.T) / 2)


def guesses(prior: Belief, seen: Seen, *, batches: Sequence[int]) -> Guesses:
    """This will guess every answer from all figures.

    Parameters
    ----------
    prior : Belief
        What is known of the answers before any figure.
    batches : sequence of int
        Which of the figures are plain means of whole-number answers, clipped to 0-10 and rounded
        to 0.1; these are taken exactly. An answer that is in several is judged by the sharpest.

    Notes
    -----
    A lower bound against attackers who use what is not linear; it grants them who answered what
    and when, and the parameters of the world, so that it is an upper bound for ordinary people.
    """
    after = condition(prior, seen)
    share = shares(after.mean, np.sqrt(np.maximum(np.diag(after.cov), 1e-9)))
    for number in batches:
        members = np.flatnonzero(seen.rows[number])
        exact = _exactly(_without(after, seen, number, members), seen, number, members)
        better = exact.max(1) > share[members].max(1)
        share[members[better]] = exact[better]
    fixed = _fixed_in_order(after)
    best = np.where(fixed >= 0, fixed, share.argmax(1))
    certain = share.max(1)
    return Guesses(best, certain, share @ VALUES, (certain >= SURE_SHARE) | (fixed >= 0))


def shares(mean: Floats, sd: Floats) -> Floats:
    """This will spread normal beliefs (n,) over the whole numbers 0-10: (n, 11).

    >>> shares(np.array([7.0]), np.array([0.1])).argmax()
    np.int64(7)
    """
    edges = (np.arange(10) + 0.5 - mean[:, None]) / sd[:, None]
    below = _normal_below(edges)
    whole = np.concatenate((np.zeros((len(mean), 1)), below, np.ones((len(mean), 1))), axis=1)
    return np.asarray(np.diff(whole, axis=1))


def mean_shares(members: Floats, *, shown: float, sd: float) -> Floats:
    """This will tell each member's answer (n, 11) from the shown mean of independent members.

    ``members`` (n, 11) are the shares of each member's answers before; ``sd`` is the blur's.

    >>> even = np.full((2, 11), 1 / 11)
    >>> mean_shares(even, shown=10.0, sd=0.0).argmax(1).tolist()
    [10, 10]
    """
    return _joined(members[None], np.ones(1), shown=shown, sd=sd)


def _exactly(before: Belief, seen: Seen, number: int, members: Ints) -> Floats:
    """Judge a batch's answers by its mean: they share a level, beside it they are independent."""
    count = len(members)
    rounding = 0.1**2 / 12
    sd = math.sqrt(max(seen.sd[number] ** 2 - rounding, 0.0))
    shown = float(seen.values[number])
    spread = np.diag(before.cov)
    common = 0.0
    if count > 1:
        common = (before.cov.sum() - spread.sum()) / (count * (count - 1))
        common = min(max(common, 0.0), 0.95 * float(spread.min()))
    levels = before.mean + math.sqrt(common) * NODES[:, None]
    own = np.sqrt(np.maximum(spread - common, 1e-6))
    each = np.stack([shares(level, own) for level in levels])
    return _joined(each, WEIGHTS, shown=shown, sd=sd)


def _joined(each: Floats, weights: Floats, *, shown: float, sd: float) -> Floats:
    """Mix over levels (l,) of members' shares (l, n, 11): forwards, backwards, then the mean."""
    levels, count, _ = each.shape
    fits = _fits(np.arange(10 * count + 1) / count, shown=shown, sd=sd)
    told = np.zeros((count, 11))
    for level in range(levels):
        before, after = [np.ones(1)], [np.ones(1)]
        for one in range(count - 1):
            before.append(np.convolve(before[-1], each[level, one]))
            after.append(np.convolve(after[-1], each[level, count - 1 - one]))
        for one in range(count):
            others = np.convolve(before[one], after[count - 1 - one])
            told[one] += weights[level] * each[level, one] * np.correlate(fits, others, "valid")
    total = told.sum(1, keepdims=True)
    return np.where(total > 0, told / np.maximum(total, 1e-300), 1 / 11)


def _fits(means: Floats, *, shown: float, sd: float) -> Floats:
    """How likely each true mean would be shown as the given one: blurred, clipped and rounded."""
    low = -np.inf if shown <= 0.0 else shown - 0.05
    high = np.inf if shown >= 10.0 else shown + 0.05
    if sd < 1e-9:
        return ((means >= low - 1e-9) & (means <= high + 1e-9)).astype(float)
    return _normal_below((high - means) / sd) - _normal_below((low - means) / sd)


def _without(after: Belief, seen: Seen, number: int, members: Ints) -> Belief:
    """The belief about a batch's members as if its own figure had not been seen."""
    row, mean = seen.rows[number, members], after.mean[members]
    cov = after.cov[np.ix_(members, members)]
    part = cov @ row
    room = max(seen.sd[number] ** 2 - float(row @ part), 1e-9)
    off = seen.values[number] - float(row @ mean)
    return Belief(mean - part * off / room, cov + np.outer(part, part) / room)


def _fixed_in_order(after: Belief) -> Ints:
    """Fix what is all but certain, the most certain first, and let it help with the rest."""
    mean, cov = after.mean.copy(), after.cov.copy()
    known = np.sqrt(np.maximum(np.diag(cov), 0.0)) < KNOWN_SD
    fixed = np.where(known, np.clip(np.rint(mean), 0, 10), -1).astype(np.int64)
    for _ in range(len(mean)):
        spread = np.sqrt(np.maximum(np.diag(cov), 0.0))
        nearest = np.clip(np.rint(mean), 0, 10)
        open_ones = (fixed < 0) & (spread < SURE_SD) & (abs(mean - nearest) < SURE_DISTANCE)
        if not open_ones.any():
            break
        one = int(np.flatnonzero(open_ones)[spread[open_ones].argmin()])
        fixed[one] = int(nearest[one])
        linked = np.flatnonzero(abs(cov[one]) > 1e-9)
        column = cov[linked, one] / (cov[one, one] + 1e-4)
        mean[linked] += column * (nearest[one] - mean[one])
        cov[np.ix_(linked, linked)] -= np.outer(column, cov[one, linked])
    return fixed


def _normal_below(edges: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + _erf(np.asarray(edges) / math.sqrt(2.0))))


_erf = np.vectorize(math.erf, otypes=[float])
