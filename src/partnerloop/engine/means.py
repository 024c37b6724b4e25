"""Segment means, role offsets and overall offsets from the answers of a whole program.

One mixed model, solved by backfitting: answer = level + item + segment + segment x item + role
+ role x item + partner + contact + rest, every term but the level shrunken to zero by its own
variance (empirical Bayes). See docs/methods/means.md.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from partnerloop.engine.columns import Columns
from partnerloop.engine.interface import Floats, Hyperparameters, Ints, Layout, PoolObservation

ROUNDS = 25
# Variances before any data, points squared, and how many groups that belief is worth.
LEVEL_SD = 1.0
START = {
    "item": 0.25,
    "segment": 0.12,
    "segment_item": 0.04,
    "role": 0.03,
    "role_item": 0.04,
    "partner": 1.5,
    "contact": 0.8,
}
BELIEF = 4.0


@dataclass(slots=True, eq=False)
class Term:
    """One group of effects: each row's group, the effects, and their variance."""

    group: Ints
    effects: Floats
    variance: float
    start: float

    def fit(self, left: Floats, *, weight: Floats, rest: float) -> Floats:
        """This will refit the effects to what the other terms leave, and tell them per row."""
        size = len(self.effects)
        count = np.bincount(self.group, weight, size)
        total = np.bincount(self.group, weight * left, size)
        share = self.variance / (self.variance + rest / np.maximum(count, 1e-9))
        share = np.where(count > 0, share, 0.0)
        self.effects = share * total / np.maximum(count, 1e-9)
        heard = count > 0
        spread = (self.effects**2 + self.variance * (1 - share))[heard].sum()
        self.variance = float((spread + BELIEF * self.start) / (heard.sum() + BELIEF))
        return self.rows()

    def rows(self) -> Floats:
        """This will tell each row's effect."""
        return self.effects[self.group]


def learn_means(
    columns: Columns,
    *,
    layout: Layout,
    hyper: Hyperparameters,
    latent: Floats | None = None,
    pools: tuple[PoolObservation, ...] = (),
) -> Hyperparameters:
    """This will replace the segment means and the role and overall offsets.

    ``latent`` are the answers with the ends of the scale opened (10 means "at least 9.5"), from a
    pass of the filter; without it the answers themselves.
    """
    rows = _Rows.of(columns, layout, columns.value if latent is None else latent, pools)
    terms, level, rest = _backfit(rows, layout)
    tables: dict[str, Any] = _tables(rows, terms, level=level, rest=rest, layout=layout)
    return replace(hyper, **tables)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """What the mixed model needs of each row; a pool's atom is a partner and contact of its own."""

    value: Floats
    weight: Floats
    item: Ints
    segment: Ints
    role: Ints
    partner: Ints
    contact: Ints

    @classmethod
    def of(
        cls, c: Columns, layout: Layout, value: Floats, pools: tuple[PoolObservation, ...]
    ) -> "_Rows":
        partners = len(c.segments)
        people, own = int(c.rater.max(initial=-1)) + 2, np.arange(len(pools))
        pair = np.concatenate((c.partner * people + c.rater + 1, -1 - own))
        _, contact = np.unique(pair, return_inverse=True)
        segment = np.array([p.segment for p in pools], np.int64)
        return cls(
            value=np.concatenate((value, [p.value for p in pools])),
            weight=np.concatenate((c.people, [p.people for p in pools])),
            item=np.concatenate((c.metric, np.array([p.metric for p in pools], np.int64))),
            segment=np.concatenate((c.segments[c.partner], segment)),
            role=np.concatenate((c.role, np.full(len(pools), -1))),
            partner=np.concatenate((c.partner, partners + own)),
            contact=contact,
        )


def _backfit(rows: _Rows, layout: Layout) -> tuple[dict[str, Term], float, float]:
    items, roles, segments = layout.items, len(layout.roles), len(layout.segments)
    role = np.where(rows.role < 0, roles, rows.role)
    groups = {
        "item": (rows.item, items),
        "segment": (rows.segment, segments),
        "segment_item": (rows.segment * items + rows.item, segments * items),
        "role": (role, roles + 1),
        "role_item": (role * items + rows.item, (roles + 1) * items),
        "partner": (rows.partner, int(rows.partner.max(initial=0)) + 1),
        "contact": (rows.contact, int(rows.contact.max(initial=0)) + 1),
    }
    terms = {
        name: Term(group, np.zeros(size), START[name], START[name])
        for name, (group, size) in groups.items()
    }
    rest = 1.5
    fitted = {name: np.zeros(len(rows.value)) for name in terms}
    level, total = 7.0, np.zeros(len(rows.value))
    for _ in range(ROUNDS if len(rows.value) else 0):
        level = _level(rows, rows.value - total, terms, rest)
        for name, term in terms.items():
            left = rows.value - level - (total - fitted[name])
            now = term.fit(left, weight=rows.weight, rest=rest)
            total += now - fitted[name]
            fitted[name] = now
        misfit = rows.weight * (rows.value - level - total) ** 2
        rest = float((misfit.sum() + 10 * rest) / (len(misfit) + 10))
    return terms, level, rest


def _level(rows: _Rows, left: Floats, terms: dict[str, Term], rest: float) -> float:
    """The program's level: a partner counts for what it adds, not for how much it answers."""
    precision = 1 / (
        terms["partner"].variance + rest / np.bincount(rows.partner, rows.weight)[rows.partner]
    )
    weight = rows.weight * precision
    reach = precision[np.unique(rows.partner, return_index=True)[1]].sum()
    share = LEVEL_SD**2 / (LEVEL_SD**2 + 1 / reach)
    return float(7.0 + share * (np.average(left, weights=weight) - 7.0))


def _tables(
    rows: _Rows, terms: dict[str, Term], *, level: float, rest: float, layout: Layout
) -> dict[str, Floats]:
    items, metrics = layout.items, len(layout.metrics)
    segments, roles = len(layout.segments), len(layout.roles)
    item = terms["item"].effects
    by_segment = terms["segment"].effects[:, None] + terms["segment_item"].effects.reshape(
        segments, items
    )
    by_role = terms["role"].effects[:, None] + terms["role_item"].effects.reshape(roles + 1, items)
    by_role = by_role[:-1]
    middle = by_role.mean(0) if roles else np.zeros(items)
    means = level + (item + middle + by_segment)[:, :metrics]
    weights = np.array(layout.weights)
    overall = (level + item + middle)[metrics:] - (level + item + middle)[:metrics] @ weights
    return {
        "segment_means": means,
        "segment_mean_sd": np.tile(
            _segment_sd(rows, terms, rest=rest, layout=layout)[:, None], metrics
        ),
        "role_offsets": by_role - middle,
        "overall_offsets": overall,
    }


def _segment_sd(rows: _Rows, terms: dict[str, Term], *, rest: float, layout: Layout) -> Floats:
    """How unsure a segment's mean is: few partners say little about it, however much they say."""
    partners, first = np.unique(rows.partner, return_index=True)
    count = np.bincount(rows.partner, rows.weight)[partners]
    precision = 1 / (terms["partner"].variance + rest / np.maximum(count, 1e-9))
    reach = np.bincount(rows.segment[first], precision, len(layout.segments))
    own = 1 / (1 / terms["segment"].variance + reach)
    return np.asarray(np.sqrt(own + 1 / (1 / LEVEL_SD**2 + reach.sum())), float)
