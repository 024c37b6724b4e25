"""The mean of many partners' estimates, with a range of its own: for segments and the program."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class PooledMean:
    """The mean over partners and its standard deviation, points 0-10."""

    mean: float
    sd: float


def pooled_mean(means: Sequence[float], *, sds: Sequence[float], population: int) -> PooledMean:
    """This will estimate the mean true score of `population` partners from those with a figure.

    Parameters
    ----------
    means, sds : sequences of float, length n
        Posterior mean and standard deviation of each partner that has a figure, points.
    population : int
        How many partners are meant, at least n.

    Notes
    -----
    Each partner counts once. Posteriors of one program are not independent: all lean on segment
    means that were learned from the same answers. The error of their mean is that of the answers,
    variance v / (n B): v is the mean posterior variance and B the share of the spread that evidence
    explains, taken from the spread of the means. To it comes, as far as some partners have no
    figure, the chance of which ones happen to have one. A little wide where metrics teach each
    other; misleads where those heard differ systematically from those who never answer.

    Reference: Efron, B. & Morris, C. (1973), Stein's estimation rule and its competitors.

    Examples
    --------
    >>> one = pooled_mean([6.0, 7.0, 8.0], sds=[0.6, 0.6, 0.6], population=3)
    >>> round(one.mean, 2), round(one.sd, 2)
    (7.0, 0.4)
    >>> pooled_mean([6.0, 7.0, 8.0], sds=[0.6, 0.6, 0.6], population=30).sd > one.sd
    True
    """
    count = len(means)
    if count == 0 or len(sds) != count:
        raise ValueError(f"{count} means and {len(sds)} standard deviations")
    if population < count:
        raise ValueError(f"a population of {population} holds {count} partners")
    mean = sum(means) / count
    inside = sum(sd**2 for sd in sds) / count
    spread = sum((value - mean) ** 2 for value in means) / max(1, count - 1)
    explained = max(spread / (spread + inside), 0.1) if spread + inside > 0 else 1.0
    unseen = 1.0 - count / population
    variance = (inside / explained + (spread + inside) * unseen) / count
    return PooledMean(mean, sqrt(variance))
