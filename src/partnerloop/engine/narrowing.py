"""How much narrower ranges should get by asks that are still to come."""

import math
from collections.abc import Sequence

import numpy as np

from partnerloop.engine.interface import Floats, Hyperparameters, Layout
from partnerloop.engine.questions import Known

LIKELY = 1.645  # half of a 90 % range, in standard deviations


def composite_variance(known: Known, *, layout: Layout) -> Floats:
    """This will tell how unsure the composite of each candidate's partner is.

    Points squared, one figure per candidate: float array (n,).
    """
    weights = np.array(layout.weights)
    metrics = known.cov[:, :-1, :-1]
    return np.asarray(np.einsum("i,nij,j->n", weights, metrics, weights))


def narrowed(
    variance: float, *, asks: Sequence[float], response: float, hyper: Hyperparameters
) -> float:
    """This will tell the half-width of the 90 % range expected after some asks, in points.

    variance : of the composite now, points squared.  asks : the chance of each ask to be made.
    response : the chance of an answer to one.  Each answer is one overall item of another person
    never heard before, so with leniency and noise of its own; how many come is reckoned with in
    full, not on average. It is too good where answers wait for a batch, and leaves out drift.

    >>> import numpy as np
    >>> hyper = Hyperparameters(*(np.zeros((1, 1)),) * 3, np.zeros(1))
    >>> [round(narrowed(0.9, asks=[1.0] * n, response=0.3, hyper=hyper), 2) for n in (0, 4, 40)]
    [1.56, 1.31, 0.64]
    """
    if not variance >= 0 or not 0 <= response <= 1:
        raise ValueError(f"variance {variance} or response {response} is out of range")
    noise = hyper.overall_noise_sd**2 + hyper.leniency_sd**2
    chances = np.ones(1)
    for ask in asks:
        hit = ask * response
        chances = np.append(chances * (1 - hit), 0.0) + np.append(0.0, chances * hit)
    after = variance / (1.0 + np.arange(chances.size) * variance / noise)
    return LIKELY * math.sqrt(float(chances @ after))
