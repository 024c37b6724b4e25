"""Coverage of the Net Promoter Score intervals: exact for one partner, simulated for many."""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

import numpy as np

from bench.report import Section, Size
from partnerloop.engine.nps import NpsCounts, compare_nps, nps

Interval = Callable[[int, int, int], tuple[float, float]]
SHARES = ((0.5, 0.2), (0.8, 0.05), (0.3, 0.4), (0.9, 0.02))
SIZES = (3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 50, 100)


@dataclass(frozen=True)
class NpsCoverage:
    """Exact coverage of a 95 % interval at n answers: averaged over SHARES, and the worst cell."""

    n: int
    adjusted: float
    adjusted_worst: float
    wald: float
    wald_worst: float


@dataclass(frozen=True)
class NpsComparison:
    """Many partners compared: error in points of NPS (100 x share), coverage at 95 %."""

    median_answers: int
    rmse_raw: float
    rmse_compared: float
    coverage_compared: float


def coverage(sizes: tuple[int, ...] = SIZES) -> list[NpsCoverage]:
    """This will enumerate every outcome of n answers: no chance is left in these figures."""
    rows = []
    for n in sizes:
        ours = [exact_coverage(n, p, d, _adjusted) for p, d in SHARES]
        plain = [exact_coverage(n, p, d, _wald) for p, d in SHARES]
        rows.append(
            NpsCoverage(n, float(np.mean(ours)), min(ours), float(np.mean(plain)), min(plain))
        )
    return rows


def exact_coverage(n: int, promoters: float, detractors: float, interval: Interval) -> float:
    """This will sum the probability of all outcomes whose interval holds the true score."""
    truth, total = promoters - detractors, 0.0
    for x in range(n + 1):
        for y in range(n + 1 - x):
            low, high = interval(x, n - x - y, y)
            if low <= truth <= high:
                total += _probability((x, y, n - x - y), (promoters, detractors))
    return total


def compared(seeds: tuple[int, ...] = (1, 2, 3, 4, 5)) -> list[NpsComparison]:
    """This will compare 1,000 partners whose true shares differ, with few answers each."""
    rows = []
    for median in (5, 10, 40):
        found = np.array([_one_program(median, seed) for seed in seeds]).mean(axis=0)
        rows.append(NpsComparison(median, *(float(f) for f in found)))
    return rows


def _one_program(median: int, seed: int) -> tuple[float, float, float]:
    rng = np.random.default_rng(seed)
    answers = np.maximum(1, rng.lognormal(np.log(median), 0.8, 1000).astype(int))
    shares = rng.dirichlet([6, 4, 2], 1000)
    table = np.array([rng.multinomial(n, s) for n, s in zip(answers, shares, strict=True)])
    truth = shares[:, 0] - shares[:, 2]
    found = compare_nps(NpsCounts(*table.T))
    mean = np.array([f.mean for f in found])
    raw = (table[:, 0] - table[:, 2]) / answers
    inside = [f.low <= t <= f.high for f, t in zip(found, truth, strict=True)]
    errors = [100 * float(np.sqrt(np.mean((m - truth) ** 2))) for m in (raw, mean)]
    return errors[0], errors[1], float(np.mean(inside))


def _adjusted(promoters: int, passives: int, detractors: int) -> tuple[float, float]:
    found = nps(promoters, passives, detractors)
    return found.low, found.high


def _wald(promoters: int, passives: int, detractors: int) -> tuple[float, float]:
    n = promoters + passives + detractors
    up, down = promoters / n, detractors / n
    half = 1.959964 * sqrt((up + down - (up - down) ** 2) / n)
    return up - down - half, up - down + half


def _probability(outcome: tuple[int, int, int], shares: tuple[float, float]) -> float:
    chances = (*shares, 1.0 - sum(shares))
    known = lgamma(sum(outcome) + 1)
    for count, chance in zip(outcome, chances, strict=True):
        known += (count * log(chance) if count else 0.0) - lgamma(count + 1)
    return exp(known)


def sections(size: Size) -> list[Section]:
    """This will enumerate one partner's coverage and simulate the comparison."""
    exact = Section(
        "nps",
        "NPS intervals, one partner",
        "`bench quality --only nps`: exact coverage of 95 % intervals, by enumeration, averaged "
        "over promoter/detractor shares .5/.2, .8/.05, .3/.4, .9/.02, and the worst of the four.",
        coverage(),
    )
    many = Section(
        "nps-compared",
        "NPS of many partners",
        f"1,000 partners of differing size, {size.seeds} seeds: error in points, coverage at 95 %.",
        compared(tuple(size.all_seeds)),
    )
    return [exact, many]
