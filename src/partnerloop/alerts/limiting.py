"""Setting limits of signals and stopping them: who, and when."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.alerts.models import Alert, Crossing, SignalLimit

FIELDS = ("kind", "count", "days", "side", "number", "then")


class LimitedAlready(ValueError):
    """A limit of this kind and side with the same consequence holds."""


@dataclass(frozen=True, slots=True)
class Limiting:
    """What a limit is to be: logins, their sum over 30 days, below 1, then an alert."""

    kind: str
    count: str
    days: int
    side: str
    number: Decimal
    then: str


@transaction.atomic
def set_limit(wanted: Limiting, *, by: Membership, at: datetime) -> SignalLimit:
    """This will watch a kind of signal from now on; what is across already counts as crossing."""
    try:
        with transaction.atomic():
            made = SignalLimit.objects.create(
                program_id=by.program_id,
                kind=wanted.kind,
                count=wanted.count,
                days=wanted.days,
                side=wanted.side,
                number=wanted.number,
                then=wanted.then,
                set_at=at,
                set_by=by,
            )
    except IntegrityError:
        raise LimitedAlready from None
    record_by(by, "signal_limit.set", target=f"signal_limit:{made.pk}", at=at, fields=FIELDS)
    return made


@transaction.atomic
def stop_limit(limit: SignalLimit, *, by: Membership, at: datetime) -> None:
    """This will watch it no longer, and close what it opened."""
    rows = SignalLimit.objects.of(limit.program_id).current().filter(pk=limit.pk)
    if not rows.update(stopped_at=at):
        return
    day = at.date()
    Alert.objects.of(limit.program_id).filter(crossing__limit=limit, closed_on__isnull=True).update(
        closed_on=day
    )
    Crossing.objects.of(limit.program_id).filter(limit=limit, back_on__isnull=True).update(
        back_on=day
    )
    record_by(by, "signal_limit.stopped", target=f"signal_limit:{limit.pk}", at=at)
