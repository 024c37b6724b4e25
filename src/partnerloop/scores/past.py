"""Scores of a past that came in at once: of a demo program, later of imported feedback."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from partnerloop.core.clock import start_of
from partnerloop.evidence.reading import PartnerEvidence, evidence_of
from partnerloop.partners.models import Partner
from partnerloop.partners.segmenting import places
from partnerloop.programs.models import Program
from partnerloop.scores.basis import KEPT, PartnerBasis
from partnerloop.scores.modelling import Fitted, current, moment, observations
from partnerloop.scores.models import Snapshot
from partnerloop.scores.refresh import refit_means, told_by

BATCH = 500


def score_past(program: Program, *, weeks: Sequence[date], at: datetime) -> None:
    """Learn from everything, score everybody as of now, and keep each past week.

    A week knows the evidence of its time only; the program-wide numbers of the model are today's,
    so that a trend shows what changed at a partner, not what the model learned meanwhile.
    """
    refit_means(program, at=at)
    fitted = current(program)
    evidence = evidence_of(program, until=at)
    where = places(program, on=at.date())
    for partner in Partner.objects.of(program).order_by("pk"):
        segment = fitted.segment(where[partner.pk])
        rows = _weeks_of(partner, fitted, segment, evidence[partner.pk], weeks=weeks)
        Snapshot.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def _weeks_of(
    partner: Partner,
    fitted: Fitted,
    segment: int,
    evidence: PartnerEvidence,
    *,
    weeks: Sequence[date],
) -> Iterator[Snapshot]:
    """Yield a snapshot for each week in which the partner was active, oldest first."""
    found = observations(evidence, layout=fitted.model.layout)
    days = [one.day for one in found]
    state, basis = fitted.model.start(segment), PartnerBasis.empty()
    taken, named, atoms = 0, list(evidence.named), list(evidence.atoms)
    for week in sorted(weeks):
        then = start_of(week)
        if partner.ended_on is not None and partner.ended_on <= week:
            return
        known = bisect_right(days, moment(then))
        state = fitted.model.update(state, observations=found[taken:known], at=moment(then))
        taken = known
        basis.add(
            named=[one for one in named if one.at <= then],
            atoms=[one for one in atoms if one.week <= week],
        )
        named = [one for one in named if one.at > then]
        atoms = [one for one in atoms if one.week > week]
        basis.forget(before=week - KEPT)
        yield Snapshot(
            program_id=partner.program_id,
            partner=partner,
            week=week,
            estimates={"figures": told_by(fitted, state, at=then), "basis": _as_of_now(basis)},
        )


def _as_of_now(basis: PartnerBasis) -> dict[str, Any]:
    """Return the basis as plain values that stay what they are while it grows."""
    return {
        "named": {measure: dict(people) for measure, people in basis.named.items()},
        "atoms": {measure: list(rows) for measure, rows in basis.atoms.items()},
    }
