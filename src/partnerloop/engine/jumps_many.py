"""The hypotheses of ``jumps`` for many partners at once."""

import numpy as np

from partnerloop.engine.interface import Floats, Ints
from partnerloop.engine.jumps import APART, HYPOTHESES, LONGEST, OLD, SURE, JumpPrior


class ManyJumps:
    """Hypotheses of partners whose beliefs are ``mean`` (n, d) and ``cov`` (n, d, d), shared."""

    def __init__(self, prior: JumpPrior, *, metrics: int, mean: Floats, cov: Floats) -> None:
        count, size = mean.shape
        self.prior, self.metrics, self.mean, self.cov = prior, metrics, mean, cov
        self.ways = np.zeros((count, HYPOTHESES, size))
        self.precision = np.ones((count, HYPOTHESES))
        self.info = np.zeros((count, HYPOTHESES))
        self.odds = np.full((count, HYPOTHESES), -np.inf)
        self.born = np.full((count, HYPOTHESES), np.nan)
        self.spawned = np.full(count, np.nan)

    def sizes(self, count: int) -> Floats:
        """This will tell the expected size of each jump, points."""
        return np.asarray(self.info[:count] / self.precision[:count])

    def shares(self, who: Ints | slice) -> tuple[Floats, Floats]:
        """This will turn log odds into probabilities: of each hypothesis, and of none."""
        odds = self.odds[who]
        top = np.maximum(odds.max(1), 0.0)
        each, none = np.exp(odds - top[:, None]), np.exp(-top)
        total = each.sum(1) + none
        return each / total[:, None], none / total

    def spawn(self, day: Floats, *, asked: np.ndarray) -> None:
        """This will ask whether a jump happened since the last time: see ``Jumps.spawn``."""
        spawned = self.spawned[: len(day)]
        first = np.isnan(spawned) & asked
        spawned[first] = day[first]
        due = np.flatnonzero(asked & (day - spawned >= APART))
        if not len(due):
            return
        gap = np.minimum(day[due] - spawned[due], LONGEST)
        spawned[due] = day[due]
        victim = self._victims(due, day[due])
        self._absorb(due, victim)
        precision = 1 / self.prior.sd**2
        self.ways[due, victim] = 0.0
        self.ways[due, victim, : self.metrics] = 1.0
        self.precision[due, victim] = precision
        self.info[due, victim] = self.prior.mean * precision
        self.odds[due, victim] = np.log(np.expm1(max(self.prior.rate, 1e-12) * gap / 365.0))
        self.born[due, victim] = day[due]

    def _victims(self, who: Ints, day: Floats) -> Ints:
        each, _ = self.shares(who)
        born = self.born[who]
        age = np.where(np.isnan(born), -1.0, day[:, None] - born)
        score = np.where(np.isnan(born), 2.0, 1.0 - each)
        score = np.where(age > OLD, 1e3 + age, score)
        return np.asarray(np.where(each > SURE, 1e9, score).argmax(1), np.int64)

    def _absorb(self, due: Ints, victim: Ints) -> None:
        taken = np.flatnonzero(~np.isnan(self.born[due, victim]))
        if not len(taken):
            return
        who, place = due[taken], victim[taken]
        each, none = self.shares(who)
        own = each[np.arange(len(who)), place]
        both = own + none
        part = own / both
        way, precision = self.ways[who, place], self.precision[who, place]
        move = way * (self.info[who, place] / precision)[:, None]
        self.mean[who] += part[:, None] * move
        wider = (part / precision)[:, None, None] * (way[:, :, None] * way[:, None, :])
        wider += (part * (1 - part))[:, None, None] * (move[:, :, None] * move[:, None, :])
        self.cov[who] += wider
        shift = np.log(np.maximum(none, 1e-300)) - np.log(np.maximum(both, 1e-300))
        self.odds[who] += shift[:, None]

    def learn(self, seen: Floats, push: Floats, *, residual: Floats, share: Floats) -> None:
        """This will take in a step: what each answer showed of each jump, and how the filter moved.

        ``residual`` and ``share`` are already divided by the answer's variance.
        """
        count = len(seen)
        self.info[:count] += seen * residual[:, None]
        self.precision[:count] += seen**2 * share[:, None]
        self.ways[:count] -= seen[:, :, None] * push[:, None, :]

    def mix(self, who: Ints, *, day: Floats) -> tuple[Floats, Floats]:
        """This will tell beliefs with what the hypotheses add to them: see ``Jumps.mix``."""
        each, _ = self.shares(who)
        ways, precision = self.ways[who], self.precision[who]
        size = self.info[who] / precision
        shift = np.einsum("nk,nkd->nd", each * size, ways)
        spread = np.einsum("nk,nkd,nke->nde", each * (1 / precision + size**2), ways, ways)
        spread -= shift[:, :, None] * shift[:, None, :]
        gap = np.maximum(np.nan_to_num(day - self.spawned[who]), 0.0)
        unseen = self.prior.settled * -np.expm1(-2 * gap / self.prior.tau)
        spread[:, : self.metrics, : self.metrics] += unseen[:, None, None]
        return self.mean[who] + shift, self.cov[who] + spread
