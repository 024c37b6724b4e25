"""Sending what waits: signed, at least once, later and later, and no more after a 410."""

import random
import time
from datetime import datetime, timedelta

from standardwebhooks import Webhook

from partnerloop.core import outbox
from partnerloop.integrations.models import WebhookDelivery, WebhookEndpoint
from partnerloop.integrations.webhook.client import NotReached, Reply, post
from partnerloop.integrations.webhook.stopping import stop
from partnerloop.programs.scoping import ScopedQuerySet
from partnerloop.programs.sealing import SealBroken, unseal

# How long to wait before each try, the first one included.
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
JITTER = 0.2  # each wait is up to a fifth longer, so that not all come back together
LONGEST_WAIT = timedelta(days=1)
# A lease lasts 60 s and one try may take 20: nothing is begun after 30.
LONGEST_BATCH = 30.0
GONE = 410


def deliver_waiting(worker: str, *, at: datetime, limit: int, rng: random.Random) -> int:
    """This will send up to `limit` waiting messages and return how many were taken."""
    open_ones = WebhookEndpoint.objects.across_programs().filter(disabled_at__isnull=True)
    waiting = WebhookDelivery.objects.across_programs().filter(endpoint__in=open_ones)
    taken = outbox.lease_among(waiting, worker=worker, at=at, limit=limit)
    endpoints = open_ones.in_bulk({delivery.endpoint_id for delivery in taken})
    until, failing = time.monotonic() + LONGEST_BATCH, set()
    for delivery in taken:
        endpoint = endpoints.get(delivery.endpoint_id)
        if endpoint is None or endpoint.pk in failing or time.monotonic() > until:
            _put_back(delivery)
        elif not _try(delivery, endpoint, at=at, rng=rng):
            failing.add(endpoint.pk)  # the others wait: it would cost a timeout each
    return len(taken)


def _try(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, *, at: datetime, rng: random.Random
) -> bool:
    try:
        reply = post(endpoint.url, delivery.body, headers=_signed(delivery, endpoint, at=at))
    except (NotReached, SealBroken) as why:
        told = str(why) or "Its secret can't be opened: add the endpoint anew."
        _fail(delivery, endpoint, reason=told, reply=None, at=at, rng=rng)
        return False
    if 200 <= reply.status < 300:
        _finish(delivery, status=reply.status, delivered_at=at, failure="", at=at)
        return True
    _fail(delivery, endpoint, reason=_reason(reply.status), reply=reply, at=at, rng=rng)
    return False


def _signed(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, *, at: datetime
) -> dict[str, str]:
    signer, number = Webhook(unseal(endpoint.secret_sealed)), str(delivery.pk)
    return {
        "Content-Type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signer.sign(msg_id=number, timestamp=at, data=delivery.body),
    }


def _fail(
    delivery: WebhookDelivery,
    endpoint: WebhookEndpoint,
    *,
    reason: str,
    reply: Reply | None,
    at: datetime,
    rng: random.Random,
) -> None:
    status = reply.status if reply is not None else None
    if status == GONE:
        stop(endpoint, why="It answered 410: it wants to hear no more.", at=at)
    elif delivery.attempts < len(WAITS):
        wait = WAITS[delivery.attempts] * (1 + JITTER * rng.random())
        wait = max(wait, _asked_for(reply))
        _rows(delivery).update(
            available_at=at + wait,
            leased_until=None,
            leased_by="",
            status=status,
            failure=reason[:300],
        )
        return
    elif not _heard_since(delivery, endpoint):
        stop(endpoint, why=f"It failed for three days. {reason}", at=at)
    _finish(delivery, status=status, delivered_at=None, failure=reason, at=at)


def _heard_since(delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> bool:
    others = WebhookDelivery.objects.of(endpoint.program_id).filter(endpoint=endpoint)
    return others.filter(delivered_at__gte=delivery.created_at).exists()


def _asked_for(reply: Reply | None) -> timedelta:
    """Return the wait that the other side asks for, a day at most; dates are not understood."""
    asked = reply.retry_after.strip() if reply is not None else ""
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 9:
        return timedelta(0)
    return min(timedelta(seconds=int(asked)), LONGEST_WAIT)


def _finish(
    delivery: WebhookDelivery,
    *,
    status: int | None,
    delivered_at: datetime | None,
    failure: str,
    at: datetime,
) -> None:
    _rows(delivery).update(
        finished_at=at,
        delivered_at=delivered_at,
        leased_until=None,
        leased_by="",
        status=status,
        failure=failure[:300],
    )


def _put_back(delivery: WebhookDelivery) -> None:
    attempts = delivery.attempts - 1
    _rows(delivery).update(leased_until=None, leased_by="", attempts=attempts)


def _rows(delivery: WebhookDelivery) -> ScopedQuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.of(delivery.program_id).filter(pk=delivery.pk)


def _reason(status: int) -> str:
    if 300 <= status < 400:
        return f"It answered {status}: redirects are not followed."
    return f"It answered {status}."
