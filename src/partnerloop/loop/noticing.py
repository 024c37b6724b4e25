"""Noticing changes beyond chance, and letting others know that an alert was opened."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from partnerloop.alerts.models import Alert
from partnerloop.alerts.watching import watch
from partnerloop.core import outbox
from partnerloop.programs.models import Program


@transaction.atomic
def notice(program: Program, *, at: datetime, partners: Iterable[int] | None = None) -> list[Alert]:
    """Watch partners, and put an event into the outbox for each alert that was opened.

    Replaying a history watches without this: nobody is told of the past.
    """
    opened = watch(program, at=at, partners=partners)
    for alert in opened:
        announce(alert, at=at)
    return opened


def announce(alert: Alert, *, at: datetime) -> None:
    """Put into the outbox that an alert was opened; in the transaction that opened it."""
    happening = outbox.Happening(
        kind="alert.opened",
        key=f"alert.opened:{alert.pk}",
        program_id=alert.program_id,
        payload={"alert": str(alert.pk)},
    )
    outbox.publish(happening, at=at)
