"""Figures through the gate: what a partner's, a segment's or the program's metrics are now.

A partner's own figure needs named answers or an atom of its own from the last 182 days; where a
metric has none but others have, it is inferred; where nobody ever spoke it is borrowed from
partners like it. A figure of several companies needs people and companies enough, none above half.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from partnerloop.accounts.models import Membership
from partnerloop.engine.disclosure import band
from partnerloop.engine.pooling import pooled_mean
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COMPOSITE, Metric
from partnerloop.release.gate import (
    Basis,
    Cell,
    Figure,
    Hidden,
    Reason,
    Scope,
    ScoreRow,
    TrendPoint,
)
from partnerloop.release.models import ProgramWeek
from partnerloop.scores.basis import PartnerBasis, Recent
from partnerloop.scores.models import PartnerScore, Snapshot

LIKELY = 1.6449  # a range holds nine times out of ten
OVERALL = (COMPOSITE, "recommend", "ease")
Viewer = Membership | Partner


@dataclass(frozen=True, slots=True)
class Known:
    """A partner's stored estimates with who spoke: what the gate weighs."""

    partner_id: int
    company_id: int
    estimates: dict[str, list[float]]
    basis: PartnerBasis

    def recent(self, measure: str, *, since: date) -> Recent:
        """Return who spoke of late on a measure; the composite rests on everything said."""
        if measure != COMPOSITE:
            return self.basis.recent(measure, since=since)
        everything = Recent()
        for one in {*self.basis.named, *self.basis.atoms}:
            everything = everything.joined(self.basis.recent(one, since=since))
        return everything


def figures(program: Program, *, by: Viewer, scope: Scope, at: datetime) -> dict[str, Cell]:
    """Return the eight cells of a scope, by measure; what may not be shown says why."""
    measures = measures_of(program)
    chosen = _visible(program, by, scope, at=at)
    if chosen is None:
        return {measure: Hidden(measure, Reason.NOT_YOURS) for measure in measures}
    known = _known(program, chosen)
    since = _oldest(program, at)
    if scope.is_single:
        return partner_cells(known[0], measures, since=since) if known else _nothing(measures)
    return {measure: pooled(program, known, measure, since=since) for measure in measures}


def score_rows(program: Program, *, by: Viewer, at: datetime) -> list[ScoreRow]:
    """Return the cells of every partner that a viewer may see, by name."""
    measures = measures_of(program)
    partners = Partner.objects.of(program).active(at.date()).order_by("name")
    if isinstance(by, Membership):
        partners = partners.visible_to(by, at.date())
    else:
        partners = partners.filter(pk=by.pk)
    by_id = {partner.pk: partner for partner in partners}
    known = {one.partner_id: one for one in _known(program, by_id)}
    since = _oldest(program, at)
    return [
        ScoreRow(
            partner=partner,
            cells=partner_cells(known[number], measures, since=since)
            if number in known
            else _nothing(measures),
        )
        for number, partner in by_id.items()
    ]


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
    chosen = _visible(program, by, scope, at=at)
    if chosen is None:
        return found
    if scope.partners is None:
        return _kept_trends(program, found, at=at)
    rows = Snapshot.objects.of(program).filter(week__gt=at.date() - timedelta(days=365))
    rows = rows.filter(week__lte=at.date(), partner__in=chosen).order_by("week")
    groups = companies(program)
    weeks: dict[date, list[Known]] = {}
    for partner, week, stored in rows.values_list("partner_id", "week", "estimates"):
        basis = PartnerBasis.from_json(stored["basis"])
        one = Known(partner, groups.get(partner) or partner, stored["figures"], basis)
        weeks.setdefault(week, []).append(one)
    for week, known in weeks.items():
        since = week - timedelta(days=program.figure_age_days)
        for measure in wanted:
            cell = (
                partner_cells(known[0], [measure], since=since)[measure]
                if scope.is_single
                else pooled(program, known, measure, since=since)
            )
            if isinstance(cell, Figure) and cell.basis != Basis.LIKE:
                found[measure].append(TrendPoint(week, cell.mean, cell.low, cell.high))
    return found


def _kept_trends(
    program: Program, found: dict[str, list[TrendPoint]], *, at: datetime
) -> dict[str, list[TrendPoint]]:
    """Read the program's own weeks: pooling a year of all partners anew takes seconds."""
    weeks = ProgramWeek.objects.of(program).filter(week__gt=at.date() - timedelta(days=365))
    weeks = weeks.filter(week__lte=at.date()).order_by("week")
    for week, figures in weeks.values_list("week", "figures"):
        for measure, points in found.items():
            if measure in figures:
                points.append(TrendPoint(week, *figures[measure]))
    return found


def measures_of(program: Program) -> list[str]:
    """Return the composite and the metrics of a program, in order."""
    return list(Metric.objects.of(program).values_list("key", flat=True))


def partner_cells(known: Known, measures: Iterable[str], *, since: date) -> dict[str, Cell]:
    """Return one partner's cells: own, inferred, borrowed or hidden as too old."""
    spoken = known.recent(COMPOSITE, since=since)
    cells: dict[str, Cell] = {}
    for measure in measures:
        numbers = known.estimates.get(measure)
        if numbers is None:
            cells[measure] = Hidden(measure, Reason.TOO_FEW)
        elif spoken.is_empty and known.basis.ever():
            cells[measure] = Hidden(measure, Reason.NO_RECENT_ANSWERS)
        else:
            cells[measure] = _partner_figure(known, measure, numbers, spoken, since=since)
    return cells


def pooled(program: Program, known: list[Known], measure: str, *, since: date) -> Cell:
    """Return the mean over the companies of a set that have a figure of their own.

    Each company counts once. The range covers the companies' own uncertainty and, as far as some
    companies have no figure, which of them happen to have one.
    """
    spoken = [(one, one.recent(measure, since=since)) for one in known if measure in one.estimates]
    heard = [(one, recent) for one, recent in spoken if not recent.is_empty]
    if not _is_wide_enough(program, heard):
        old = any(one.basis.ever() for one in known) and not heard
        return Hidden(measure, Reason.NO_RECENT_ANSWERS if old else Reason.TOO_FEW)
    told = pooled_mean(
        [one.estimates[measure][0] for one, _ in heard],
        sds=[one.estimates[measure][1] for one, _ in heard],
        population=len(known),
    )
    everyone = Recent()
    people = 0.0
    for _, recent in heard:
        everyone = everyone.joined(recent)
        people += len(recent.named) + recent.atom_people
    return Figure(
        measure=measure,
        mean=told.mean,
        low=max(0.0, told.mean - LIKELY * told.sd),
        high=min(10.0, told.mean + LIKELY * told.sd),
        basis=Basis.OWN,
        people=band(round(people)),
        confidential=everyone.newest_atom is not None,
        week=everyone.newest_atom,
    )


def companies(program: Program) -> dict[int, int | None]:
    """Return the group of each partner, for counting companies."""
    return dict(Partner.objects.of(program).values_list("pk", "parent_id"))


def _partner_figure(
    known: Known, measure: str, numbers: list[float], spoken: Recent, *, since: date
) -> Figure:
    own = known.recent(measure, since=since)
    if spoken.is_empty:
        basis, people = Basis.LIKE, Recent()
    elif own.is_empty:
        basis, people = Basis.INFERRED, spoken
    else:
        basis, people = Basis.OWN, own
    mean, _, low, high = numbers
    count = round(len(people.named) + people.atom_people)
    return Figure(
        measure=measure,
        mean=mean,
        low=low,
        high=high,
        basis=basis,
        people=band(count) if count else "",
        confidential=people.newest_atom is not None,
        week=people.newest_atom,
    )


def _is_wide_enough(program: Program, heard: list[tuple[Known, Recent]]) -> bool:
    """Return whether a cell has people and companies enough, none of them above half."""
    people: dict[int, float] = {}
    for one, recent in heard:
        count = len(recent.named) + recent.atom_people
        people[one.company_id] = people.get(one.company_id, 0.0) + count
    total = sum(people.values())
    return (
        total >= program.pool_people
        and len(people) >= program.pool_companies
        and max(people.values()) <= total * float(program.dominance)
    )


def _visible(program: Program, by: Viewer, scope: Scope, *, at: datetime) -> list[int] | None:
    """Return the partners of a scope, or None where a viewer may not see one of them.

    Figures of many companies are for every member: they tell of nobody. A partner sees itself only.
    """
    active = Partner.objects.of(program).active(at.date())
    if scope.partners is None:
        return list(active.values_list("pk", flat=True)) if isinstance(by, Membership) else None
    if isinstance(by, Partner):
        return [by.pk] if scope.partners == frozenset({by.pk}) else None
    chosen = Partner.objects.of(program).filter(pk__in=scope.partners)
    if scope.is_single:
        chosen = chosen.visible_to(by, at.date())
    found = list(chosen.values_list("pk", flat=True))
    return found if len(found) == len(scope.partners) else None


def _known(program: Program, partners: Iterable[int]) -> list[Known]:
    groups = companies(program)
    rows = PartnerScore.objects.of(program).filter(partner__in=list(partners))
    return [
        Known(number, groups.get(number) or number, estimates, PartnerBasis.from_json(basis))
        for number, estimates, basis in rows.values_list("partner_id", "estimates", "basis")
    ]


def _oldest(program: Program, at: datetime) -> date:
    return at.date() - timedelta(days=program.figure_age_days)


def _nothing(measures: Iterable[str]) -> dict[str, Cell]:
    return {measure: Hidden(measure, Reason.TOO_FEW) for measure in measures}
