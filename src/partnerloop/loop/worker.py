"""The worker: drains events through `reactions`, mails and webhooks through `integrations`."""

import logging
import os
import random
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Event as Stop
from threading import Thread

from django.db import close_old_connections, connections, transaction

from partnerloop.core import clock, outbox
from partnerloop.core.models import Event
from partnerloop.integrations.email.sending import send_waiting
from partnerloop.integrations.webhook.sending import deliver_waiting
from partnerloop.loop.reactions import LONG, REACTIONS, Beat

BATCH = 50
MAILS = 200
WEBHOOKS = 20
IDLE_SECONDS = 0.25
WEBHOOK_SECONDS = 1.0
LAST_WORDS_SECONDS = 5.0
log = logging.getLogger(__name__)


def run(stop: Stop) -> None:
    """Work until told to stop; ends the batch at hand first."""
    worker = f"{os.getpid()}-{secrets.token_hex(4)}"
    teller = Thread(target=tell_outside, args=(worker, stop), name="webhooks", daemon=True)
    teller.start()
    while not stop.is_set():
        done = work_once(worker, now=clock.now)
        if not done:
            close_old_connections()
            stop.wait(IDLE_SECONDS)
    teller.join(timeout=LAST_WORDS_SECONDS)


def tell_outside(worker: str, stop: Stop) -> None:
    """Send webhooks until told to stop.

    On a thread of its own, so that a slow receiver holds up neither events nor mails.
    """
    rng = random.Random(secrets.randbits(64))
    while not stop.is_set():
        try:
            done = deliver_waiting(worker, at=clock.now(), limit=WEBHOOKS, rng=rng)
        except Exception:
            log.exception("sending webhooks failed")
            done = 0
        if not done:
            close_old_connections()
            stop.wait(WEBHOOK_SECONDS)
    connections.close_all()


def work_once(worker: str, *, now: Callable[[], datetime]) -> int:
    """Take one batch of events and one of mails; return how many rows were worked on."""
    events = outbox.lease(Event, worker=worker, at=now(), limit=BATCH)
    long = [event for event in events if event.kind in LONG]
    for event in events:
        if event not in long:
            react(event, at=now())
    for place, event in enumerate(long):
        react_at_length(event, beat=partial(_renew, long[place:], now=now), now=now)
    return len(events) + send_waiting(worker, at=now(), limit=MAILS)


def react(event: Event, *, at: datetime) -> None:
    """Run an event's reactions in one transaction and finish it, or give it back with a reason."""
    try:
        with transaction.atomic():
            for reaction in REACTIONS.get(event.kind, ()):
                reaction(event, at)
            outbox.finish([event], at=at)
    except Exception as failure:
        log.exception("event %s failed", event.kind)
        outbox.give_back(event, at=at, reason=f"{type(failure).__name__}: {failure}")


def react_at_length(event: Event, *, beat: Beat, now: Callable[[], datetime]) -> None:
    """Run work of more than a moment, which keeps its own transactions, and finish its event."""
    try:
        LONG[event.kind](event, now(), beat)
        outbox.finish([event], at=now())
    except Exception as failure:
        log.exception("event %s failed", event.kind)
        outbox.give_back(event, at=now(), reason=f"{type(failure).__name__}: {failure}")


def _renew(events: list[Event], *, now: Callable[[], datetime]) -> None:
    outbox.renew(events, at=now())
