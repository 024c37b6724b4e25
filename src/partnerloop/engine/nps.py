"""Net Promoter Score from few answers: one partner's interval, and many partners compared.

A rating of 9 or 10 is a promoter, 0 to 6 a detractor (fractions, such as means, count by the same
cuts). Figures here are shares, -1 to 1; multiply by 100 to show points.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Rocks (2016): three quarters of a promoter, three quarters of a detractor, three answers in all.
ADDED_EACH = 0.75
ADDED_ANSWERS = 3.0
PROMOTER_FROM = 9.0
DETRACTOR_TO = 6.0


@dataclass(frozen=True)
class NpsCounts:
    """How many promoted, were passive, detracted: integer arrays (partners,)."""

    promoters: NDArray[np.int64]
    passives: NDArray[np.int64]
    detractors: NDArray[np.int64]

    def __post_init__(self) -> None:
        if not self.promoters.shape == self.passives.shape == self.detractors.shape:
            raise ValueError(
                "promoters, passives and detractors must be equally long, not "
                f"{self.promoters.size}, {self.passives.size} and {self.detractors.size}"
            )
        lowest = min((int(a.min()) for a in self._columns() if a.size), default=0)
        if lowest < 0:
            raise ValueError(f"a count cannot be negative: {lowest}")

    def _columns(self) -> tuple[NDArray[np.int64], ...]:
        return self.promoters, self.passives, self.detractors

    @property
    def answers(self) -> NDArray[np.int64]:
        return self.promoters + self.passives + self.detractors

    def table(self) -> NDArray[np.int64]:
        """This will give the counts as one array (partners, 3): promoters, passives, detractors."""
        return np.stack(self._columns(), axis=-1)


@dataclass(frozen=True)
class NpsEstimate:
    """A Net Promoter Score with its interval, as a share from -1 to 1."""

    mean: float
    low: float
    high: float
    level: float
    answers: int


@dataclass(frozen=True)
class NpsPrior:
    """What the other partners say about one before it is asked: a Dirichlet distribution.

    shares : promoters, passives, detractors of the whole, summing to 1
    strength : how many answers of its own it takes to weigh as much as the others together
    """

    shares: tuple[float, float, float]
    strength: float


def count_ratings(ratings: ArrayLike, *, partner: ArrayLike, partners: int) -> NpsCounts:
    """This will count promoters, passives and detractors of each partner.

    Parameters
    ----------
    ratings : float array (n,), points 0-10
    partner : int array (n,), which partner gave it, 0 to partners - 1
    partners : how many partners there are

    >>> count_ratings([10, 9, 7, 3], partner=[0, 0, 0, 1], partners=2).table().tolist()
    [[2, 1, 0], [0, 0, 1]]
    """
    values = np.asarray(ratings, float)
    of = np.asarray(partner, int)
    outside = ~((values >= 0) & (values <= 10))
    if outside.any():
        raise ValueError(f"a rating must lie between 0 and 10: {values[outside][0]:g}")
    promotes, detracts = values >= PROMOTER_FROM, values <= DETRACTOR_TO
    kinds = (promotes, ~promotes & ~detracts, detracts)
    columns = [np.bincount(of[k], minlength=partners).astype(np.int64) for k in kinds]
    return NpsCounts(*columns)


def nps(promoters: int, passives: int, detractors: int, *, level: float = 0.95) -> NpsEstimate:
    """This will estimate one Net Promoter Score by itself, with an adjusted-Wald interval.

    The mean is the plain share of promoters less that of detractors, so that it agrees with what
    anybody computes by hand; the interval is centred on the adjusted shares. Assumes that the
    answers are independent. It misleads when a few people answer many times: count each once.

    Reference: Rocks, B. (2016), Interval estimation for the "net promoter score", The American
    Statistician 70(4), 365-372.

    >>> found = nps(5, 3, 2)
    >>> found.mean, round(found.low, 3), round(found.high, 3)
    (0.3, -0.191, 0.652)
    """
    if min(promoters, passives, detractors) < 0:
        raise ValueError(f"a count cannot be negative: {min(promoters, passives, detractors)}")
    answers = promoters + passives + detractors
    if answers == 0:
        raise ValueError("no answers: a Net Promoter Score needs at least one")
    total = answers + ADDED_ANSWERS
    up, down = (promoters + ADDED_EACH) / total, (detractors + ADDED_EACH) / total
    half = _z(level) * sqrt((up + down - (up - down) ** 2) / total)
    centre, mean = up - down, (promoters - detractors) / answers
    return NpsEstimate(
        mean=mean,
        # A single answer's score lies beyond its own adjusted interval: the range still holds it.
        low=max(-1.0, min(centre - half, mean)),
        high=min(1.0, max(centre + half, mean)),
        level=level,
        answers=answers,
    )


def fit_prior(counts: NpsCounts) -> NpsPrior:
    """This will learn from all partners how much they differ, by marginal likelihood.

    The shares are a fixed point of Minka's iteration, the strength comes with it; between 0.5 and
    1,000, so that a handful of partners neither proves that all differ nor that all are alike.
    """
    table = counts.table()[counts.answers > 0]
    if table.shape[0] == 0:
        return NpsPrior(shares=(1 / 3, 1 / 3, 1 / 3), strength=3.0)
    alpha = (table.sum(axis=0) + 1.0) / (table.sum() + 3.0) * 4.0
    above = [_above(table[:, k]) for k in range(3)]
    above_all = _above(table.sum(axis=1))
    for _ in range(200):
        updated = alpha * [_rise(above[k], float(alpha[k])) for k in range(3)]
        updated = np.maximum(updated / max(_rise(above_all, float(alpha.sum())), 1e-12), 1e-3)
        updated *= np.clip(updated.sum(), 0.5, 1000.0) / updated.sum()
        if np.allclose(updated, alpha, rtol=1e-7):
            break
        alpha = updated
    shares = alpha / alpha.sum()
    return NpsPrior((float(shares[0]), float(shares[1]), float(shares[2])), float(alpha.sum()))


def compare_nps(
    counts: NpsCounts, *, prior: NpsPrior | None = None, level: float = 0.95
) -> list[NpsEstimate]:
    """This will estimate every partner's Net Promoter Score in the light of all the others.

    Small partners are drawn to the whole, so that a list of the best isn't a list of those with
    three answers. Assumes partners of one kind (fit segments that differ apart). It misleads about
    a single unusual partner with few answers: it says what such partners are usually like.

    >>> found = compare_nps(NpsCounts(*np.array([[3, 40], [0, 30], [0, 30]])))
    >>> [round(f.mean, 2) for f in found]
    [0.19, 0.12]
    """
    known = prior or fit_prior(counts)
    post = counts.table() + known.strength * np.array(known.shares)
    total = post.sum(axis=1)
    up, down = post[:, 0] / total, post[:, 2] / total
    mean = up - down
    half = _z(level) * np.sqrt((up + down - mean**2) / (total + 1.0))
    low, high = np.maximum(mean - half, -1.0), np.minimum(mean + half, 1.0)
    return [
        NpsEstimate(float(m), float(a), float(b), level, int(n))
        for m, a, b, n in zip(mean, low, high, counts.answers, strict=True)
    ]


def _z(level: float) -> float:
    if not 0.0 < level < 1.0:
        raise ValueError(f"a level lies between 0 and 1: {level}")
    return NormalDist().inv_cdf(0.5 + level / 2)


def _above(column: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many partners have more than j answers of a kind, j = 0, 1, ..."""
    if column.max(initial=0) == 0:
        return np.zeros(0, np.int64)
    return column.size - np.cumsum(np.bincount(column))[:-1]


def _rise(above: NDArray[np.int64], alpha: float) -> float:
    """The sum over partners of digamma(count + alpha) - digamma(alpha), exact for whole counts."""
    return float((above / (np.arange(above.size) + alpha)).sum())
