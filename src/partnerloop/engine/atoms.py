"""Atoms as the filter reads them: what people said some weeks ago, on different days."""

import math
from dataclasses import dataclass

import numpy as np

from partnerloop.engine.layout import Floats

# How old an answer is on average when its atom appears, days: a batch waits for its people.
AGE = 35.0


@dataclass(frozen=True, slots=True, eq=False)
class Atoms:
    """How old the answers in an atom are: they tell what a partner was like, not what it is.

    ``fresh`` is the share of a deviation from the segment that is left after an answer's mean age;
    ``settled`` (items,) the variance of what an item shows, over the partners of a segment.
    """

    fresh: float
    settled: Floats

    @classmethod
    def of(cls, *, tau: float, settled: Floats) -> "Atoms":
        """This will give the atoms of a program whose partners' deviations mend with ``tau``."""
        return cls(fresh=math.exp(-AGE / tau), settled=settled)

    def stale(self, people: Floats | float) -> Floats:
        """This will tell what share of ``settled`` the mean of some people adds as noise.

        Today's level explains ``fresh ** 2`` of the variance of a mean of old levels. People spoke
        on days about as far apart as they are old, so two of them share ``fresh`` of it.

        >>> atoms = Atoms(fresh=0.9, settled=np.array([2.0]))
        >>> atoms.stale(np.array([3.0, 6.0])).round(3).tolist()
        [0.123, 0.107]
        """
        return np.asarray(1 / people + (1 - 1 / people) * self.fresh - self.fresh**2, float)
