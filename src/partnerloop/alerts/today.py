"""Today: at most five things that changed beyond chance, and at least one place open to growth."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.db.models import Q, QuerySet

from partnerloop.accounts.models import Membership
from partnerloop.alerts.models import Alert
from partnerloop.partners.models import Partner, PartnerAssignment
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COMPOSITE
from partnerloop.release.comments import newest_comments
from partnerloop.release.figures import score_rows
from partnerloop.release.gate import Basis, Figure, TrendPoint, Words
from partnerloop.release.trends import points_before

MOST = 5
AT_ONCE = 5
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
    moves = list(alerts.filter(kind__in=(Alert.Kind.DROP, Alert.Kind.RISE)))
    chances = list(alerts.filter(kind=Alert.Kind.GROWTH).order_by("-strength")[:MOST])
    moves.sort(key=lambda alert: (alert.kind != Alert.Kind.DROP, -alert.strength))
    chosen = _described(program, moves, by=by, at=at, most=MOST - 1)
    return chosen + _described(program, chances, by=by, at=at, most=1)


def open_alerts(program: Program, *, by: Membership, at: datetime) -> QuerySet[Alert]:
    """Return fresh moves, all chances and crossed limits at partners that a member may see."""
    seen = Partner.objects.of(program).active(at.date()).visible_to(by, at.date())
    alerts = Alert.objects.of(program).filter(closed_on__isnull=True, partner__in=seen)
    is_current = Q(kind__in=(Alert.Kind.GROWTH, Alert.Kind.SIGNAL)) | Q(
        opened_on__gt=at.date() - FRESH
    )
    return alerts.filter(is_current).select_related("partner")


def _described(
    program: Program, alerts: list[Alert], *, by: Membership, at: datetime, most: int
) -> list[Change]:
    """Return up to `most` changes whose figures may be shown and bear them out."""
    about = {alert.partner_id for alert in alerts}
    rows = score_rows(program, by=by, at=at, among=about)
    cells = {row.partner.pk: row.cells for row in rows}
    shown = [
        (alert, cell)
        for alert in alerts
        # no cell: the metric has been retired
        if isinstance(cell := cells[alert.partner_id].get(alert.measure), Figure)
        and cell.basis != Basis.LIKE
    ]
    chosen = islice(
        (
            (alert, before, cell)
            for alert, before, cell in _with_before(program, shown, by=by, at=at)
            if _is_borne_out(alert, before, cell)
        ),
        most,
    )
    return _told(program, list(chosen), by=by, at=at)


def _told(
    program: Program,
    chosen: list[tuple[Alert, TrendPoint | None, Figure]],
    *,
    by: Membership,
    at: datetime,
) -> list[Change]:
    about = {alert.pk: (alert.partner_id, _on(alert)) for alert, _, _ in chosen}
    said = newest_comments(program, by=by, about=set(about.values()), at=at, each=2)
    return [
        Change(
            partner=alert.partner,
            measure=alert.measure,
            kind=alert.kind,
            opened_on=alert.opened_on,
            before=before,
            after=cell,
            words=tuple(said[about[alert.pk]]),
            owner=_owner(program, alert.partner, at=at),
        )
        for alert, before, cell in chosen
    ]


def _on(alert: Alert) -> str:
    """Return which words fit an alert: those on its measure; on the composite all do."""
    return "" if alert.measure == COMPOSITE else alert.measure


def _with_before(
    program: Program, shown: list[tuple[Alert, Figure]], *, by: Membership, at: datetime
) -> Iterator[tuple[Alert, TrendPoint | None, Figure]]:
    """Yield each alert with its figure then and now; past figures are read some at a time."""
    for start in range(0, len(shown), AT_ONCE):
        some = shown[start : start + AT_ONCE]
        wanted = [(alert.partner_id, alert.measure, alert.before_on) for alert, _ in some]
        before = points_before(program, by=by, wanted=wanted, at=at)
        for key, (alert, cell) in zip(wanted, some, strict=True):
            yield alert, before.get(key), cell


def _is_borne_out(alert: Alert, before: TrendPoint | None, after: Figure) -> bool:
    """Return whether the figures shown still moved the way that was noticed."""
    if before is None or alert.kind == Alert.Kind.GROWTH:
        return True
    return (after.mean < before.mean) == (alert.kind == Alert.Kind.DROP)


def _owner(program: Program, partner: Partner, *, at: datetime) -> str:
    current = PartnerAssignment.objects.of(program).current(at.date()).filter(partner=partner)
    return current.values_list("member__user__name", flat=True).order_by("since").first() or ""
