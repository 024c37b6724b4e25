"""What people do without a model: three baselines, all learnt from year 1 and answers so far.

``last5`` is the mean of the last five answers; ``ewma90`` an exponentially weighted mean shrunken
to the segment by empirical Bayes; ``two_level`` shrinks the partner over all metrics first, then
each metric to the partner: the strongest simple rule we know of.
"""

from dataclasses import dataclass

import numpy as np

from bench.worlds import METRICS
from partnerloop.engine.columns import Columns
from partnerloop.engine.interface import Floats

HALF_LIFE = 90.0
YEAR = 365.0


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """A method's mean and standard deviation for every partner and metric on a day."""

    mean: Floats
    sd: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Averages:
    """Expected answers: ``mu`` (partners, METRICS) and role offsets (roles + 1, METRICS).

    The last row, which is also index -1, is for atoms: nobody knows the roles behind them.
    """

    mu: Floats
    roles: Floats

    @classmethod
    def learn(cls, columns: Columns, *, roles: int) -> "Averages":
        """This will fit segment and role means to the dimension answers of year 1."""
        c = dimensions(columns.where(columns.day < YEAR))
        base = cell_mean(c.metric, c.value, METRICS)
        segment = columns.segments[c.partner]
        count = int(columns.segments.max()) + 1
        role = np.where(c.role < 0, roles, c.role)
        sm, rm = np.zeros((count, METRICS)), np.zeros((roles + 1, METRICS))
        for _ in range(8):
            left = c.value - base[c.metric] - rm[role, c.metric]
            sm = _shrunken(segment * METRICS + c.metric, left, count).reshape(count, METRICS)
            left = c.value - base[c.metric] - sm[segment, c.metric]
            rm = _shrunken(role * METRICS + c.metric, left, roles + 1).reshape(-1, METRICS)
            rm -= rm[:-1].mean(0)
            rm[-1] = 0.0
        return cls(mu=(base + sm)[columns.segments], roles=rm)


def last5(columns: Columns, averages: Averages, *, at: float) -> Figures:
    """This will average the five latest answers per partner and metric."""
    c = dimensions(columns.until(at))
    cells = averages.mu.size
    cell = c.partner * METRICS + c.metric
    order = np.lexsort((-c.day, cell))
    sorted_cell = cell[order]
    start = np.searchsorted(sorted_cell, sorted_cell)
    latest = order[np.arange(len(order)) - start < 5]
    n = np.bincount(cell[latest], minlength=cells)
    total = np.bincount(cell[latest], c.value[latest], cells)
    square = np.bincount(cell[latest], c.value[latest] ** 2, cells)
    mean = total / np.maximum(n, 1)
    spread = np.sqrt(np.maximum(square - n * mean**2, 0) / np.maximum(n - 1, 1))
    shape = averages.mu.shape
    everybody = np.broadcast_to(averages.mu.mean(0), shape)
    known = (n > 0).reshape(shape)
    sd = np.where(n > 1, spread / np.sqrt(np.maximum(n, 1)), 1.5).reshape(shape)
    return Figures(np.where(known, mean.reshape(shape), everybody), sd)


def ewma90(columns: Columns, averages: Averages, *, at: float) -> Figures:
    """This will shrink each cell's exponentially weighted mean to its segment."""
    c = dimensions(columns.until(at))
    shape, cells = averages.mu.shape, averages.mu.size
    cell = c.partner * METRICS + c.metric
    w = 0.5 ** ((at - c.day) / HALF_LIFE)
    s0, s2 = np.bincount(cell, w, cells), np.bincount(cell, w * w, cells)
    safe = np.maximum(s0, 1e-12)
    m1 = np.bincount(cell, w * c.value, cells) / safe
    mc = np.bincount(cell, w * (c.value - averages.roles[c.role, c.metric]), cells) / safe
    pv = 1.3 * float((w * (c.value - m1[cell]) ** 2).sum() / w.sum())
    gap = np.where(s0 > 1e-6, mc - averages.mu.ravel(), 0.0)
    neff = s0**2 / np.maximum(s2, 1e-12)
    tau2 = _between(gap, s0=s0, neff=neff, within=pv)
    n = np.minimum(neff, s0)
    share = tau2 / (tau2 + pv / np.maximum(n, 1e-9))
    mean = averages.mu + (share * gap).reshape(shape)
    return Figures(np.clip(mean, 0, 10), np.sqrt(tau2 * (1 - share)).reshape(shape))


def two_level(columns: Columns, averages: Averages, *, at: float) -> Figures:
    """This will shrink the partner's level first, then what each metric has beside it."""
    c = dimensions(columns.until(at))
    partners, cells = len(averages.mu), averages.mu.size
    cell = c.partner * METRICS + c.metric
    w = 0.5 ** ((at - c.day) / HALF_LIFE)
    r0 = c.value - averages.roles[c.role, c.metric] - averages.mu[c.partner, c.metric]
    s0, s2 = np.bincount(c.partner, w, partners), np.bincount(c.partner, w * w, partners)
    mp = np.bincount(c.partner, w * r0, partners) / np.maximum(s0, 1e-12)
    pv = 1.3 * float((w * (r0 - mp[c.partner]) ** 2).sum() / w.sum())
    neff = s0**2 / np.maximum(s2, 1e-12)
    tau2 = _between(np.where(s0 > 1e-6, mp, 0.0), s0=s0, neff=neff, within=pv)
    share = tau2 / (tau2 + pv / np.maximum(np.minimum(neff, s0), 1e-9))
    left = r0 - mp[c.partner]
    q0 = np.bincount(cell, w, cells)
    q1 = np.bincount(cell, w * left, cells) / np.maximum(q0, 1e-12)
    pv2 = 1.3 * float((w * (left - q1[cell]) ** 2).sum() / w.sum())
    own = 0.15 / (0.15 + pv2 / np.maximum(q0, 1e-9))
    mean = averages.mu + (share * mp)[:, None] + (own * q1).reshape(averages.mu.shape)
    variance = (tau2 * (1 - share))[:, None] + (0.15 * (1 - own)).reshape(averages.mu.shape)
    return Figures(np.clip(mean, 0, 10), np.sqrt(variance))


def dimensions(columns: Columns) -> Columns:
    """This will leave out overall items: the baselines know nothing of them."""
    return columns.where(columns.metric < METRICS)


def cell_mean(cell: np.ndarray, value: Floats, cells: int) -> Floats:
    """This will average values by cell."""
    count = np.maximum(np.bincount(cell, minlength=cells), 1)
    return np.asarray(np.bincount(cell, value, cells) / count, float)


def _shrunken(cell: np.ndarray, left: Floats, groups: int) -> Floats:
    cells = groups * METRICS
    count = np.bincount(cell, minlength=cells)
    return np.asarray(np.bincount(cell, left, cells) / (count + 20.0), float)


def _between(gap: Floats, *, s0: np.ndarray, neff: np.ndarray, within: float) -> float:
    """Variance between cells: what their gaps vary beyond noise, at least .2."""
    known = s0 > 1e-6
    weight = np.minimum(neff[known], 5.0)
    excess = gap[known] ** 2 - within / np.maximum(neff[known], 1.0)
    return max(0.2, float(np.average(excess, weights=weight)))
