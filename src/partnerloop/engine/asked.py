"""Many answers at once against what was expected of them: the arrays of ``surprise``."""

from dataclasses import dataclass

import numpy as np

from partnerloop.engine.hazard import HALF_LOG_2PI, log_tail, normal_hazard
from partnerloop.engine.layout import Floats, Ints
from partnerloop.engine.plan import Block
from partnerloop.engine.surprise import BOTTOM, TOP


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What each row of a step asks: an item of a rater (or of nobody we know), and the answer."""

    item: Ints
    slot: Ints
    load: Floats
    named: np.ndarray
    value: Floats
    reach: Floats
    metrics: int

    @classmethod
    def of(cls, block: Block, rows: slice, *, metrics: int, fresh: float) -> "Asked":
        return cls(
            item=block.item[rows],
            slot=block.slot[rows],
            load=block.load[rows],
            named=block.named[rows],
            value=block.value[rows],
            reach=np.where(block.named[rows], 1.0, fresh),
            metrics=metrics,
        )

    def repeated(self, times: int) -> "Asked":
        return Asked(
            item=np.repeat(self.item, times),
            slot=np.repeat(self.slot, times),
            load=np.repeat(self.load, times),
            named=np.repeat(self.named, times),
            value=np.repeat(self.value, times),
            reach=np.repeat(self.reach, times),
            metrics=self.metrics,
        )

    def through(self, states: Floats, *, weights: Floats) -> Floats:
        """This will tell what answers show of vectors of the state: (rows, k, d) to (rows, k)."""
        who = np.arange(len(self.item))
        metrics = self.metrics
        shown = states[who, :, np.where(self.item < metrics, np.maximum(self.item, 0), 0)]
        over = np.flatnonzero(self.item >= metrics)
        if len(over):
            shown[over] = states[over, :, :metrics] @ weights
        shown *= self.reach[:, None]
        if states.shape[2] > metrics:
            place = metrics + np.maximum(self.slot, 0)
            shown += self.load[:, None] * states[who, :, place]
        return shown


@dataclass(frozen=True, slots=True, eq=False)
class Surprises:
    """Answers against what was expected: see ``kalman.Surprise``."""

    residual: Floats
    share: Floats
    logged: Floats

    def silence(self, places: Ints) -> None:
        """This will make rows that are no answers say nothing."""
        if len(places):
            self.residual[places] = self.share[places] = self.logged[places] = 0.0


def surprise(asked: Asked, *, expected: Floats, variance: Floats) -> Surprises:
    """This will compare answers with normal expectations."""
    value, sd = asked.value, np.sqrt(variance)
    residual = value - expected
    share = np.ones(len(value))
    logged = -0.5 * (residual / sd) ** 2 - np.log(sd) - HALF_LOG_2PI
    ends = np.flatnonzero(asked.named & ((value >= 10) | (value <= 0)))
    if len(ends):
        side = np.where(value[ends] >= 10, 1.0, -1.0)
        bound = np.where(value[ends] >= 10, TOP, BOTTOM)
        alpha = side * (bound - expected[ends]) / sd[ends]
        hazard = normal_hazard(alpha)
        residual[ends] = side * sd[ends] * hazard
        share[ends] = hazard * (hazard - alpha)
        logged[ends] = log_tail(alpha)
    return Surprises(residual, share, logged)
