"""Keeping what the program's figures were in each week, so that its trend is one row a week.

What is kept went through the gate in its week, from the partners' snapshots of that week alone.
"""

from datetime import date, timedelta

from partnerloop.programs.models import Program
from partnerloop.release.figures import Known, companies, measures_of, pooled
from partnerloop.release.gate import Figure
from partnerloop.release.models import ProgramWeek
from partnerloop.scores.basis import PartnerBasis
from partnerloop.scores.models import Snapshot


def remember(program: Program) -> None:
    """Keep the program's figures of every week that has snapshots and is not kept yet."""
    kept = set(ProgramWeek.objects.of(program).values_list("week", flat=True))
    weeks = Snapshot.objects.of(program).order_by("week").values_list("week", flat=True)
    measures = measures_of(program)
    ProgramWeek.objects.bulk_create(
        ProgramWeek(program=program, week=week, figures=_figures_of(program, week, measures))
        for week in weeks.distinct()
        if week not in kept
    )


def _figures_of(program: Program, week: date, measures: list[str]) -> dict[str, list[float]]:
    groups = companies(program)
    rows = Snapshot.objects.of(program).filter(week=week)
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
