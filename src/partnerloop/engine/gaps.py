"""How far guesses lie from figures, on average, and how sure that is. See docs/methods/gaps.md."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 8
Z = 1.6448536269514722  # 90 %, both sides


@dataclass(frozen=True, slots=True)
class Gap:
    """Mean of guess minus figure, points; ``low``-``high`` holds it nine times out of ten."""

    mean: float
    low: float
    high: float
    guesses: int

    @property
    def direction(self) -> int:
        """Return 1 where guesses are too high beyond chance, -1 too low, 0 neither."""
        return (self.low > 0) - (self.high < 0)


def usual_gap(off: Sequence[float]) -> Gap | None:
    """Return the usual gap of one person's guesses, or None below eight.

    Parameters
    ----------
    off : sequence of float (n,), points
        Guess minus the figure's mean at the moment of the guess.

    Assumes guesses at different partners to be independent. It misleads where one partner makes
    up most of them. The figure's own error is part of the spread, so the range is honest about it.

    >>> gap = usual_gap([1.5, 0.5, 2.0, 1.0, 1.0, 0.0, 1.5, 0.5])
    >>> round(gap.mean, 2), round(gap.low, 2), round(gap.high, 2), gap.direction
    (1.0, 0.56, 1.44, 1)
    >>> usual_gap([1.0] * 7) is None
    True
    """
    n = len(off)
    if n < LEAST:
        return None
    if not all(map(math.isfinite, off)):
        raise ValueError(f"gaps must be numbers, got {off!r}")
    mean = sum(off) / n
    spread = math.sqrt(sum((one - mean) ** 2 for one in off) / (n - 1))
    half = _student(n - 1) * spread / math.sqrt(n)
    return Gap(mean, mean - half, mean + half, n)


def _student(freedom: int) -> float:
    """Return the 95 % quantile of Student's t, by the first terms of its expansion in 1/freedom.

    >>> round(_student(7), 3)  # tables say 1.895
    1.894
    """
    first = (Z**3 + Z) / 4
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    third = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    return Z + first / freedom + second / freedom**2 + third / freedom**3
