"""What a program measures, by which groups, in which order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DIMENSIONS = (
    "communication",
    "conflict",
    "cooperation",
    "credibility",
    "mutual_interest",
    "social_bonding",
    "commitment",
)
OVERALL = ("partnerscore", "recommend", "ease")
# The unknown people behind a company's atoms, as one more rater.
CROWD = ""
ROLES = ("sales", "marketing", "technical", "executive", "operations")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a program measures, and by which groups. A change means rescoring every partner.

    ``metrics`` are the dimensions (and a program's own metrics); ``weights`` is their share of the
    composite (0 for a metric outside it). An item index is a metric's index, or ``len(metrics)`` +
    the index of an overall item.

    >>> Layout().item("recommend"), Layout().items
    (8, 10)
    """

    metrics: tuple[str, ...] = DIMENSIONS
    overall: tuple[str, ...] = OVERALL
    roles: tuple[str, ...] = ROLES
    segments: tuple[str, ...] = ("all",)
    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        weights = self.weights or tuple(float(name in DIMENSIONS) for name in self.metrics)
        if not any(weights):
            weights = (1.0,) * len(self.metrics)
        if len(weights) != len(self.metrics):
            raise ValueError(f"{len(weights)} weights for {len(self.metrics)} metrics")
        if min(weights) < 0:
            raise ValueError(f"a weight of the composite is negative: {min(weights)}")
        total = sum(weights)
        object.__setattr__(self, "weights", tuple(w / total for w in weights))
        if not self.segments:
            raise ValueError("a layout needs at least one segment")

    @property
    def items(self) -> int:
        return len(self.metrics) + len(self.overall)

    def item(self, name: str) -> int:
        """This will find the item index of a metric or an overall item by its name."""
        names = self.metrics + self.overall
        if name not in names:
            raise ValueError(f"unknown metric {name!r}")
        return names.index(name)
