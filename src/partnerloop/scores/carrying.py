"""Carrying scores over to what a program measures now: a new fit, and every state computed anew.

The long part runs outside any transaction, so that answers go on coming in; then fit and states
change together. Until then every figure is the earlier one, and a crash before it leaves no trace.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import Count, Max, Sum

from partnerloop.engine.interface import Floats, Hyperparameters, Layout
from partnerloop.engine.model import FilterModel
from partnerloop.evidence.models import Atom, NamedAnswer
from partnerloop.evidence.reading import evidence_of, newest_answer
from partnerloop.partners.models import Partner
from partnerloop.partners.segmenting import places
from partnerloop.programs.models import Program
from partnerloop.scores.modelling import (
    Fitted,
    Measured,
    current,
    layout_of,
    measured_by,
    measured_in,
)
from partnerloop.scores.models import Fit, PartnerScore
from partnerloop.scores.refresh import scored, store

BATCH = 100
Beat = Callable[[], None]
Marks = dict[int, list[object]]


def is_behind(program: Program) -> bool:
    """Return whether the figures are still made of other metrics or weights than are wanted."""
    return measured_by(program) != measured_in(program.pk, current(program).version)


def carry_over(program: Program, *, at: datetime, beat: Beat) -> bool:
    """Make figures of what a program measures now; return whether there was anything to do.

    Safe to repeat. `beat` is called between batches, for whoever holds a lease. What the last
    refit learned is kept; a metric that it did not know starts from the prior.
    """
    done = False
    while is_behind(program):
        done = _carried(program, at=at, beat=beat) or done
    return done


def _carried(program: Program, *, at: datetime, beat: Beat) -> bool:
    """Compute, then change everything at once; False where the metrics changed meanwhile."""
    measured, newest = measured_by(program), current(program)
    fitted = _fitted(measured, newest)
    before = _marks(program)
    partners = list(Partner.objects.of(program).active(at.date()).values_list("pk", flat=True))
    rows = {row.partner_id: row for row in _rows(program, partners, fitted, at=at, beat=beat)}
    with transaction.atomic():
        # Nobody else changes fit or scores from here on: who answers now waits for the new ones.
        Program.objects.select_for_update().get(pk=program.pk)
        list(PartnerScore.objects.of(program).select_for_update().order_by("pk").values_list("pk"))
        if measured_by(program) != measured or current(program).version != newest.version:
            return False
        after = _marks(program)
        moved = [pk for pk in partners if before.get(pk) != after.get(pk)]
        till = max(at, newest_answer(program) or at)
        rows |= {row.partner_id: row for row in _rows(program, moved, fitted, at=till, beat=beat)}
        Fit.objects.create(
            program=program,
            version=fitted.version,
            fitted_on=at.date(),
            segments=list(fitted.model.layout.segments),
            metrics=[[one.key, one.weight] for one in measured],
            parameters=fitted.model.hyper.to_json(),
        )
        store(list(rows.values()))
    return True


def _fitted(measured: Sequence[Measured], newest: Fitted) -> Fitted:
    old = newest.model.layout
    layout = layout_of(measured, segments=old.segments)
    hyper = carried(newest.model.hyper, old=old, new=layout)
    return Fitted(FilterModel(layout, hyper), version=newest.version + 1)


def carried(hyper: Hyperparameters, *, old: Layout, new: Layout) -> Hyperparameters:
    """Return what was learned, for another list of metrics of the same segments and roles.

    What is new has the numbers of a program that nobody has answered in.
    """
    start = Hyperparameters.default(new)
    kept = [(new.metrics.index(key), old.metrics.index(key)) for key in _both(old, new)]
    overall = range(len(new.overall))
    items = [*kept, *((len(new.metrics) + k, len(old.metrics) + k) for k in overall)]
    return replace(
        hyper,
        segment_means=_columns(start.segment_means, hyper.segment_means, kept),
        segment_mean_sd=_columns(start.segment_mean_sd, hyper.segment_mean_sd, kept),
        role_offsets=_columns(start.role_offsets, hyper.role_offsets, items),
    )


def _both(old: Layout, new: Layout) -> Iterator[str]:
    return (key for key in new.metrics if key in old.metrics)


def _columns(into: Floats, taken: Floats, pairs: Iterable[tuple[int, int]]) -> Floats:
    made = np.array(into)
    for to, where in pairs:
        made[:, to] = taken[:, where]
    return made


def _rows(
    program: Program, partners: Sequence[int], fitted: Fitted, *, at: datetime, beat: Beat
) -> Iterator[PartnerScore]:
    """Yield the scores of partners from all their evidence, batch by batch."""
    where = places(program, on=at.date())
    for start in range(0, len(partners), BATCH):
        some = partners[start : start + BATCH]
        evidence = evidence_of(program, until=at, partners=some)
        for one in some:
            segment = fitted.segment(where[one])
            yield scored(program.pk, one, fitted, segment, evidence[one], at=at)
        beat()


def _marks(program: Program) -> Marks:
    """Return by partner what changes whenever its evidence does."""
    found: Marks = defaultdict(list)
    named = NamedAnswer.objects.of(program).order_by().values_list("partner_id")
    for one, *told in named.annotate(Count("pk"), Max("at"), Sum("value")):
        found[one].append(told)
    atoms = Atom.objects.of(program).filter(kind=Atom.Kind.COMPANY).order_by()
    for one, count in atoms.values_list("partner_id").annotate(Count("pk")):
        if one is not None:
            found[one].append(count)
    for one, state in PartnerScore.objects.of(program).values_list("partner_id", "state"):
        found[one].append(hashlib.sha256(bytes(state)).digest())
    return found
