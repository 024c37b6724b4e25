"""Trends through the gate: a year of weekly figures, each by the evidence of its week."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.release.cells import partner_cells, pooled
from partnerloop.release.gate import Basis, Cell, Figure, Scope, TrendPoint
from partnerloop.release.known import Known, Viewer, known_in_weeks, visible
from partnerloop.release.models import ProgramWeek
from partnerloop.release.veiling import veiled

YEAR = timedelta(days=365)


def trend(
    program: Program, *, by: Viewer, scope: Scope, measure: str, at: datetime
) -> list[TrendPoint]:
    """Return a year of weekly figures of a scope; weeks that may not be shown are left out."""
    return trends(program, by=by, scope=scope, measures=[measure], at=at)[measure]


def trends(
    program: Program, *, by: Viewer, scope: Scope, measures: Iterable[str], at: datetime
) -> dict[str, list[TrendPoint]]:
    """Return the trends of several measures, read at once."""
    wanted = list(measures)
    found: dict[str, list[TrendPoint]] = {measure: [] for measure in wanted}
    chosen = visible(program, by, scope, at=at)
    if chosen is None:
        return found
    if scope.partners is None:
        return _kept_trends(program, found, at=at)
    if scope.is_single:
        over = veiled(by).get(chosen[0], frozenset())
        wanted = [measure for measure in wanted if measure not in over]
    first = at.date() - YEAR + timedelta(days=1)
    weeks = known_in_weeks(program, chosen, first=first, last=at.date())
    for week, known in weeks.items():
        cells = _cells(program, known, wanted, scope=scope)
        for measure, cell in cells.items():
            if isinstance(cell, Figure) and cell.basis != Basis.LIKE:
                found[measure].append(TrendPoint(week, cell.mean, cell.low, cell.high))
    return found


def point_before(
    program: Program, *, by: Viewer, partner: Partner, measure: str, week: date, at: datetime
) -> TrendPoint | None:
    """Return a partner's figure of a week, or of the last one kept in the four weeks before it."""
    scope = Scope.partner(partner)
    chosen = visible(program, by, scope, at=at)
    if chosen is None or measure in veiled(by).get(partner.pk, ()):
        return None
    weeks = known_in_weeks(program, chosen, first=week - timedelta(weeks=4), last=week)
    for kept in sorted(weeks, reverse=True):
        cell = partner_cells(weeks[kept][0], [measure])[measure]
        if isinstance(cell, Figure) and cell.basis != Basis.LIKE:
            return TrendPoint(kept, cell.mean, cell.low, cell.high)
    return None


def _cells(
    program: Program, known: list[Known], measures: list[str], *, scope: Scope
) -> dict[str, Cell]:
    if scope.is_single:
        return partner_cells(known[0], measures)
    return {measure: pooled(program, known, measure) for measure in measures}


def _kept_trends(
    program: Program, found: dict[str, list[TrendPoint]], *, at: datetime
) -> dict[str, list[TrendPoint]]:
    """Read the program's own weeks: pooling a year of all partners anew takes seconds."""
    weeks = ProgramWeek.objects.of(program).filter(week__gt=at.date() - YEAR)
    weeks = weeks.filter(week__lte=at.date()).order_by("week")
    for week, figures in weeks.values_list("week", "figures"):
        for measure, points in found.items():
            if measure in figures:
                points.append(TrendPoint(week, *figures[measure]))
    return found
