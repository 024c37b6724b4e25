"""Sudden changes as hypotheses: a few possible jumps, each with its day, size and odds.

A jump moves all metrics of a partner by one unknown amount. Its effect on the filter is linear in
that amount, so a hypothesis needs only the direction in which the filter is now wrong per point of
jump (``way``), the belief about the size (``precision``, ``info``) and its log odds against "no
jump": the separate-bias filter. See docs/methods/model.md.

References: Friedland, B. (1969), IEEE Transactions on Automatic Control 14(4), 359-367;
Willsky, A. and Jones, H. (1976), same journal 21(1), 108-112.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from partnerloop.engine.interface import Floats

# At most so many hypotheses, at least so many days apart; after OLD days, or once it is SURE, a
# jump becomes part of the belief itself.
HYPOTHESES, APART, OLD, SURE = 4, 21.0, 180.0, 0.95
# No longer silence than this makes a jump likelier.
LONGEST = 365.0


@dataclass(slots=True, eq=False)
class Jump:
    """One hypothesis; mutable inside a filter's call."""

    born: float
    way: Floats
    precision: float
    info: float
    odds: float

    @property
    def size(self) -> float:
        return self.info / self.precision


@dataclass(frozen=True, slots=True)
class JumpPrior:
    """What is believed of jumps before any answer: how often a year, how large, how lasting."""

    rate: float
    mean: float
    sd: float
    tau: float

    def log_odds(self, days: float) -> float:
        """This will tell the odds that a jump happened within some days."""
        return math.log(math.expm1(max(self.rate, 1e-12) * min(days, LONGEST) / 365.0))

    def unseen(self, days: float) -> float:
        """This will tell the variance that jumps of some days have left, while they fade."""
        return self.settled * -math.expm1(-2 * max(days, 0.0) / self.tau)

    @property
    def settled(self) -> float:
        """The variance that all jumps of the past have left."""
        return self.rate / 365.0 * (self.mean**2 + self.sd**2) * self.tau / 2


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Probabilities: of each hypothesis, and of none."""

    each: list[float]
    none: float


@dataclass(slots=True, eq=False)
class Jumps:
    """The hypotheses about one partner."""

    prior: JumpPrior
    spawned: float = math.nan
    pending: list[Jump] = field(default_factory=list)
    merged: list[tuple[float, float]] = field(default_factory=list)

    def happened(self) -> list[tuple[float, float]]:
        """This will tell each jump's day and its expected square, also of those merged by now."""
        each = self.shares().each
        return self.merged + [
            (jump.born, share * (jump.size**2 + 1 / jump.precision))
            for jump, share in zip(self.pending, each, strict=True)
        ]

    def shares(self) -> Shares:
        """This will turn log odds into probabilities."""
        top = max([0.0, *(jump.odds for jump in self.pending)])
        weights = [math.exp(jump.odds - top) for jump in self.pending]
        none = math.exp(-top)
        total = sum(weights) + none
        return Shares([weight / total for weight in weights], none / total)

    def drift(self, keep: Floats) -> None:
        """This will let the wrongness fade as the belief itself does."""
        for jump in self.pending:
            jump.way *= keep

    def make_room(self, size: int) -> None:
        """This will follow the belief when a rater is added."""
        for jump in self.pending:
            jump.way = np.append(jump.way, np.zeros(size - len(jump.way)))

    def forget(self, place: int) -> None:
        """This will follow the belief when a rater is dropped."""
        for jump in self.pending:
            jump.way = np.delete(jump.way, place)

    def spawn(self, day: float, *, metrics: int, mean: Floats, cov: Floats) -> None:
        """This will ask whether a jump happened since the last time, if that was long enough ago.

        Where there is no room, one hypothesis is merged into the belief, in place.
        """
        if math.isnan(self.spawned):
            self.spawned = day
        gap = day - self.spawned
        if gap < APART:
            return
        self.spawned = day
        way = np.zeros(len(mean))
        way[:metrics] = 1.0
        precision = 1 / self.prior.sd**2
        born = Jump(day, way, precision, self.prior.mean * precision, self.prior.log_odds(gap))
        victim = self._victim(day)
        if victim is None:
            self.pending.append(born)
        else:
            self._absorb(victim, mean=mean, cov=cov)
            self.pending[victim] = born

    def _victim(self, day: float) -> int | None:
        """Who makes room: a sure one, else the oldest if too old, else the least likely if full."""
        each = self.shares().each
        places = range(len(each))
        sure = [place for place in places if each[place] > SURE]
        if sure:
            return sure[0]
        old = [place for place in places if day - self.pending[place].born > OLD]
        if old:
            return min(old, key=lambda place: self.pending[place].born)
        if len(each) < HYPOTHESES:
            return None
        return min(places, key=each.__getitem__)

    def _absorb(self, place: int, *, mean: Floats, cov: Floats) -> None:
        shares, jump = self.shares(), self.pending[place]
        both = shares.each[place] + shares.none
        part = shares.each[place] / both
        move = jump.way * jump.size
        mean += part * move
        cov += np.multiply.outer(jump.way * (part / jump.precision), jump.way)
        cov += np.multiply.outer(move * (part * (1 - part)), move)
        self.merged.append((jump.born, part * (jump.size**2 + 1 / jump.precision)))
        shift = math.log(max(shares.none, 1e-300)) - math.log(max(both, 1e-300))
        for other in self.pending:
            other.odds += shift

    def mix(self, mean: Floats, cov: Floats, *, metrics: int, at: float) -> tuple[Floats, Floats]:
        """This will add to a belief what the hypotheses say, and jumps nobody could have seen."""
        cov = cov.copy()
        if not math.isnan(self.spawned):
            cov[:metrics, :metrics] += self.prior.unseen(at - self.spawned)
        if not self.pending:
            return mean, cov
        each = self.shares().each
        ways = np.array([jump.way for jump in self.pending])
        sizes = np.array([jump.size for jump in self.pending])
        widths = np.array([1 / jump.precision for jump in self.pending])
        shift = (np.array(each) * sizes) @ ways
        spread = (ways.T * (np.array(each) * (widths + sizes**2))) @ ways
        return mean + shift, cov + spread - np.multiply.outer(shift, shift)
