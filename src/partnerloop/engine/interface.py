"""The engine's nouns: what goes in, what comes out, and what a model can do.

Everything above the engine talks to these names only. Days are float days since any fixed
origin of the program (the time of day is the fraction); values are points 0-10, higher is better.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from partnerloop.engine.hyperparameters import Hyperparameters
from partnerloop.engine.layout import CROWD, DIMENSIONS, OVERALL, ROLES, Floats, Ints, Layout
from partnerloop.engine.state import State

__all__ = [
    "CROWD",
    "DIMENSIONS",
    "OVERALL",
    "ROLES",
    "Belief",
    "Change",
    "Estimate",
    "Estimates",
    "Floats",
    "Hyperparameters",
    "Innovation",
    "Ints",
    "Layout",
    "Model",
    "Observation",
    "PoolObservation",
    "Record",
    "State",
    "arranged",
]


@dataclass(frozen=True, slots=True)
class Observation:
    """One person's answer, or an atom (``rater=None``, ``people`` = middle of its band).

    ``metric`` is an item index of the layout; "can't judge" is no observation.
    """

    day: float
    metric: int
    value: float
    rater: str | None = None
    role: int | None = None
    people: float = 1.0
    blur_sd: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.value <= 10:
            raise ValueError(f"a value lies outside 0-10: {self.value}")
        if not math.isfinite(self.day):
            raise ValueError(f"a day is not finite: {self.day}")
        if self.people < 1 or not self.blur_sd >= 0:
            raise ValueError(f"people {self.people} < 1 or blur {self.blur_sd} < 0")
        if self.rater is not None and self.people != 1:
            raise ValueError(f"a rater is one person, not {self.people}")
        if self.rater == CROWD:
            raise ValueError("a rater needs a name")


@dataclass(frozen=True, slots=True)
class PoolObservation:
    """An atom of several companies: informs its segment's mean, no single partner's state."""

    day: float
    segment: int
    metric: int
    value: float
    people: float
    blur_sd: float = 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric's value: mean, range and basis; never a bare number.

    ``low``-``high`` is the central interval with probability ``level``, inside 0-10; ``last_day``
    is None when nobody has answered yet: then the estimate is "partners like this one".
    """

    mean: float
    sd: float
    low: float
    high: float
    level: float
    answers: int
    last_day: float | None


@dataclass(frozen=True, slots=True)
class Estimates:
    """All metrics of the layout, in its order, and the composite with a variance of its own."""

    at: float
    metrics: tuple[Estimate, ...]
    composite: Estimate


@dataclass(frozen=True, slots=True)
class Change:
    """A jump of all metrics that may have happened shortly before ``since``, and how likely."""

    since: float
    probability: float
    size: float
    sd: float


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """The joint normal belief about a partner on a day, for choosing and watching.

    ``mean`` (M + n,) points, ``cov`` (M + n, M + n): M metrics, then the leniency of each of
    ``raters`` (``CROWD``: of those behind atoms), which is personal and never shown. ``changes``:
    possible jumps that are still open (older ones are part of the belief).
    """

    at: float
    mean: Floats
    cov: Floats
    raters: tuple[str, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Innovation:
    """An answer minus what was expected of it, in standard deviations of that expectation."""

    day: float
    metric: int
    residual: float
    sd: float

    @property
    def z(self) -> float:
        return self.residual / self.sd


@dataclass(frozen=True, slots=True)
class Record:
    """One partner's observations, oldest first, for refits."""

    segment: int
    observations: Sequence[Observation]


def arranged(records: Sequence[Record]) -> list[Record]:
    """This will put partners in an order that follows from what was said alone.

    A sum depends on its order by a hair, and a search for the best numbers may turn on a hair: so
    the same program must come in the same order, however its rows were stored.
    """
    inside = [Record(one.segment, sorted(one.observations, key=_place)) for one in records]
    return sorted(inside, key=lambda one: (one.segment, [_place(row) for row in one.observations]))


def _place(one: Observation) -> tuple[float | str, ...]:
    role = -1 if one.role is None else one.role
    who = one.rater or ""
    return one.day, one.metric, one.value, role, one.people, one.blur_sd, who


class Model(Protocol):
    """What every model of the engine can do. Pure: the same arguments give the same result."""

    @property
    def layout(self) -> Layout: ...

    @property
    def hyper(self) -> Hyperparameters: ...

    def start(self, segment: int) -> State:
        """This will give the state of a partner nobody has answered for (``at`` is -inf)."""

    def update(self, state: State, *, observations: Sequence[Observation], at: float) -> State:
        """This will take in observations of days from ``state.at`` to ``at``, oldest first.

        An earlier day raises ``ValueError``: a late or corrected answer needs ``rescore``.
        """

    def rescore(self, segment: int, *, observations: Sequence[Observation], at: float) -> State:
        """This will compute the state from all observations up to ``at``, in any order of days.

        Equal to the updates in order of days to 1e-9; observations of one instant keep the order
        given.
        """

    def rescore_all(self, records: Sequence[Record], *, at: float) -> list[State]:
        """This will rescore many partners at once: the same states, many times faster."""

    def estimate(self, state: State, *, at: float, level: float = 0.9) -> Estimates:
        """This will tell every metric and the composite, predicted to ``at``."""

    def history(
        self,
        segment: int,
        *,
        observations: Sequence[Observation],
        days: Sequence[float],
        level: float = 0.9,
    ) -> tuple[Estimates, ...]:
        """This will tell each day's estimates given all observations, also the later ones."""

    def belief(self, state: State, *, at: float) -> Belief:
        """This will tell the joint mean and covariance of metrics and leniencies on ``at``."""

    def innovations(
        self, segment: int, *, observations: Sequence[Observation]
    ) -> tuple[Innovation, ...]:
        """This will tell how far each observation lay from what was expected before it."""

    def refit(
        self,
        records: Sequence[Record],
        *,
        at: float,
        pools: Sequence[PoolObservation] = (),
    ) -> Hyperparameters:
        """This will learn the hyperparameters from what the whole program said up to ``at``.

        The order of the partners, and of what was said at one instant, changes nothing.
        The states must be rescored with a model made of the new ones.
        """
