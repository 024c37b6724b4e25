"""Today: at most five things that changed beyond chance, and at least one place open to growth."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from partnerloop.accounts.models import Membership
from partnerloop.alerts.models import Alert
from partnerloop.partners.models import Partner, PartnerAssignment
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COMPOSITE
from partnerloop.release.comments import comments
from partnerloop.release.figures import score_rows
from partnerloop.release.gate import Basis, Figure, Scope, TrendPoint, Words
from partnerloop.release.trends import point_before

MOST = 5
FRESH = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: for whom, from what to what, in whose words, whose to act."""

    partner: Partner
    measure: str
    kind: str
    opened_on: date
    before: TrendPoint | None
    after: Figure
    words: tuple[Words, ...]
    owner: str


def today(program: Program, *, by: Membership, at: datetime) -> list[Change]:
    """Return what changed of late at the partners that a member may see, the clearest first."""
    alerts = open_alerts(program, by=by, at=at)
    moves = list(alerts.exclude(kind=Alert.Kind.GROWTH))
    chances = list(alerts.filter(kind=Alert.Kind.GROWTH).order_by("-strength")[:MOST])
    moves.sort(key=lambda alert: (alert.kind != Alert.Kind.DROP, -alert.strength))
    chosen = _described(program, moves, by=by, at=at, most=MOST - 1)
    return chosen + _described(program, chances, by=by, at=at, most=1)


def open_alerts(program: Program, *, by: Membership, at: datetime) -> QuerySet[Alert]:
    """Return fresh moves and all chances at partners that a member may see, figures apart."""
    seen = Partner.objects.of(program).active(at.date()).visible_to(by, at.date())
    alerts = Alert.objects.of(program).filter(closed_on__isnull=True, partner__in=seen)
    is_current = Q(kind=Alert.Kind.GROWTH) | Q(opened_on__gt=at.date() - FRESH)
    return alerts.filter(is_current).select_related("partner")


def _described(
    program: Program, alerts: list[Alert], *, by: Membership, at: datetime, most: int
) -> list[Change]:
    """Return up to `most` changes whose figures may be shown and bear them out."""
    found: list[Change] = []
    about = {alert.partner_id for alert in alerts}
    rows = score_rows(program, by=by, at=at, among=about)
    cells = {row.partner.pk: row.cells for row in rows}
    for alert in alerts:
        if len(found) == most:
            break
        cell = cells[alert.partner_id][alert.measure]
        if not isinstance(cell, Figure) or cell.basis == Basis.LIKE:
            continue
        before = point_before(
            program,
            by=by,
            partner=alert.partner,
            measure=alert.measure,
            week=alert.before_on,
            at=at,
        )
        if not _is_borne_out(alert, before, cell):
            continue
        measure = "" if alert.measure == COMPOSITE else alert.measure
        scope = Scope.partner(alert.partner)
        said = comments(program, by=by, scope=scope, at=at, limit=2, measure=measure)
        found.append(
            Change(
                partner=alert.partner,
                measure=alert.measure,
                kind=alert.kind,
                opened_on=alert.opened_on,
                before=before,
                after=cell,
                words=tuple(said),
                owner=_owner(program, alert.partner, at=at),
            )
        )
    return found


def _is_borne_out(alert: Alert, before: TrendPoint | None, after: Figure) -> bool:
    """Return whether the figures shown still moved the way that was noticed."""
    if before is None or alert.kind == Alert.Kind.GROWTH:
        return True
    return (after.mean < before.mean) == (alert.kind == Alert.Kind.DROP)


def _owner(program: Program, partner: Partner, *, at: datetime) -> str:
    current = PartnerAssignment.objects.of(program).current(at.date()).filter(partner=partner)
    return current.values_list("member__user__name", flat=True).order_by("since").first() or ""
