"""Hyperparameters of a program by marginal likelihood, refitted on schedule.

The likelihood of the filter's innovations is maximised over the logarithms of the variances with
a weak prior, by the simplex method with a simplex of its own. See docs/methods/fitting.md.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from partnerloop.engine import program
from partnerloop.engine.columns import Columns
from partnerloop.engine.interface import Floats, Hyperparameters, Layout, PoolObservation
from partnerloop.engine.means import learn_means

# More partners, or more of one partner's past, add cost, not knowledge: a few numbers are learnt.
PARTNERS, LATEST = 400, 45
# Prior spread of each number's logarithm around its default.
FREE = {
    "general_sd": 0.5,
    "specific_sd": 0.5,
    "tau": 0.3,
    "leniency_sd": 0.5,
    "leniency_tau": 0.9,
    "noise_sd": 0.5,
    "overall_noise_sd": 0.5,
    "inflation": 0.3,
    "steadiness": 1.4,
    "jump_rate": 0.7,
}
# Edges of the first simplex in each round: the second starts near the end of the first.
STEPS = (0.25, 0.1)
# A number whose prior is wider than this is first tried at so many spreads from its default: a
# simplex with short edges may stop on the flat part between two hills. Less than WORTH of log
# likelihood is no reason to start elsewhere.
WIDE, PLACES, WORTH = 0.8, (-2.0, -1.0, 0.0, 1.0), 4.0


def fit(
    columns: Columns,
    *,
    layout: Layout,
    hyper: Hyperparameters,
    at: float,
    pools: tuple[PoolObservation, ...] = (),
) -> Hyperparameters:
    """This will learn everything from observations up to ``at``, starting from ``hyper``."""
    known = columns.until(at)
    seen = tuple(pool for pool in pools if pool.day <= at)
    if not len(known) and not seen:
        return replace(hyper, fitted_at=at, answers=0)
    hyper = learn_means(known, layout=layout, hyper=hyper, pools=seen)
    for step in STEPS if len(known) else ():
        hyper = fit_spread(known, layout=layout, hyper=hyper, step=step)
        latent = program.run(program.plan(known), layout=layout, hyper=hyper).latent
        hyper = learn_means(known, layout=layout, hyper=hyper, latent=latent, pools=seen)
    return replace(hyper, fitted_at=at, answers=len(known))


def fit_spread(
    columns: Columns, *, layout: Layout, hyper: Hyperparameters, step: float = STEPS[0]
) -> Hyperparameters:
    """This will maximise the likelihood over the variances, the means being given."""
    heard = np.unique(columns.partner)
    some = heard[np.linspace(0, len(heard) - 1, min(PARTNERS, len(heard))).astype(np.int64)]
    steps = program.plan(_latest(columns.only(some)))
    default = Hyperparameters.default(layout)
    overall = bool((columns.metric >= len(layout.metrics)).any())
    names = [name for name in FREE if overall or name != "overall_noise_sd"]
    center = np.log([getattr(default, name) for name in names])
    width = np.array([FREE[name] for name in names])

    def loss(point: Floats) -> float:
        trial = replace(hyper, **dict(zip(names, np.exp(point).tolist(), strict=True)))
        told = program.run(steps, layout=layout, hyper=trial).likelihood.sum()
        return float(0.5 * (((point - center) / width) ** 2).sum() - told)

    here = np.log([getattr(hyper, name) for name in names])
    begin = _best_start(loss, start=here, center=center, width=width)
    # Who starts far from the last end needs long edges again.
    edge = step if np.array_equal(begin, here) else STEPS[0]
    best = minimise(loss, start=begin, step=edge)
    return replace(hyper, **dict(zip(names, np.exp(best.point).tolist(), strict=True)))


def _best_start(
    loss: Callable[[Floats], float], *, start: Floats, center: Floats, width: Floats
) -> Floats:
    """The start itself, or a better one with the widely unknown numbers elsewhere, one by one."""
    best, lowest = start, loss(start)
    for place in np.flatnonzero(width > WIDE):
        for away in PLACES:
            trial = best.copy()
            trial[place] = center[place] + away * width[place]
            value = loss(trial)
            if value < lowest - WORTH:
                best, lowest = trial, value
    return best


def _latest(columns: Columns) -> Columns:
    """Each partner's last observations only."""
    order = np.lexsort((-columns.day, columns.partner))
    sorted_partner = columns.partner[order]
    rank = np.arange(len(order)) - np.searchsorted(sorted_partner, sorted_partner)
    return columns.where(np.sort(order[rank < LATEST]))


@dataclass(frozen=True, slots=True, eq=False)
class Minimum:
    """Where a search ended."""

    point: Floats
    value: float
    calls: int


def minimise(
    loss: Callable[[Floats], float],
    *,
    start: Floats,
    step: float,
    tolerance: float = 1.5,
    calls: int = 260,
) -> Minimum:
    """This will find a minimum by the simplex method of Nelder and Mead.

    The first simplex has edges of ``step`` in every direction, also from a zero: a start of
    log(1) = 0 must not freeze a number. Stops when values differ by less than ``tolerance``.

    >>> best = minimise(lambda p: float(((p - 3.0) ** 2).sum()), start=np.zeros(2), step=1.0,
    ...                 tolerance=1e-9)
    >>> best.point.round(3).tolist()
    [3.0, 3.0]
    """
    size = len(start)
    points = np.vstack((start, start + step * np.eye(size)))
    values = np.array([loss(point) for point in points])
    used = size + 1
    while used < calls:
        order = np.argsort(values)
        points, values = points[order], values[order]
        if values[-1] - values[0] < tolerance:
            break
        middle = points[:-1].mean(0)
        away = middle - points[-1]
        tried = middle + away
        value = loss(tried)
        used += 1
        if value < values[0]:
            further = middle + 2 * away
            far = loss(further)
            used += 1
            points[-1], values[-1] = (further, far) if far < value else (tried, value)
            continue
        if value < values[-2]:
            points[-1], values[-1] = tried, value
            continue
        inner = middle + (0.5 if value < values[-1] else -0.5) * away
        inside = loss(inner)
        used += 1
        if inside < min(value, values[-1]):
            points[-1], values[-1] = inner, inside
            continue
        points[1:] = points[0] + 0.5 * (points[1:] - points[0])
        values[1:] = [loss(point) for point in points[1:]]
        used += size
    lowest = int(np.argmin(values))
    return (
        Minimum(points[lowest], float(values[lowest]), used)
        if math.isfinite(values[lowest])
        else Minimum(start, math.inf, used)
    )
