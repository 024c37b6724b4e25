"""An answer against what was expected of it."""

import math
from dataclasses import dataclass

from partnerloop.engine.hazard import HALF_LOG_2PI, hazard_of, log_tail_of
from partnerloop.engine.interface import Observation

# An answer of 10 says "at least 9.5", one of 0 "at most 0.5".
TOP, BOTTOM = 9.5, 0.5


@dataclass(frozen=True, slots=True)
class Surprise:
    """An answer against what was expected: ``residual`` in points, ``logged`` its log density.

    At the ends of the scale one person's answer is only a bound: the residual is the mean of the
    normal beyond it (Tobit), and ``share``, by how much it narrows the belief, is below 1.
    """

    residual: float
    share: float
    logged: float


def surprise(one: Observation, *, expected: float, sd: float) -> Surprise:
    """This will compare an answer with a normal expectation."""
    residual = one.value - expected
    if one.rater is None or 0 < one.value < 10:
        z = residual / sd
        return Surprise(residual, 1.0, -0.5 * z * z - math.log(sd) - HALF_LOG_2PI)
    side, bound = (1.0, TOP) if one.value == 10 else (-1.0, BOTTOM)
    alpha = side * (bound - expected) / sd
    hazard = hazard_of(alpha)
    return Surprise(side * sd * hazard, hazard * (hazard - alpha), log_tail_of(alpha))
