"""The one queue: rows with leases. A crash at any point replays and loses nothing.

A worker takes a batch (`lease`), does it, and finishes each row (`finish`) or gives it back with a
reason (`give_back`). A lease that ends, because its worker died, makes the row available again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from partnerloop.core.models import Event, Leased, LiveTopic, Message
from partnerloop.core.storing import KEEPS_THE_OLDER, add

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 12
Work = TypeVar("Work", Event, Message)
Held = TypeVar("Held", bound=Leased)


@dataclass(frozen=True, slots=True)
class Happening:
    """What is put into the outbox: a kind, a key that makes it unique, and a small payload."""

    kind: str
    key: str
    program_id: int | None = None
    payload: dict[str, Any] = field(default_factory=dict)


def publish(happening: Happening, *, at: datetime) -> None:
    """Put an event into the outbox, once; call it inside the transaction that it tells of."""
    event = Event(
        kind=happening.kind,
        key=happening.key,
        program_id=happening.program_id,
        payload=happening.payload,
        created_at=at,
        available_at=at,
    )
    add([event], otherwise=KEEPS_THE_OLDER)


def post(messages: Iterable[Message]) -> None:
    """Put mails into the queue, once each; call it inside the transaction of their cause."""
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)


def lease(model: type[Work], *, worker: str, at: datetime, limit: int) -> list[Work]:
    """Take up to `limit` waiting rows; nobody else gets them until the lease ends."""
    return lease_among(model.objects.all(), worker=worker, at=at, limit=limit)


def lease_among(rows: QuerySet[Held], *, worker: str, at: datetime, limit: int) -> list[Held]:
    """Take up to `limit` of these rows, of any kind of work, where they wait."""
    with transaction.atomic():
        waiting = rows.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=at),
            finished_at__isnull=True,
            available_at__lte=at,
        ).order_by("available_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        keys = [row.pk for row in waiting[:limit].only("pk")]
        if not keys:
            return []
        rows.filter(pk__in=keys).update(
            leased_by=worker, leased_until=at + LEASE, attempts=F("attempts") + 1
        )
    return list(rows.filter(pk__in=keys).order_by("available_at", "pk"))


def finish(rows: Sequence[Leased], *, at: datetime) -> None:
    """Mark work as done."""
    if rows:
        manager = type(rows[0])._default_manager
        manager.filter(pk__in=[row.pk for row in rows]).update(
            finished_at=at, leased_until=None, leased_by="", failure=""
        )


def renew(rows: Sequence[Leased], *, at: datetime) -> None:
    """Keep the lease of work that takes longer than one."""
    if rows:
        manager = type(rows[0])._default_manager
        manager.filter(pk__in=[row.pk for row in rows]).update(leased_until=at + LEASE)


def give_back(row: Leased, *, at: datetime, reason: str) -> None:
    """Return work that failed, to be tried again later and later; after twelve tries it rests."""
    wait = timedelta(seconds=min(5 * 3 ** min(row.attempts, 8), 6 * 3600))
    tired = row.attempts >= MAX_ATTEMPTS
    type(row)._default_manager.filter(pk=row.pk).update(
        available_at=at + wait,
        leased_until=None,
        leased_by="",
        failure=reason[:300],
        finished_at=at if tired else None,
    )


def touch(program_id: int, *topics: str) -> None:
    """Tell live pages that something released has changed. Never call it for an unnamed arrival."""
    for topic in topics:
        changed = LiveTopic.objects.filter(program_id=program_id, topic=topic).update(
            counter=F("counter") + 1
        )
        if not changed:
            LiveTopic.objects.get_or_create(
                program_id=program_id, topic=topic, defaults={"counter": 1}
            )
