"""Alerts: changes beyond chance, with figures through the gate, and signals across a limit."""

from django.http import HttpRequest
from ninja import Router

from partnerloop.alerts.models import Alert, Crossing, SignalLimit
from partnerloop.alerts.today import open_alerts
from partnerloop.api.callers import Bearer, caller_of
from partnerloop.api.paging import Limit, sheet
from partnerloop.api.v1.shapes import AlertShape, AlertsShape, CrossedShape, cell_shape
from partnerloop.core import clock
from partnerloop.integrations.models import KeyScope
from partnerloop.release.figures import score_rows
from partnerloop.release.gate import Basis, Figure

router = Router(tags=["alerts"])


@router.get("/alerts", response=AlertsShape, auth=Bearer(KeyScope.ALERTS))
def list_alerts(request: HttpRequest, cursor: str = "", limit: Limit = 50) -> AlertsShape:
    """Return open alerts; a change only if its figure may be shown, so a part may hold fewer."""
    program, member = caller_of(request)
    at = clock.now()
    rows = open_alerts(program, by=member, at=at).select_related("crossing__limit")
    found = sheet(rows, of=f"alerts.{program.pk}", cursor=cursor, limit=limit)
    about = {alert.partner_id for alert in found.rows}
    scores = score_rows(program, by=member, at=at, among=about)
    cells = {row.partner.pk: row.cells for row in scores}
    shapes = []
    for alert in found.rows:
        if alert.crossing is not None:
            shapes.append(_crossed(alert, alert.crossing))
            continue
        cell = cells.get(alert.partner_id, {}).get(alert.measure)
        if isinstance(cell, Figure) and cell.basis != Basis.LIKE:
            shapes.append(
                AlertShape(
                    id=alert.pk,
                    partner_id=alert.partner_id,
                    measure=alert.measure,
                    kind=Alert.Kind(alert.kind),
                    opened_on=alert.opened_on,
                    figure=cell_shape(cell),
                    signal=None,
                )
            )
    return AlertsShape(alerts=shapes, next_cursor=found.next_cursor)


def _crossed(alert: Alert, crossing: Crossing) -> AlertShape:
    limit = crossing.limit
    return AlertShape(
        id=alert.pk,
        partner_id=alert.partner_id,
        measure=alert.measure,
        kind=Alert.Kind.SIGNAL,
        opened_on=alert.opened_on,
        figure=None,
        signal=CrossedShape(
            value=float(crossing.value),
            count=SignalLimit.Count(limit.count),
            days=limit.days,
            side=SignalLimit.Side(limit.side),
            limit=float(limit.number),
        ),
    )
