"""A program's observations laid out so that many partners can be filtered at once."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from partnerloop.engine.columns import Columns
from partnerloop.engine.interface import Floats, Ints
from partnerloop.engine.kalman import RATERS

# Partners filtered together: more would leave the processor's cache, fewer would wait on Python.
BLOCK = 1024
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
    load: Floats
    named: np.ndarray
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
        "load": np.concatenate(
            (np.where(columns.rater < 0, 1 / np.sqrt(columns.people), 1.0), np.zeros(extra))
        ),
        "named": np.concatenate((columns.rater >= 0, np.zeros(extra, bool))),
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
    """Each row's place among its partner's raters, and whether a new rater takes it there.

    The crowd behind a partner's atoms is one of its raters.
    """
    slot = np.full(len(columns), -1)
    fresh = np.zeros(len(columns), np.int64)
    if not len(order):
        return slot, fresh
    known, people = order, int(columns.rater.max()) + 2
    pair = columns.partner[known] * people + columns.rater[known] + 1
    _, first, inverse = np.unique(pair, return_index=True, return_inverse=True)
    by_entry = np.argsort(first, kind="stable")
    owner = columns.partner[known[first[by_entry]]]
    rank = np.empty(len(first), np.int64)
    rank[by_entry] = np.arange(len(first)) - np.searchsorted(owner, owner)
    slot[known] = rank[inverse]
    crowded = np.unique(columns.partner[known[slot[known] >= RATERS]])
    for partner in crowded:
        rows = known[columns.partner[known] == partner]
        found = seat(columns.rater[rows].tolist(), days=columns.day[rows].tolist())
        slot[rows], fresh[rows] = found.slots, found.fresh
    return slot, fresh


@dataclass(frozen=True, slots=True)
class Seating:
    """Who sits where: each row's place and whether it is taken anew; in the end, per rater.

    ``order`` are the raters who are remembered, first come first, with their place and last day.
    """

    slots: list[int]
    fresh: list[int]
    order: list[Hashable]
    places: list[int]
    heard: list[float]


def seat(raters: Sequence[Hashable], *, days: Sequence[float]) -> Seating:
    """This will give raters their places, and forget as the filter of one partner does.

    Where there is no place left, who was heard longest ago goes.

    >>> seat("aba", days=[1.0, 2.0, 3.0]).slots
    [0, 1, 0]
    """
    places: dict[Hashable, int] = {}
    heard: dict[Hashable, float] = {}
    slots, fresh = [], []
    for rater, day in zip(raters, days, strict=True):
        fresh.append(int(rater not in places))
        if fresh[-1]:
            free = len(places)
            if free == RATERS:
                gone = min(places, key=heard.__getitem__)
                free = places.pop(gone)
            places[rater] = free
        heard[rater] = day
        slots.append(places[rater])
    order = list(places)
    return Seating(slots, fresh, order, list(places.values()), [heard[who] for who in order])
