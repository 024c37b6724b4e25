"""A POST that is sent twice is done once: the second hears what the first was answered."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from partnerloop.core import ids
from partnerloop.integrations.models import ApiKey, IdempotencyRecord
from partnerloop.programs.models import Program

KEPT = timedelta(days=1)


class KeyUsedOtherwise(Exception):
    """An Idempotency-Key came again with another request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that may be sent twice: its key, where it goes, what it says."""

    key: str
    route: str
    said: str

    @property
    def hash(self) -> str:
        """Return what two equal requests have in common."""
        return ids.token_hash(f"{self.route}\n{self.said}")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a request is answered, and whether it was answered before."""

    status: int
    body: dict[str, Any]
    is_repeat: bool = False


def once(asked: Asked, *, by: ApiKey, at: datetime, work: Callable[[], dict[str, Any]]) -> Heard:
    """Do the work and keep its answer in one transaction; a failure keeps nothing.

    A second request at the same time waits for the first one's row, then hears its answer.
    """
    before = _before(asked, by=by, at=at)
    if before is not None:
        return before
    try:
        with transaction.atomic():
            record = IdempotencyRecord.objects.create(
                program_id=by.program_id,
                api_key=by,
                key=asked.key,
                route=asked.route,
                request_hash=asked.hash,
                created_at=at,
            )
            record.body, record.status = work(), 201
            record.save(update_fields=["body", "status"])
    except IntegrityError:
        before = _before(asked, by=by, at=at)
        if before is None:
            raise
        return before
    return Heard(record.status, record.body)


def forget_requests(program: Program, *, at: datetime) -> None:
    """Delete answers that were kept for a day."""
    IdempotencyRecord.objects.of(program).filter(created_at__lt=at - KEPT).delete()


def forget_replies(program: Program, *, said_of: Iterable[str]) -> int:
    """Empty the kept answers that name a person; return how many.

    The row stays, so that a repeat of the request still is none: it hears an empty answer.
    """
    names = [name.lower() for name in said_of if name]
    gone = 0
    for record in IdempotencyRecord.objects.of(program):
        told = json.dumps(record.body, ensure_ascii=False).lower()
        if any(json.dumps(name, ensure_ascii=False)[1:-1] in told for name in names):
            record.body = {}
            record.save(update_fields=["body"])
            gone += 1
    return gone


def _before(asked: Asked, *, by: ApiKey, at: datetime) -> Heard | None:
    found = IdempotencyRecord.objects.of(by.program_id).filter(api_key=by, key=asked.key)
    found.filter(created_at__lt=at - KEPT).delete()
    record = found.first()
    if record is None:
        return None
    if record.request_hash != asked.hash:
        raise KeyUsedOtherwise
    return Heard(record.status, record.body, is_repeat=True)
