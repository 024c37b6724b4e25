"""Keeping what the program's figures were in each week, so that its trend is one row a week.

What is kept went through the gate in its week, from the partners' snapshots of that week alone.
"""

from datetime import date

from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.release.cells import pooled
from partnerloop.release.gate import Figure
from partnerloop.release.known import known_in_weeks, measures_of
from partnerloop.release.models import ProgramWeek
from partnerloop.scores.models import Snapshot


def remember(program: Program) -> None:
    """Keep the program's figures of every week that has snapshots and is not kept yet."""
    kept = set(ProgramWeek.objects.of(program).values_list("week", flat=True))
    weeks = Snapshot.objects.of(program).order_by("week").values_list("week", flat=True)
    measures = measures_of(program)
    everybody = list(Partner.objects.of(program).values_list("pk", flat=True))
    ProgramWeek.objects.bulk_create(
        ProgramWeek(
            program=program, week=week, figures=_figures_of(program, week, measures, everybody)
        )
        for week in weeks.distinct()
        if week not in kept
    )


def _figures_of(
    program: Program, week: date, measures: list[str], partners: list[int]
) -> dict[str, list[float]]:
    known = known_in_weeks(program, partners, first=week, last=week).get(week, [])
    cells = [pooled(program, known, measure) for measure in measures]
    return {
        cell.measure: [cell.mean, cell.low, cell.high] for cell in cells if isinstance(cell, Figure)
    }
