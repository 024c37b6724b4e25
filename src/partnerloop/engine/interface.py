"""The engine's nouns: what goes in, what comes out, and what a model can do.

Everything above the engine talks to these names only. Days are float days since any fixed
origin of the program (the time of day is the fraction); values are points 0-10, higher is better.
"""

import functools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Protocol, Self

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
    ``raters``. A rater's leniency is personal and never shown. ``changes``: possible jumps that
    are still open (older ones are part of the belief).
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


@dataclass(frozen=True, slots=True, eq=False)
class Hyperparameters:
    """What the model takes from the whole program; sensible before any data.

    Standard deviations in points, ``tau`` in days. ``segment_means`` (segments, metrics),
    ``segment_mean_sd`` the same shape; ``role_offsets`` (roles, items); ``overall_offsets`` one per
    overall item: how it lies above (+) or below (-) the composite on average. ``steadiness``: how
    many answers the belief is worth that every rater's noise is alike; ``jump_rate``: sudden
    changes per partner and year.
    """

    segment_means: Floats
    segment_mean_sd: Floats
    role_offsets: Floats
    overall_offsets: Floats
    general_sd: float = 0.95
    specific_sd: float = 0.6
    tau: float = 400.0
    leniency_sd: float = 0.8
    leniency_tau: float = 5000.0
    noise_sd: float = 1.25
    overall_noise_sd: float = 1.2
    inflation: float = 1.3
    steadiness: float = 120.0
    jump_rate: float = 0.2
    jump_mean: float = -1.0
    jump_sd: float = 1.5
    answers: int = 0
    fitted_at: float | None = None

    @classmethod
    def default(cls, layout: Layout, *, mean: float = 7.0) -> Self:
        """This will give the beliefs about a program that has not answered anything yet."""
        shape = (len(layout.segments), len(layout.metrics))
        return cls(
            segment_means=np.full(shape, mean),
            segment_mean_sd=np.full(shape, 0.6),
            role_offsets=np.zeros((len(layout.roles), layout.items)),
            overall_offsets=np.zeros(len(layout.overall)),
        )

    def to_json(self) -> str:
        """This will write the numbers so that ``from_json`` gives exactly the same ones."""
        row = {f.name: getattr(self, f.name) for f in fields(self)}
        return json.dumps(
            {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in row.items()}
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """This will read what ``to_json`` wrote, also with an older or newer version's numbers."""
        known = {f.name for f in fields(cls)}
        row: dict[str, Any] = {k: v for k, v in json.loads(text).items() if k in known}
        arrays: dict[str, Any] = {k: np.array(v) for k, v in row.items() if isinstance(v, list)}
        return cls(**{**row, **arrays})


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Everything the model keeps of one partner: a few hundred bytes, replaced at each answer.

    ``mean`` and ``cov`` are the belief on ``at``, the day of the last observation; ``cusum`` the
    two running sums of surprises; ``answers`` and ``last_day`` are per metric (NaN: none yet),
    ``heard`` per rater.
    """

    at: float
    segment: int
    mean: Floats
    cov: Floats
    answers: Ints
    last_day: Floats
    raters: tuple[str, ...] = ()
    heard: tuple[float, ...] = ()
    erratic: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    ways: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    jumps: Floats = field(default_factory=lambda: np.zeros((0, 4)))
    spawned: float = math.nan
    overall_answers: int = 0
    overall_last_day: float = math.nan

    def to_bytes(self) -> bytes:
        """This will pack the state without loss: under 2 KB with seven metrics and six raters."""
        size, pending = len(self.mean), len(self.jumps)
        head = [len(self.answers), size, pending, self.segment, self.overall_answers]
        numbers = np.concatenate(
            (
                [self.at, self.spawned, self.overall_last_day],
                self.last_day,
                self.heard,
                self.erratic.ravel(),
                self.mean,
                self.ways.ravel(),
                self.jumps.ravel(),
                self.cov[_LOWER(size)],
            )
        )
        names = "\x1f".join(self.raters).encode()
        counts = np.array(head + self.answers.tolist(), "<u4")
        return _VERSION + counts.tobytes() + numbers.astype("<f8").tobytes() + names

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """This will read what ``to_bytes`` wrote; another version means: rescore the partner."""
        if packed[:2] != _VERSION:
            raise ValueError(f"a state of another version: {packed[:2]!r}")
        metrics, size, pending, segment, overall = np.frombuffer(packed, "<u4", 5, 2).tolist()
        answers = np.frombuffer(packed, "<u4", metrics, 22).astype(np.int64)
        raters, lower = size - metrics, size * (size + 1) // 2
        parts = [3, metrics, raters, 2 * raters, size, pending * size, pending * 4, lower]
        start, count = 22 + 4 * metrics, sum(parts)
        numbers = np.frombuffer(packed, "<f8", count, start).astype(np.float64)
        names = packed[start + 8 * count :].decode()
        ends = np.cumsum(parts).tolist()
        single, last_day, heard, erratic, mean, ways, jumps, cells = (
            numbers[end - part : end] for end, part in zip(ends, parts, strict=True)
        )
        cov = np.empty((size, size))
        rows, columns = _LOWER(size)
        cov[rows, columns] = cells
        cov[columns, rows] = cells
        at, spawned, overall_last_day = single.tolist()
        return cls(
            at=at,
            segment=segment,
            mean=mean,
            cov=cov,
            answers=answers,
            last_day=last_day,
            raters=tuple(names.split("\x1f")) if raters else (),
            heard=tuple(heard.tolist()),
            erratic=erratic.reshape(raters, 2),
            ways=ways.reshape(pending, size),
            jumps=jumps.reshape(pending, 4),
            spawned=spawned,
            overall_answers=overall,
            overall_last_day=overall_last_day,
        )


_LOWER = functools.cache(np.tril_indices)
_VERSION = b"P3"


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

        The states must be rescored with a model made of the new ones.
        """
