"""The model of the product: the filter of ``kalman`` behind the interface's names."""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from statistics import NormalDist

import numpy as np

from partnerloop.engine import kalman
from partnerloop.engine.columns import Columns
from partnerloop.engine.fitting import fit
from partnerloop.engine.interface import (
    Belief,
    Estimate,
    Estimates,
    Floats,
    Hyperparameters,
    Innovation,
    Layout,
    Observation,
    PoolObservation,
    Record,
    State,
    arranged,
)
from partnerloop.engine.rescoring import rescore_all
from partnerloop.engine.smoothing import smooth


@dataclass(frozen=True, eq=False)
class FilterModel:
    """The state-space model. Make one per program and set of hyperparameters, and keep it.

    >>> model = FilterModel(Layout(), Hyperparameters.default(Layout()))
    >>> answers = [Observation(10.0, 0, 4.0, rater="ana"), Observation(40.0, 0, 3.0, rater="ben")]
    >>> state = model.rescore(0, observations=answers, at=40.0)
    >>> one = model.estimate(state, at=40.0).metrics[0]
    >>> round(one.mean, 1), one.answers, len(state.to_bytes()) < 1000
    (4.6, 2, True)
    """

    layout: Layout
    hyper: Hyperparameters
    _dynamics: dict[int, kalman.Dynamics] = field(default_factory=dict, repr=False)

    def start(self, segment: int) -> State:
        return kalman.start(self.dynamics(segment), segment=segment)

    def update(self, state: State, *, observations: Sequence[Observation], at: float) -> State:
        self._check(observations, at=at)
        return kalman.advance(self._fitting(state), state, observations=observations)

    def rescore(self, segment: int, *, observations: Sequence[Observation], at: float) -> State:
        ordered = sorted(observations, key=lambda one: one.day)
        return self.update(self.start(segment), observations=ordered, at=at)

    def rescore_all(self, records: Sequence[Record], *, at: float) -> list[State]:
        ordered = [
            Record(one.segment, sorted(one.observations, key=lambda row: row.day))
            for one in records
        ]
        for one in ordered:
            self.dynamics(one.segment)
            self._check(one.observations, at=at)
        return rescore_all(ordered, layout=self.layout, hyper=self.hyper)

    def estimate(self, state: State, *, at: float, level: float = 0.9) -> Estimates:
        belief = self.belief(state, at=at)
        metrics = len(self.layout.metrics)
        return self._estimates(
            belief.mean[:metrics],
            belief.cov[:metrics, :metrics],
            basis=_Basis.of_state(state),
            at=at,
            level=level,
        )

    def belief(self, state: State, *, at: float) -> Belief:
        if at < state.at:
            raise ValueError(f"day {at} lies before the state's day {state.at}: use history")
        return kalman.Filter(self._fitting(state), state).belief(at=at)

    def history(
        self,
        segment: int,
        *,
        observations: Sequence[Observation],
        days: Sequence[float],
        level: float = 0.9,
    ) -> tuple[Estimates, ...]:
        ordered = sorted(observations, key=lambda one: one.day)
        self._check(ordered, at=math.inf)
        metrics = len(self.layout.metrics)
        looks = smooth(self.dynamics(segment), self.start(segment), observations=ordered, days=days)
        return tuple(
            self._estimates(
                look.mean,
                look.cov,
                basis=_Basis.of_observations(
                    [one for one in ordered if one.day <= look.day], metrics=metrics
                ),
                at=look.day,
                level=level,
            )
            for look in looks
        )

    def innovations(
        self, segment: int, *, observations: Sequence[Observation]
    ) -> tuple[Innovation, ...]:
        ordered = sorted(observations, key=lambda one: one.day)
        self._check(ordered, at=math.inf)
        run = kalman.Filter(self.dynamics(segment), self.start(segment)).take(ordered)
        return tuple(Innovation(s.day, s.metric, s.residual, s.sd) for s in run.steps)

    def refit(
        self,
        records: Sequence[Record],
        *,
        at: float,
        pools: Sequence[PoolObservation] = (),
    ) -> Hyperparameters:
        columns = Columns.of(arranged(records))
        ordered = sorted(pools, key=astuple)
        return fit(columns, layout=self.layout, hyper=self.hyper, at=at, pools=tuple(ordered))

    def dynamics(self, segment: int) -> kalman.Dynamics:
        """This will lay out the hyperparameters for one segment, once."""
        if not 0 <= segment < len(self.layout.segments):
            raise ValueError(f"segment {segment} of {len(self.layout.segments)}")
        if segment not in self._dynamics:
            self._dynamics[segment] = kalman.Dynamics.of(self.layout, self.hyper, segment=segment)
        return self._dynamics[segment]

    def _fitting(self, state: State) -> kalman.Dynamics:
        if len(state.answers) != len(self.layout.metrics):
            raise ValueError(
                f"a state of {len(state.answers)} metrics, a layout of {len(self.layout.metrics)}"
            )
        return self.dynamics(state.segment)

    def _check(self, observations: Sequence[Observation], *, at: float) -> None:
        items, roles = self.layout.items, len(self.layout.roles)
        for one in observations:
            if not 0 <= one.metric < items:
                raise ValueError(f"metric {one.metric} of {items} items")
            if one.role is not None and not 0 <= one.role < roles:
                raise ValueError(f"role {one.role} of {roles}")
            if one.day > at:
                raise ValueError(f"an observation of day {one.day} lies after day {at}")

    def _estimates(
        self, mean: Floats, cov: Floats, *, basis: "_Basis", at: float, level: float
    ) -> Estimates:
        if not 0 < level < 1:
            raise ValueError(f"a level lies outside 0-1: {level}")
        weights = np.array(self.layout.weights)
        quantile = NormalDist().inv_cdf(0.5 + level / 2)
        sds = np.sqrt(np.diag(cov)).tolist()
        metrics = tuple(
            _estimate(m, sd, quantile, level, answers, day)
            for m, sd, answers, day in zip(
                mean.tolist(), sds, basis.answers, basis.days, strict=True
            )
        )
        sd = math.sqrt(weights @ cov @ weights)
        composite = _estimate(
            float(weights @ mean), sd, quantile, level, basis.total, basis.last_day
        )
        return Estimates(at=at, metrics=metrics, composite=composite)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What estimates rest on: answers and last day per metric, and over all items."""

    answers: tuple[int, ...]
    days: tuple[float | None, ...]
    total: int
    last_day: float | None

    @classmethod
    def of_state(cls, state: State) -> "_Basis":
        days = tuple(_day(day) for day in state.last_day.tolist())
        known = [day for day in (*days, _day(state.overall_last_day)) if day is not None]
        answers = tuple(state.answers.tolist())
        return cls(answers, days, sum(answers) + state.overall_answers, max(known, default=None))

    @classmethod
    def of_observations(cls, observations: Sequence[Observation], *, metrics: int) -> "_Basis":
        """Observations in order of days."""
        answers, days = (
            [0] * metrics,
            dict.fromkeys(range(metrics), None) | {one.metric: one.day for one in observations},
        )
        for one in observations:
            if one.metric < metrics:
                answers[one.metric] += round(one.people)
        total = sum(round(one.people) for one in observations)
        last = observations[-1].day if observations else None
        return cls(tuple(answers), tuple(days[m] for m in range(metrics)), total, last)


def _day(day: float) -> float | None:
    return None if math.isnan(day) else day


def _estimate(
    mean: float, sd: float, quantile: float, level: float, answers: int, day: float | None
) -> Estimate:
    return Estimate(
        mean=_clip(mean),
        sd=sd,
        low=_clip(mean - quantile * sd),
        high=_clip(mean + quantile * sd),
        level=level,
        answers=answers,
        last_day=day,
    )


def _clip(value: float) -> float:
    return min(10.0, max(0.0, value))
