"""The filter of ``kalman`` for all partners of a program at once.

The same arithmetic, so that it gives the same numbers to 1e-9; the k-th observations of many
partners are taken in together, which costs a few microseconds each instead of fifty.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from partnerloop.engine.asked import Asked, Surprises, surprise
from partnerloop.engine.dynamics import Dynamics
from partnerloop.engine.interface import Floats, Hyperparameters, Ints, Layout
from partnerloop.engine.jumps_many import ManyJumps
from partnerloop.engine.plan import LOOK, Block, Plan, plan

__all__ = ["BlockFilter", "Plan", "Run", "empty_run", "passes", "plan", "run"]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What a pass over the program gives; rows as in the columns it was planned from.

    ``mean`` (looks, partners, M) and ``cov`` (looks, partners, M, M): beliefs at the looks.
    ``residual``, ``sd`` per row: innovations. ``latent``: the answer with its censored end
    opened. ``likelihood`` per partner.
    """

    mean: Floats
    cov: Floats
    residual: Floats
    sd: Floats
    latent: Floats
    likelihood: Floats


def run(steps: Plan, *, layout: Layout, hyper: Hyperparameters) -> Run:
    """This will filter the whole program."""
    result = empty_run(steps, layout=layout)
    for _ in passes(steps, layout=layout, hyper=hyper, result=result):
        pass
    return result


def passes(
    steps: Plan, *, layout: Layout, hyper: Hyperparameters, result: Run
) -> Iterator["BlockFilter"]:
    """This will filter block by block and give each block's filter when it is done."""
    kinds = [Dynamics.of(layout, hyper, segment=s) for s in range(len(layout.segments))]
    for block in steps.blocks:
        one = BlockFilter(block, segments=steps.segments, kinds=kinds, result=result)
        one.all_steps()
        yield one


def empty_run(steps: Plan, *, layout: Layout) -> Run:
    """This will make room for what a pass gives."""
    partners, metrics, looks = len(steps.segments), len(layout.metrics), len(steps.looks)
    return Run(
        mean=np.empty((looks, partners, metrics)),
        cov=np.empty((looks, partners, metrics, metrics)),
        residual=np.empty(steps.rows),
        sd=np.empty(steps.rows),
        latent=np.empty(steps.rows),
        likelihood=np.zeros(partners),
    )


class BlockFilter:
    """One block being filtered."""

    def __init__(
        self, block: Block, *, segments: Ints, kinds: Sequence[Dynamics], result: Run
    ) -> None:
        one = kinds[0]
        self.block, self.result, self.one = block, result, one
        self.metrics = len(one.mu)
        which = segments[block.partners]
        self.mu = np.array([kind.mu for kind in kinds])[which]
        self.diffusion = np.array([kind.diffusion for kind in kinds])[which]
        count, size = len(block.partners), self.metrics + block.slots
        self.mean = np.zeros((count, size))
        self.mean[:, : self.metrics] = self.mu
        self.cov = np.zeros((count, size, size))
        self.cov[:, : self.metrics, : self.metrics] = np.array([k.prior for k in kinds])[which]
        self.places = np.arange(self.metrics, size)
        self.cov[:, self.places, self.places] = one.leniency
        self.excess, self.told = np.zeros((count, block.slots)), np.zeros((count, block.slots))
        self.at = np.full(count, np.nan)
        self.jumps = ManyJumps(one.jump, metrics=self.metrics, mean=self.mean, cov=self.cov)
        self.buffer = np.empty((count, size, size))

    def all_steps(self) -> None:
        starts = self.block.starts
        for step in range(len(starts) - 1):
            self._step(slice(int(starts[step]), int(starts[step + 1])))

    def _step(self, rows: slice) -> None:
        block = self.block
        count, item, day = rows.stop - rows.start, block.item[rows], block.day[rows]
        self._drift(count, day, asked=item != LOOK)
        looking = np.flatnonzero(item == LOOK)
        if len(looking):
            self._look(looking, block.look[rows][looking], day=day[looking])
            if len(looking) == count:
                return
        self.jumps.spawn(day, asked=item != LOOK)
        fresh = np.flatnonzero(block.fresh[rows])
        if len(fresh):
            self._renew(fresh, block.slot[rows][fresh])
        self._weigh(rows, looking=looking)

    def _drift(self, count: int, day: Floats, *, asked: np.ndarray) -> None:
        metrics = self.metrics
        gap = day - self.at[:count]
        # Before the first answer the belief stands still: it is what any partner is like.
        self.at[:count] = np.where(asked | ~np.isnan(gap), day, np.nan)
        moving = gap > 0
        if not moving.any():
            return
        gap = np.where(moving, gap, 0.0)
        mean, cov = self.mean[:count], self.cov[:count]
        keep = np.empty_like(mean)
        own = np.exp(-gap / self.one.tau)
        person = np.exp(-gap / self.one.leniency_tau)
        keep[:, :metrics] = own[:, None]
        keep[:, metrics:] = person[:, None]
        mean[:, :metrics] -= self.mu[:count]
        mean *= keep
        mean[:, :metrics] += self.mu[:count]
        cov *= keep[:, None, :]
        cov *= keep[:, :, None]
        cov[:, :metrics, :metrics] += (1.0 - own * own)[:, None, None] * self.diffusion[:count]
        new = ((1.0 - person * person) * self.one.leniency)[:, None]
        cov[:, self.places, self.places] += new
        self.jumps.ways[:count] *= keep[:, None, :]

    def _look(self, places: Ints, looks: Ints, *, day: Floats) -> None:
        metrics = self.metrics
        who = self.block.partners[places]
        mean, cov = self.jumps.mix(places, day=day)
        self.result.mean[looks, who] = mean[:, :metrics]
        self.result.cov[looks, who] = cov[:, :metrics, :metrics]

    def _renew(self, places: Ints, slots: Ints) -> None:
        at = self.metrics + slots
        self.mean[places, at] = 0.0
        self.cov[places, at] = 0.0
        self.cov[places, :, at] = 0.0
        self.cov[places, at, at] = self.one.leniency
        self.jumps.ways[places, :, at] = 0.0
        self.excess[places, slots] = self.told[places, slots] = 0.0

    def _weigh(self, rows: slice, *, looking: Ints) -> None:
        block, count = self.block, rows.stop - rows.start
        asked = Asked.of(block, rows, metrics=self.metrics, fresh=self.one.atoms.fresh)
        usual = self.one.noise[asked.item]
        noise = self._noise(rows, asked, usual)
        gain, expected, variance = self._expect(asked, noise)
        expected += self.one.offsets[block.role[rows], asked.item]
        told = surprise(asked, expected=expected, variance=variance)
        told.silence(looking)
        seen = asked.through(self.jumps.ways[:count], weights=self.one.weights)
        seen[looking] = 0.0
        mixed = self._suspect(asked, seen, told, expected=expected, variance=variance)
        mixed.told.silence(looking)
        self._judge(asked, mixed, noise=noise, usual=usual)
        self._tell(rows, mixed)
        push = gain * (told.share / variance)[:, None]
        self.jumps.learn(seen, push, residual=told.residual / variance, share=told.share / variance)
        self.mean[:count] += gain * (told.residual / variance)[:, None]
        np.multiply(push[:, :, None], gain[:, None, :], out=self.buffer[:count])
        self.cov[:count] -= self.buffer[:count]

    def _noise(self, rows: slice, asked: Asked, usual: Floats) -> Floats:
        named, slot, block = asked.named, asked.slot, self.block
        noise = usual
        if block.slots:
            who = np.arange(len(slot))
            excess = self.excess[who, slot] / (self.one.steadiness + self.told[who, slot])
            noise = usual * np.maximum(1.0, 1.0 + excess)
        if named.all():
            return noise
        people, atoms = block.people[rows], self.one.atoms
        crowd = usual / people + block.blur[rows] ** 2
        crowd += atoms.settled[asked.item] * atoms.stale(people)
        return np.where(named, noise, crowd)

    def _expect(self, asked: Asked, noise: Floats) -> tuple[Floats, Floats, Floats]:
        count = len(asked.item)
        gain = asked.through(self.cov[:count], weights=self.one.weights)
        expected = asked.through(self.mean[:count, None], weights=self.one.weights)[:, 0]
        if not asked.named.all():
            usual = asked.through(self.mu[:count, None], weights=self.one.weights)[:, 0]
            expected += usual * (1 / asked.reach - 1.0)
        own = asked.through(gain[:, None], weights=self.one.weights)[:, 0]
        return gain, expected, own + noise

    def _suspect(
        self,
        asked: Asked,
        seen: Floats,
        told: Surprises,
        *,
        expected: Floats,
        variance: Floats,
    ) -> "_Mixed":
        """Weighs the hypotheses by the answers; tells what all of them together had expected."""
        jumps, count = self.jumps, len(expected)
        each, none = jumps.shares(slice(0, count))
        move = seen * jumps.sizes(count)
        width = variance[:, None] + seen**2 / jumps.precision[:count]
        other = surprise(
            asked.repeated(each.shape[1]),
            expected=(expected[:, None] + move).ravel(),
            variance=width.ravel(),
        )
        gain = other.logged.reshape(each.shape) - told.logged[:, None]
        gain[~seen.any(1)] = 0.0
        jumps.odds[:count] += gain
        logged = told.logged + np.log(none + (each * np.exp(np.clip(gain, -50, 50))).sum(1))
        middle = (each * move).sum(1)
        spread = (each * (width - variance[:, None] + move * move)).sum(1)
        total = variance + spread - middle * middle
        mixed = surprise(asked, expected=expected + middle, variance=total)
        return _Mixed(mixed, expected + middle, total, logged)

    def _judge(self, asked: Asked, mixed: "_Mixed", *, noise: Floats, usual: Floats) -> None:
        told = np.flatnonzero(asked.named)
        excess = (mixed.told.residual**2 - mixed.variance + noise) / usual - 1.0
        self.excess[told, asked.slot[told]] += excess[told]
        self.told[told, asked.slot[told]] += 1.0

    def _tell(self, rows: slice, mixed: "_Mixed") -> None:
        block, result = self.block, self.result
        real = np.flatnonzero(block.look[rows] < 0)
        who = block.partners[: rows.stop - rows.start][real]
        result.likelihood[who] += mixed.logged[real]
        row = block.row[rows][real]
        result.residual[row] = mixed.told.residual[real]
        result.sd[row] = np.sqrt(mixed.variance[real])
        result.latent[row] = (mixed.expected + mixed.told.residual)[real]


@dataclass(frozen=True, slots=True, eq=False)
class _Mixed:
    """What all hypotheses together expected, and the log density of the answer under them."""

    told: Surprises
    expected: Floats
    variance: Floats
    logged: Floats
