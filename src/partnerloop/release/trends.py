"""Trends through the gate: a year of weekly figures, each by the evidence of its week."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from partnerloop.accounts.models import Membership
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.release.cells import pooled_cells
from partnerloop.release.gate import Figure, Scope, TrendPoint
from partnerloop.release.known import Viewer, companies, known_in_weeks, own_past, visible
from partnerloop.release.models import ProgramWeek
from partnerloop.release.veiling import veiled

YEAR = timedelta(days=365)
LOOK_BACK = timedelta(weeks=4)


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
    if scope.is_single:
        for _, week, numbers in own_past(program, chosen, first=first, last=at.date()):
            for measure in numbers.keys() & wanted:
                found[measure].append(_point(week, numbers[measure]))
        return found
    groups = companies(program)
    weeks = known_in_weeks(program, chosen, first=first, last=at.date())
    for week, known in weeks.items():
        cells = pooled_cells(program, known, wanted, companies=groups)
        for measure, cell in cells.items():
            if isinstance(cell, Figure):
                found[measure].append(TrendPoint(week, cell.mean, cell.low, cell.high))
    return found


Before = tuple[int, str, date]


def points_before(
    program: Program, *, by: Membership, wanted: Collection[Before], at: datetime
) -> dict[Before, TrendPoint]:
    """Return figures of partners' past weeks, or of the last one kept in the four weeks before.

    Each is asked for by partner, measure and week; what this member may not see is left out.
    """
    if not wanted:
        return {}
    chosen = Partner.objects.of(program).filter(pk__in={partner for partner, _, _ in wanted})
    seen = set(chosen.visible_to(by, at.date()).values_list("pk", flat=True))
    veils = veiled(by)
    kept: dict[int, dict[date, dict[str, list[float]]]] = defaultdict(dict)
    weeks = [week for _, _, week in wanted]
    for partner, week, numbers in own_past(
        program, seen, first=min(weeks) - LOOK_BACK, last=max(weeks)
    ):
        kept[partner][week] = numbers
    found: dict[Before, TrendPoint] = {}
    for partner, measure, week in wanted:
        if measure in veils.get(partner, ()):
            continue
        near = [one for one in kept[partner] if week - LOOK_BACK <= one <= week]
        near = [one for one in near if measure in kept[partner][one]]
        if near:
            found[partner, measure, week] = _point(max(near), kept[partner][max(near)][measure])
    return found


def _point(week: date, numbers: list[float]) -> TrendPoint:
    mean, _, low, high = numbers
    return TrendPoint(week, mean, low, high)


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
