"""The rate limit of a key: so many calls a minute, counted in its row for all processes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from partnerloop.integrations.models import ApiKey

CALLS_A_MINUTE = 120
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a key has left of its minute, and in how many seconds the next one begins."""

    limit: int
    remaining: int
    resets_in: int
    is_spent: bool


def count_call(key: ApiKey, *, at: datetime) -> Allowance:
    """Count one call. Two that open a minute together may count as one: it is a brake, no bill."""
    minute = at.replace(second=0, microsecond=0)
    row = ApiKey.objects.of(key.program_id).filter(pk=key.pk)
    if not row.filter(minute=minute).update(calls=F("calls") + 1):
        row.update(minute=minute, calls=1, last_used_on=at.date())
    calls = row.values_list("calls", flat=True).get()
    return Allowance(
        limit=CALLS_A_MINUTE,
        remaining=max(0, CALLS_A_MINUTE - calls),
        resets_in=int((minute + MINUTE - at).total_seconds()) + 1,
        is_spent=calls > CALLS_A_MINUTE,
    )
