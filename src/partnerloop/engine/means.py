"""Segment means and role offsets from the answers of a whole program."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from partnerloop.engine.interface import Hyperparameters, Layout, PoolObservation, Record

# A group's mean counts as if this many answers had said "like everybody".
SHRINK = 20.0


def learn_means(
    records: Sequence[Record],
    *,
    layout: Layout,
    hyper: Hyperparameters,
    pools: Sequence[PoolObservation] = (),
) -> Hyperparameters:
    """This will replace the segment means, role and overall offsets by shrunken averages."""
    rows = [
        (r.segment, -1 if o.role is None else o.role, o.metric, o.value, o.people)
        for r in records
        for o in r.observations
    ]
    rows += [(p.segment, -1, p.metric, p.value, p.people) for p in pools]
    if not rows:
        return hyper
    table = np.array(rows)
    segment, role, item = table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2].astype(int)
    value, people = table[:, 3], table[:, 4]
    items, metrics = layout.items, len(layout.metrics)
    prior = np.append(
        hyper.segment_means.mean(0), hyper.segment_means.mean() + hyper.overall_offsets
    )
    count = np.bincount(item, people, items)
    base = (np.bincount(item, people * value, items) + SHRINK * prior) / (count + SHRINK)
    shape = (len(layout.segments), items)
    roles = (len(layout.roles) + 1, items)
    by_segment, by_role = np.zeros(shape), np.zeros(roles)
    for _ in range(8):
        left = value - base[item] - by_role[role, item]
        by_segment = _shrunken(segment * items + item, left, people, shape)
        left = value - base[item] - by_segment[segment, item]
        by_role = _shrunken(role % roles[0] * items + item, left, people, roles)
        by_role -= by_role[:-1].mean(0)
        by_role[-1] = 0.0
    means = base[:metrics] + by_segment[:, :metrics]
    overall = base[metrics:] - means.mean(0) @ np.array(layout.weights)
    return replace(
        hyper,
        segment_means=means,
        role_offsets=by_role[:-1],
        overall_offsets=overall,
        answers=len(rows),
    )


def _shrunken(
    cell: np.ndarray, left: np.ndarray, weight: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    size = shape[0] * shape[1]
    total = np.bincount(cell, weight * left, size)
    return (total / (np.bincount(cell, weight, size) + SHRINK)).reshape(shape)
