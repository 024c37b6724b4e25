"""What the product's engine is given instead of all answers: named ones, and atoms."""

import numpy as np
from numpy.random import Generator

from partnerloop.core.bands import band, middle
from partnerloop.engine.columns import Columns
from partnerloop.engine.disclosure import blur_sd
from partnerloop.engine.interface import Floats

NAMED, CONFIDENTIAL = 0.5, 0.4
SMALLEST, STRENGTH = 3, 1.5
TICK = 7.0
# So long an answer waits for colleagues before it moves on to a pool of companies.
WAIT = 91.0


def as_evidence(
    columns: Columns, *, rng: Generator, named: float = NAMED, confidential: float = CONFIDENTIAL
) -> Columns:
    """This will keep the named answers and average the confidential ones into atoms.

    People choose a mode once (50/40/10 named, confidential, anonymous); confidential answers of
    a partner on one item wait until three people have given one (for 91 days at most, as in
    evidence.tick), become one blurred mean on the next weekly tick, and are forgotten. Pools over
    companies and anonymous answers are left out: they say nothing about a single partner.
    """
    people = int(columns.rater.max(initial=0)) + 1
    mode = rng.choice(3, people, p=[named, confidential, 1 - named - confidential])
    choice = mode[columns.rater]
    spoken = columns.where(choice == 0)
    atoms = _atoms(columns.where(choice == 1), rng=rng)
    both = (spoken, atoms)
    order = np.argsort(np.concatenate([c.day for c in both]), kind="stable")
    return Columns(
        segments=columns.segments,
        partner=np.concatenate([c.partner for c in both])[order],
        day=np.concatenate([c.day for c in both])[order],
        metric=np.concatenate([c.metric for c in both])[order],
        value=np.concatenate([c.value for c in both])[order],
        rater=np.concatenate([c.rater for c in both])[order],
        role=np.concatenate([c.role for c in both])[order],
        people=np.concatenate([c.people for c in both])[order],
        blur_sd=np.concatenate([c.blur_sd for c in both])[order],
    )


def _atoms(columns: Columns, *, rng: Generator) -> Columns:
    waiting: dict[tuple[int, int], dict[int, tuple[float, float]]] = {}
    rows: list[tuple[int, float, int, float, float, float]] = []
    tick = np.floor(columns.day / TICK).astype(np.int64)
    order = np.lexsort((columns.day, tick))
    for week in np.split(order, np.flatnonzero(np.diff(tick[order])) + 1):
        if not week.size:
            continue
        monday = float(tick[week[0]] + 1) * TICK
        touched = []
        for k in week.tolist():
            cell = int(columns.partner[k]), int(columns.metric[k])
            person = int(columns.rater[k])
            waiting.setdefault(cell, {})[person] = (float(columns.day[k]), float(columns.value[k]))
            touched.append(cell)
        for cell in dict.fromkeys(touched):
            batch = waiting[cell]
            for person in [who for who, (day, _) in batch.items() if day <= monday - WAIT]:
                del batch[person]
            if len(batch) >= SMALLEST:
                values = [value for _, value in batch.values()]
                rows.append((cell[0], monday, cell[1], *_averaged(values, rng=rng)))
                del waiting[cell]
    table: Floats = np.array(rows, float).reshape(len(rows), 6)
    nobody = np.full(len(rows), -1)
    return Columns(
        segments=columns.segments,
        partner=table[:, 0].astype(np.int64),
        day=table[:, 1],
        metric=table[:, 2].astype(np.int64),
        value=table[:, 3],
        rater=nobody,
        role=nobody,
        people=table[:, 4],
        blur_sd=table[:, 5],
    )


def _averaged(values: list[float], *, rng: Generator) -> tuple[float, float, float]:
    """The blurred mean, the people as its band tells them, and the blur that is known."""
    blur = blur_sd(len(values), strength=STRENGTH)
    mean = sum(values) / len(values) + rng.normal(0, blur)
    return round(min(10.0, max(0.0, mean)), 1), middle(band(len(values))), blur
