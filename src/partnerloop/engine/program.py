"""The filter of ``kalman`` for all partners of a program at once.

The same arithmetic in the same order, so that it gives the same numbers to 1e-9; the k-th
observations of many partners are taken in together, which costs about a microsecond each
instead of twenty.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from partnerloop.engine.columns import Columns
from partnerloop.engine.hazard import log_tail, normal_hazard
from partnerloop.engine.interface import Floats, Hyperparameters, Ints, Layout
from partnerloop.engine.kalman import (
    BOTTOM,
    CUSUM_LIMIT,
    CUSUM_SLACK,
    RATERS,
    TOP,
    Dynamics,
)

# Partners filtered together: few enough that their covariances stay in the processor's cache.
BLOCK = 256
LOOK = -1


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Observations laid out step by step; independent of hyperparameters, so made once.

    Each block has its partners in falling order of their number of rows; row ``k`` of every
    partner that has one forms step ``k``. A row with item ``LOOK`` only asks for the belief.
    """

    blocks: tuple["Block", ...]
    segments: Ints
    looks: Floats
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Up to ``BLOCK`` partners with at most ``slots`` raters each; ``starts`` bounds the steps."""

    partners: Ints
    slots: int
    starts: Ints
    row: Ints
    day: Floats
    item: Ints
    slot: Ints
    fresh: Ints
    role: Ints
    value: Floats
    people: Floats
    blur: Floats
    look: Ints


def plan(columns: Columns, *, looks: Sequence[float] = ()) -> Plan:
    """This will lay out a program's observations, with the days at which to tell the beliefs."""
    partners = len(columns.segments)
    days = np.sort(np.array(looks, float))
    count = len(columns)
    extra = partners * len(days)
    partner = np.concatenate((columns.partner, np.repeat(np.arange(partners), len(days))))
    day = np.concatenate((columns.day, np.tile(days, partners)))
    order = np.lexsort((day, partner))
    slot, fresh = _slots(columns, order=order[order < count])
    pad = np.full(extra, LOOK)
    full = {
        "row": np.arange(count + extra),
        "day": day,
        "item": np.concatenate((columns.metric, pad)),
        "slot": np.concatenate((slot, pad)),
        "fresh": np.concatenate((fresh, np.zeros(extra, np.int64))),
        "role": np.concatenate((columns.role, pad)),
        "value": np.concatenate((columns.value, np.zeros(extra))),
        "people": np.concatenate((columns.people, np.ones(extra))),
        "blur": np.concatenate((columns.blur_sd, np.zeros(extra))),
        "look": np.concatenate((np.full(count, -1), np.tile(np.arange(len(days)), partners))),
    }
    sizes = np.bincount(partner, minlength=partners)
    slots = np.zeros(partners, np.int64)
    np.maximum.at(slots, columns.partner, slot + 1)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    blocks = [
        _block(
            group, order=order, starts=starts, sizes=sizes, slots=int(slots[group].max()), full=full
        )
        for group in _groups(slots, sizes)
    ]
    return Plan(blocks=tuple(blocks), segments=columns.segments, looks=days, rows=count)


def _groups(slots: Ints, sizes: Ints) -> Iterator[Ints]:
    """Partners of like size together, in falling order of rows within each group."""
    ranked = np.lexsort((-sizes, slots))
    for start in range(0, len(ranked), BLOCK):
        group = ranked[start : start + BLOCK]
        yield group[np.argsort(-sizes[group], kind="stable")]


def _block(
    group: Ints, *, order: Ints, starts: Ints, sizes: Ints, slots: int, full: dict[str, np.ndarray]
) -> Block:
    many = sizes[group]
    steps = int(many[0])
    active = np.searchsorted(-many, -np.arange(steps), side="left")
    bounds = np.concatenate(([0], np.cumsum(active)))
    step = np.repeat(np.arange(steps), active)
    place = np.arange(bounds[-1]) - bounds[step]
    rows = order[starts[group[place]] + step]
    return Block(
        partners=group, slots=slots, starts=bounds, **{k: v[rows] for k, v in full.items()}
    )


def _slots(columns: Columns, *, order: Ints) -> tuple[Ints, Ints]:
    """Each row's place among its partner's raters, and whether a new rater takes it there."""
    slot = np.full(len(columns), -1)
    fresh = np.zeros(len(columns), np.int64)
    known = order[columns.rater[order] >= 0]
    if not len(known):
        return slot, fresh
    pair = columns.partner[known] * (int(columns.rater.max()) + 1) + columns.rater[known]
    _, first, inverse = np.unique(pair, return_index=True, return_inverse=True)
    by_entry = np.argsort(first, kind="stable")
    owner = columns.partner[known[first[by_entry]]]
    rank = np.empty(len(first), np.int64)
    rank[by_entry] = np.arange(len(first)) - np.searchsorted(owner, owner)
    slot[known] = rank[inverse]
    crowded = np.unique(columns.partner[known[slot[known] >= RATERS]])
    for partner in crowded:
        rows = known[columns.partner[known] == partner]
        slot[rows], fresh[rows] = _recycle(columns.rater[rows])
    return slot, fresh


def _recycle(raters: Ints) -> tuple[list[int], list[int]]:
    """The same forgetting as the filter of one partner: who was heard longest ago goes."""
    places: dict[int, int] = {}
    slot, fresh = [], []
    for rater in raters.tolist():
        new = rater not in places
        if new:
            place = places.pop(next(iter(places))) if len(places) == RATERS else len(places)
        else:
            place = places.pop(rater)
        places[rater] = place
        slot.append(place)
        fresh.append(int(new))
    return slot, fresh


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
    partners, metrics, looks = len(steps.segments), len(layout.metrics), len(steps.looks)
    kinds = [Dynamics.of(layout, hyper, segment=s) for s in range(len(layout.segments))]
    result = Run(
        mean=np.empty((looks, partners, metrics)),
        cov=np.empty((looks, partners, metrics, metrics)),
        residual=np.empty(steps.rows),
        sd=np.empty(steps.rows),
        latent=np.empty(steps.rows),
        likelihood=np.zeros(partners),
    )
    for block in steps.blocks:
        _Pass(block, segments=steps.segments, kinds=kinds, result=result).all_steps()
    return result


class _Pass:
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
        size = self.metrics + block.slots
        count = len(block.partners)
        self.mean = np.zeros((count, size))
        self.mean[:, : self.metrics] = self.mu
        self.cov = np.zeros((count, size, size))
        self.cov[:, : self.metrics, : self.metrics] = np.array([k.prior for k in kinds])[which]
        self.places = np.arange(self.metrics, size)
        self.cov[:, self.places, self.places] = one.leniency
        self.excess, self.told = np.zeros((count, block.slots)), np.zeros((count, block.slots))
        self.at = np.full(count, np.nan)
        self.up, self.down = np.zeros(count), np.zeros(count)
        self.buffer = np.empty((count, size, size))

    def all_steps(self) -> None:
        starts = self.block.starts
        for step in range(len(starts) - 1):
            self._step(slice(int(starts[step]), int(starts[step + 1])))

    def _step(self, rows: slice) -> None:
        block = self.block
        count = rows.stop - rows.start
        self._drift(count, block.day[rows])
        item = block.item[rows]
        looking = np.flatnonzero(item == LOOK)
        if len(looking):
            self._look(looking, block.look[rows][looking])
            if len(looking) == count:
                return
        fresh = np.flatnonzero(block.fresh[rows])
        if len(fresh):
            self._renew(fresh, block.slot[rows][fresh])
        self._weigh(count, rows, item=item, looking=looking)

    def _drift(self, count: int, day: Floats) -> None:
        metrics = self.metrics
        gap = day - self.at[:count]
        self.at[:count] = day
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

    def _look(self, places: Ints, looks: Ints) -> None:
        metrics = self.metrics
        who = self.block.partners[places]
        self.result.mean[looks, who] = self.mean[places, :metrics]
        self.result.cov[looks, who] = self.cov[places, :metrics, :metrics]

    def _renew(self, places: Ints, slots: Ints) -> None:
        at = self.metrics + slots
        self.mean[places, at] = 0.0
        self.cov[places, at] = 0.0
        self.cov[places, :, at] = 0.0
        self.cov[places, at, at] = self.one.leniency
        self.excess[places, slots] = self.told[places, slots] = 0.0

    def _weigh(self, count: int, rows: slice, *, item: Ints, looking: Ints) -> None:
        block, one, metrics = self.block, self.one, self.metrics
        slot, value = block.slot[rows], block.value[rows]
        named = slot >= 0
        usual = one.noise[item]
        noise = usual * self._unsteady(count, slot) if block.slots else usual
        if not named.all():
            alone = (usual + one.leniency) / block.people[rows] + block.blur[rows] ** 2
            noise = np.where(named, noise, alone)
        offset = one.offsets[block.role[rows], item]
        gain, expected, variance = self._expect(count, item, slot, named, noise)
        expected = expected + offset
        sd = np.sqrt(variance)
        residual, shrink, logged = surprise(value, named=named, expected=expected, sd=sd)
        if len(looking):
            residual[looking] = shrink[looking] = logged[looking] = 0.0
        self._tell(count, rows, residual=residual, sd=sd, expected=expected, logged=logged)
        told = np.flatnonzero(named)
        over = (residual * residual - variance + noise) / usual - 1.0
        self.excess[told, slot[told]] += over[told]
        self.told[told, slot[told]] += 1.0
        broken = self._breaks(count, residual / sd)
        if len(broken):
            self.cov[broken, :metrics, :metrics] += one.jump
            part = (item[broken], slot[broken], named[broken], noise[broken])
            gain[broken], _, variance[broken] = self._expect(len(broken), *part, places=broken)
            residual[broken], shrink[broken], _ = surprise(
                value[broken],
                named=named[broken],
                expected=expected[broken],
                sd=np.sqrt(variance[broken]),
            )
        self.mean[:count] += gain * (residual / variance)[:, None]
        push = self.buffer[:count]
        np.multiply((gain * (shrink / variance)[:, None])[:, :, None], gain[:, None, :], out=push)
        self.cov[:count] -= push

    def _unsteady(self, count: int, slot: Ints) -> Floats:
        who = np.arange(count)
        share = self.excess[who, slot] / (self.one.steadiness + self.told[who, slot])
        return np.asarray(np.maximum(1.0, 1.0 + share))

    def _expect(
        self,
        count: int,
        item: Ints,
        slot: Ints,
        named: np.ndarray,
        noise: Floats,
        *,
        places: Ints | None = None,
    ) -> tuple[Floats, Floats, Floats]:
        metrics, weights = self.metrics, self.one.weights
        who = np.arange(count)
        at = who if places is None else places
        direct = np.where((item >= 0) & (item < metrics), item, 0)
        gain = self.cov[at, direct]
        expected = self.mean[at, direct]
        over = np.flatnonzero(item >= metrics)
        if len(over):
            gain[over] = weights @ self.cov[at[over], :metrics]
            expected[over] = self.mean[at[over], :metrics] @ weights
        place = np.where(named, metrics + slot, 0)
        if named.all():
            gain += self.cov[at, place]
            expected += self.mean[at, place]
        else:
            gain += named[:, None] * self.cov[at, place]
            expected += named * self.mean[at, place]
        own = gain[who, direct]
        if len(over):
            own[over] = gain[over, :metrics] @ weights
        return gain, expected, own + named * gain[who, place] + noise

    def _breaks(self, count: int, z: Floats) -> Ints:
        up = np.maximum(0.0, self.up[:count] + z - CUSUM_SLACK * (z != 0))
        down = np.maximum(0.0, self.down[:count] - z - CUSUM_SLACK * (z != 0))
        broken = np.maximum(up, down) > CUSUM_LIMIT
        self.up[:count] = np.where(broken, 0.0, up)
        self.down[:count] = np.where(broken, 0.0, down)
        return np.flatnonzero(broken)

    def _tell(
        self,
        count: int,
        rows: slice,
        *,
        residual: Floats,
        sd: Floats,
        expected: Floats,
        logged: Floats,
    ) -> None:
        block, result = self.block, self.result
        result.likelihood[block.partners[:count]] += logged
        row = block.row[rows]
        real = block.look[rows] < 0
        result.residual[row[real]] = residual[real]
        result.sd[row[real]] = sd[real]
        result.latent[row[real]] = (expected + residual)[real]


def surprise(
    value: Floats, *, named: np.ndarray, expected: Floats, sd: Floats
) -> tuple[Floats, Floats, Floats]:
    """This will tell residuals, shares of narrowing and log densities: see ``kalman.surprise``."""
    residual = value - expected
    shrink = np.ones(len(value))
    logged = -0.5 * (residual / sd) ** 2 - np.log(sd) - 0.9189385332046727
    ends = np.flatnonzero(named & ((value >= 10) | (value <= 0)))
    if len(ends):
        side = np.where(value[ends] >= 10, 1.0, -1.0)
        bound = np.where(value[ends] >= 10, TOP, BOTTOM)
        alpha = side * (bound - expected[ends]) / sd[ends]
        hazard = normal_hazard(alpha)
        residual[ends] = side * sd[ends] * hazard
        shrink[ends] = hazard * (hazard - alpha)
        logged[ends] = log_tail(alpha)
    return residual, shrink, logged
