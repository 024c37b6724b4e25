"""One partner's filter: metrics that drift together, and a leniency for each rater.

An answer is ``y = x_m(t) + role offset + leniency + noise``; the metrics follow
``x(t) = mu + e^(-dt/tau) (x(t - dt) - mu) + w``. See docs/methods/model.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from partnerloop.engine.dynamics import Dynamics, drift
from partnerloop.engine.interface import CROWD, Belief, Change, Floats, Observation, State
from partnerloop.engine.jumps import Jump, Jumps
from partnerloop.engine.surprise import Surprise, surprise

__all__ = ["RATERS", "Dynamics", "Filter", "Step", "advance", "crowd_load", "start"]

# More raters than this: the one heard longest ago is forgotten, so that a state stays small.
RATERS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """What one observation did: its surprise before it was taken in."""

    day: float
    metric: int
    residual: float
    sd: float


def start(dynamics: Dynamics, *, segment: int) -> State:
    """This will give the belief about a partner before any answer."""
    metrics = len(dynamics.mu)
    return State(
        at=-math.inf,
        segment=segment,
        mean=dynamics.mu.copy(),
        cov=dynamics.prior.copy(),
        answers=np.zeros(metrics, np.int64),
        last_day=np.full(metrics, np.nan),
    )


def advance(dynamics: Dynamics, state: State, *, observations: Sequence[Observation]) -> State:
    """This will take in observations in order of days, none before the state's own day."""
    return Filter(dynamics, state).take(observations).state()


class Filter:
    """A belief being updated; mutable inside one call, never kept."""

    def __init__(self, dynamics: Dynamics, state: State) -> None:
        self.dynamics = dynamics
        self.at, self.segment = state.at, state.segment
        self.mean, self.cov = state.mean.copy(), state.cov.copy()
        self.jumps = Jumps(dynamics.jump, state.spawned)
        self.jumps.pending = [
            Jump(born, way.copy(), precision, info, odds)
            for way, (born, precision, info, odds) in zip(
                state.ways, state.jumps.tolist(), strict=True
            )
        ]
        self.answers, self.last_day = state.answers.copy(), state.last_day.copy()
        self.raters, self.heard = list(state.raters), list(state.heard)
        self.erratic: list[list[float]] = state.erratic.tolist()
        self.overall_answers = state.overall_answers
        self.overall_last_day = state.overall_last_day
        self.steps: list[Step] = []

    def state(self) -> State:
        """This will freeze the belief."""
        pending = self.jumps.pending
        rows = [(one.born, one.precision, one.info, one.odds) for one in pending]
        return State(
            at=self.at,
            segment=self.segment,
            mean=self.mean,
            cov=self.cov,
            answers=self.answers,
            last_day=self.last_day,
            raters=tuple(self.raters),
            heard=tuple(self.heard),
            erratic=np.array(self.erratic).reshape(len(self.raters), 2),
            ways=np.array([one.way for one in pending]).reshape(len(pending), len(self.mean)),
            jumps=np.array(rows).reshape(len(pending), 4),
            spawned=self.jumps.spawned,
            overall_answers=self.overall_answers,
            overall_last_day=self.overall_last_day,
        )

    def belief(self, *, at: float) -> Belief:
        """This will predict to a day, and tell the belief with what open hypotheses add to it."""
        self.move(at)
        metrics = len(self.dynamics.mu)
        mean, cov = self.jumps.mix(self.mean, self.cov, metrics=metrics, at=at)
        changes = tuple(
            Change(since=one.born, probability=share, size=one.size, sd=one.precision**-0.5)
            for one, share in zip(self.jumps.pending, self.jumps.shares().each, strict=True)
        )
        return Belief(at, mean, cov, tuple(self.raters), changes)

    def take(self, observations: Sequence[Observation]) -> "Filter":
        """This will take in observations one by one."""
        for one in observations:
            if one.day < self.at:
                raise ValueError(
                    f"an observation of day {one.day} comes after day {self.at}: rescore"
                )
            self.move(one.day)
            self.at = one.day
            self.jumps.spawn(one.day, metrics=len(self.dynamics.mu), mean=self.mean, cov=self.cov)
            self._weigh(one)
            self._count(one)
        return self

    def move(self, day: float) -> None:
        """This will predict the belief to a day.

        Before the first answer it stands still: it is what any partner of the segment is like.
        """
        keep = drift(self.dynamics, self.mean, self.cov, days=day - self.at)
        if keep is not None:
            self.jumps.drift(keep)
        if self.at > -math.inf:
            self.at = day

    def _weigh(self, one: Observation) -> None:
        dynamics, seat = self.dynamics, self._seat(one)
        noise = float(dynamics.noise[one.metric])
        if one.rater is None:
            stale = dynamics.atoms.settled[one.metric] * dynamics.atoms.stale(one.people)
            noise = noise / one.people + one.blur_sd**2 + float(stale)
        else:
            noise *= self._unsteady(seat)
        offset = dynamics.offsets[-1 if one.role is None else one.role, one.metric]
        gain, expected, variance = self._expect(one.metric, seat, noise)
        expected += offset
        told = surprise(one, expected=expected, sd=math.sqrt(variance))
        seen = self._seen(one.metric, seat)
        mixed = self._suspect(one, seen, told, expected=expected, variance=variance)
        self.steps.append(Step(one.day, one.metric, mixed.residual, math.sqrt(mixed.variance)))
        if one.rater is not None:
            self._judge(one.metric, seat, mixed, noise=noise)
        push = gain * (told.share / variance)
        for jump, size in zip(self.jumps.pending, seen, strict=True):
            jump.info += size * told.residual / variance
            jump.precision += size * size * told.share / variance
            jump.way -= size * push
        self.mean += gain * (told.residual / variance)
        self.cov -= np.multiply.outer(push, gain)

    def _suspect(
        self,
        one: Observation,
        seen: list[float],
        told: "Surprise",
        *,
        expected: float,
        variance: float,
    ) -> "_Mixed":
        """Weighs the hypotheses by the answer; tells what all of them together had expected."""
        if not seen:
            return _Mixed(told.residual, variance)
        middle = spread = 0.0
        each = self.jumps.shares().each
        for jump, size, share in zip(self.jumps.pending, seen, each, strict=True):
            move, width = size * jump.size, variance + size * size / jump.precision
            other = surprise(one, expected=expected + move, sd=math.sqrt(width))
            jump.odds += other.logged - told.logged
            middle += share * move
            spread += share * (width - variance + move * move)
        total = variance + spread - middle * middle
        mixed = surprise(one, expected=expected + middle, sd=math.sqrt(total))
        return _Mixed(mixed.residual, total)

    def _seen(self, item: int, seat: "_Seat") -> list[float]:
        """By how much the answer shows each jump, per point of it."""
        metrics, seen = len(self.dynamics.mu), []
        for jump in self.jumps.pending:
            way = jump.way
            level = way[item] if item < metrics else self.dynamics.weights @ way[:metrics]
            seen.append(float(seat.reach * level + seat.load * way[seat.place]))
        return seen

    def _expect(self, item: int, seat: "_Seat", noise: float) -> tuple[Floats, float, float]:
        """The covariance of the state with the answer, the answer's mean and its variance."""
        metrics, place, load = len(self.dynamics.mu), seat.place, seat.load
        mean, usual = self.mean[:metrics], self.dynamics.mu
        if item < metrics:
            gain, level, usually = self.cov[item], mean[item], usual[item]
        else:
            weights = self.dynamics.weights
            gain, level, usually = weights @ self.cov[:metrics], weights @ mean, weights @ usual
        gain = seat.reach * gain + load * self.cov[place]
        shown = gain[item] if item < metrics else self.dynamics.weights @ gain[:metrics]
        expected = usually + seat.reach * (level - usually) + load * self.mean[place]
        return gain, float(expected), float(seat.reach * shown + load * gain[place] + noise)

    def _unsteady(self, seat: "_Seat") -> float:
        """How many times the usual noise this rater's answers have, never below 1."""
        excess, told = self.erratic[seat.place - len(self.dynamics.mu)]
        return max(1.0, 1.0 + excess / (self.dynamics.steadiness + told))

    def _judge(self, item: int, seat: "_Seat", mixed: "_Mixed", *, noise: float) -> None:
        usual = float(self.dynamics.noise[item])
        row = self.erratic[seat.place - len(self.dynamics.mu)]
        row[0] += (mixed.residual**2 - mixed.variance + noise) / usual - 1.0
        row[1] += 1.0

    def _seat(self, one: Observation) -> "_Seat":
        """The place of the rater's leniency in the state; a new rater gets one."""
        rater = CROWD if one.rater is None else one.rater
        if rater not in self.raters:
            if len(self.raters) == RATERS:
                self._forget(min(range(RATERS), key=self.heard.__getitem__))
            self._welcome(rater, day=one.day)
        place = self.raters.index(rater)
        self.heard[place] = one.day
        seat = len(self.dynamics.mu) + place
        if one.rater is None:
            return _Seat(seat, crowd_load(one.people), self.dynamics.atoms.fresh)
        return _Seat(seat, 1.0, 1.0)

    def _welcome(self, rater: str, *, day: float) -> None:
        self.raters.append(rater)
        self.heard.append(day)
        self.erratic.append([0.0, 0.0])
        size = len(self.mean)
        cov = np.zeros((size + 1, size + 1))
        cov[:size, :size] = self.cov
        cov[size, size] = self.dynamics.leniency
        self.mean, self.cov = np.append(self.mean, 0.0), cov
        self.jumps.make_room(size + 1)

    def _forget(self, place: int) -> None:
        gone = len(self.dynamics.mu) + place
        del self.raters[place], self.heard[place], self.erratic[place]
        self.mean = np.delete(self.mean, gone)
        self.cov = np.delete(np.delete(self.cov, gone, 0), gone, 1)
        self.jumps.forget(gone)

    def _count(self, one: Observation) -> None:
        if one.metric < len(self.answers):
            self.answers[one.metric] += round(one.people)
            self.last_day[one.metric] = one.day
        else:
            self.overall_answers += round(one.people)
            self.overall_last_day = one.day


def crowd_load(people: float) -> float:
    """This will tell how much of one person's leniency a mean of several people has.

    Who is behind a company's atoms is unknown; mostly the same people, so their leniency stays.
    """
    return 1 / math.sqrt(people)


@dataclass(frozen=True, slots=True)
class _Seat:
    """A rater's place in the state, how much of her leniency is in the answer, and of today."""

    place: int
    load: float
    reach: float


@dataclass(frozen=True, slots=True)
class _Mixed:
    residual: float
    variance: float
