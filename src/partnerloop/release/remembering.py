"""Keeping what the program's figures and its response rate were in each week, one row a week; and
of the newest week whom the asking reaches.

What is kept went through the gate in its week, from the partners' snapshots of that week alone.
"""

from datetime import date

from partnerloop.core.clock import start_of, week_of
from partnerloop.programs.models import Program
from partnerloop.release.cells import pooled_cells
from partnerloop.release.coverage import counted
from partnerloop.release.gate import Figure
from partnerloop.release.known import companies, known_in_weeks, measures_of
from partnerloop.release.models import ProgramWeek
from partnerloop.release.rates import rate_in_words
from partnerloop.scores.models import Snapshot


def remember(program: Program) -> None:
    """Keep the program's figures of every week that has snapshots and is not kept yet."""
    kept = set(ProgramWeek.objects.of(program).values_list("week", flat=True))
    weeks = Snapshot.objects.of(program).order_by("week").values_list("week", flat=True)
    measures = measures_of(program)
    groups = companies(program)
    fresh = [
        ProgramWeek(
            program=program,
            week=week,
            figures=_figures_of(program, week, measures, groups),
            answering=rate_in_words(program, week=week_of(week)),
        )
        for week in weeks.distinct()
        if week not in kept
    ]
    if fresh and fresh[-1].week >= max(kept, default=fresh[-1].week):
        ProgramWeek.objects.of(program).filter(coverage__isnull=False).update(coverage=None)
        fresh[-1].coverage = counted(program, at=start_of(fresh[-1].week)).to_json()
    ProgramWeek.objects.bulk_create(fresh)


def _figures_of(
    program: Program, week: date, measures: list[str], groups: dict[int, int]
) -> dict[str, list[float]]:
    known = known_in_weeks(program, groups, first=week, last=week).get(week, [])
    cells = pooled_cells(program, known, measures, companies=groups)
    return {
        measure: [cell.mean, cell.low, cell.high]
        for measure, cell in cells.items()
        if isinstance(cell, Figure)
    }
