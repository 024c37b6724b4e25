"""What follows when a signal crosses its limit: an alert is told, or people there are asked."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from partnerloop.alerts.crossing import cross
from partnerloop.alerts.models import Crossing, SignalLimit
from partnerloop.loop.noticing import announce
from partnerloop.loop.occasions import happened
from partnerloop.partners.reporting import Known, Occurred
from partnerloop.programs.models import Program


@transaction.atomic
def look_at_signals(
    program: Program, at: datetime, partners: Iterable[int] | None = None
) -> list[Crossing]:
    """This will note what crossed its limit and let follow what was set; return what is new.

    One transaction: a worker that dies in between leaves neither the crossing nor what follows.
    """
    noted = cross(program, at=at, partners=partners)
    for one in noted:
        if one.limit.then == SignalLimit.Then.ALERT:
            announce(one.alert, at=at)
        else:
            occurred = Occurred(one.limit.event, Known(number=one.partner_id), at)
            happened(program, occurred, at=at)
    return noted


def daily_signals(program: Program, at: datetime) -> None:
    """This will look at all limits: what stays away is noticed by the calendar alone."""
    look_at_signals(program, at)
