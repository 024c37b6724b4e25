"""Keeping what the program's figures were in each week, so that its trend is one row a week.

What is kept went through the gate in its week, from the partners' snapshots of that week alone.
"""

from datetime import date, timedelta

from partnerloop.programs.models import Program
from partnerloop.release.figures import Known, companies, measures_of, pooled
from partnerloop.release.gate import Figure
from partnerloop.scores.basis import PartnerBasis
from partnerloop.scores.models import Snapshot


def remember(program: Program) -> None:
    """Keep the program's figures of every week that has snapshots and no such row yet."""
    weeks = Snapshot.objects.of(program).order_by("week")
    kept = set(weeks.filter(partner__isnull=True).values_list("week", flat=True))
    known = weeks.filter(partner__isnull=False).values_list("week", flat=True).distinct()
    measures = measures_of(program)
    rows = [
        Snapshot(
            program=program,
            week=week,
            estimates={"figures": _figures_of(program, week, measures)},
        )
        for week in known
        if week not in kept
    ]
    Snapshot.objects.bulk_create(rows, ignore_conflicts=True)


def _figures_of(program: Program, week: date, measures: list[str]) -> dict[str, list[float]]:
    groups = companies(program)
    rows = Snapshot.objects.of(program).filter(week=week, partner__isnull=False)
    known = [
        Known(
            partner_id=partner,
            company_id=groups.get(partner) or partner,
            estimates=stored["figures"],
            basis=PartnerBasis.from_json(stored["basis"]),
        )
        for partner, stored in rows.values_list("partner_id", "estimates")
    ]
    since = week - timedelta(days=program.figure_age_days)
    cells = [pooled(program, known, measure, since=since) for measure in measures]
    return {
        cell.measure: [cell.mean, cell.low, cell.high] for cell in cells if isinstance(cell, Figure)
    }
