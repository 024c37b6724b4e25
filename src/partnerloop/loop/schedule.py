"""What runs by the calendar: one table of tasks, held by one scheduler through a lease row."""

import logging
import os
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event as Stop

from django.conf import settings
from django.db import IntegrityError, close_old_connections, transaction

from partnerloop.actions.opening import open_items
from partnerloop.actions.replying import show_replies
from partnerloop.core import clock, outbox
from partnerloop.core.clock import start_of, week_of
from partnerloop.core.models import Event, Lease, Message, ScheduledRun
from partnerloop.evidence.anonymity import count_rounds
from partnerloop.evidence.tick import purge, tick
from partnerloop.integrations.email.clicks import collect
from partnerloop.integrations.email.fetching import MailboxUnusable, fetch_new, mailbox_of
from partnerloop.integrations.keys.repeating import forget_requests
from partnerloop.integrations.models import MailSeen
from partnerloop.integrations.webhook.queueing import forget_deliveries
from partnerloop.integrations.widget.identity import forget_spent
from partnerloop.loop.accounting import note_answering
from partnerloop.loop.drafts import close_drafts
from partnerloop.loop.forgetting import forget
from partnerloop.loop.mailbox import take_mail
from partnerloop.loop.noticing import notice
from partnerloop.loop.occasions import ask_waiting
from partnerloop.loop.recurring import ask_again
from partnerloop.loop.reminding import remind
from partnerloop.loop.rights import erase_again
from partnerloop.loop.signalling import daily_signals
from partnerloop.loop.unsealing import sweep, unseal_rounds
from partnerloop.partners.importing.beginning import forget_imports
from partnerloop.partners.stopping import ASKS
from partnerloop.programs.models import Program
from partnerloop.release.comments import let_go
from partnerloop.release.remembering import remember
from partnerloop.release.veiling import draw_over_atoms
from partnerloop.responses.rights import forget_values
from partnerloop.scores.refresh import advance, refit, rescore, snapshot

LEASE = timedelta(seconds=90)
LOOK_SECONDS = 20.0
FINISHED_KEPT = timedelta(days=1)
MAILS_REMEMBERED = timedelta(days=90)
REMINDERS_KEPT = timedelta(days=30)
log = logging.getLogger(__name__)

Task = Callable[[Program, datetime], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A task and how often it runs; "weekly" and "daily" are due from midnight UTC on.

    A shorter one is due in each of its periods, counted from midnight.
    """

    name: str
    every: timedelta
    task: Task


def weekly_unsealing(program: Program, at: datetime) -> None:
    """Rewrite anonymous answers among each other, then note who answered, then sweep.

    No transaction of its own: the two halves must not share one.
    """
    unseal_rounds(program, week=week_of(at.date()), rng=random.Random(secrets.randbits(64)))
    sweep()


@transaction.atomic
def weekly_tick(program: Program, at: datetime) -> None:
    """Count waiting confidential answers in atoms, move their scores, keep the week."""
    week, key = week_of(at.date()), settings.PARTNERLOOP_BLUR_KEY.encode()
    atoms = tick(program, week=week, key=key)
    count_rounds(program, week=week, key=key)
    moved = {atom.partner_id for atom in atoms if atom.partner_id is not None}
    rescore(program, moved, at=at)
    draw_over_atoms(program, week=week, at=at)
    advance(program, at=at)
    snapshot(program, week=week)
    remember(program)
    notice(program, at=at)
    outbox.touch(program.pk, "scorecard", "today")


def nightly_scores(program: Program, at: datetime) -> None:
    """Learn from the whole program and score everybody anew; then look for changes.

    No transaction of its own: learning takes long, and SQLite has one writer.
    """
    refit(program, at=at)
    notice(program, at=at)
    outbox.touch(program.pk, "scorecard", "today")


@transaction.atomic
def daily_release(program: Program, at: datetime) -> None:
    """Release held comments, shuffled, and open an item for each."""
    released = let_go(program, at=at, rng=random.Random(secrets.randbits(64)))
    open_items(program, released, at=at)
    show_replies(program, at=at)
    if released:
        outbox.touch(program.pk, "inbox")


@transaction.atomic
def daily_purge(program: Program, at: datetime) -> None:
    """Delete what the promise says is deleted: counted confidential values after 35 days."""
    forget_values(program, purge(program, on=at.date()))
    forget(program, at=at)
    erase_again(at=at)
    old = at - FINISHED_KEPT
    Event.objects.filter(program_id=program.pk, finished_at__lt=old).delete()
    mails = Message.objects.filter(program_id=program.pk, to="")
    mails.filter(finished_at__lt=old).exclude(purpose__in=ASKS).delete()
    # a reminder's row keeps it from being written twice; the time for that is over then
    mails.filter(finished_at__lt=at - REMINDERS_KEPT, purpose=Message.Purpose.REMINDER).delete()
    forget_imports(program, at=at)
    forget_requests(program, at=at)
    forget_deliveries(program, at=at)
    forget_spent(program, at=at)
    MailSeen.objects.of(program).filter(day__lt=(at - MAILS_REMEMBERED).date()).delete()


SCHEDULE = (
    Entry("weekly_unsealing", timedelta(weeks=1), weekly_unsealing),
    Entry("weekly_tick", timedelta(weeks=1), weekly_tick),
    Entry("nightly_scores", timedelta(days=1), nightly_scores),
    Entry("daily_release", timedelta(days=1), daily_release),
    Entry("daily_purge", timedelta(days=1), daily_purge),
    Entry("daily_signals", timedelta(days=1), daily_signals),
    Entry("note_answering", timedelta(days=1), note_answering),
    Entry("ask_again", timedelta(days=1), ask_again),
    Entry("close_drafts", timedelta(hours=1), close_drafts),
    Entry("ask_waiting", timedelta(hours=1), ask_waiting),
    Entry("remind", timedelta(minutes=15), remind),
    Entry("count_clicks", timedelta(minutes=1), collect),
)


def run(stop: Stop) -> None:
    """Look for due tasks until told to stop; a second scheduler waits for the lease."""
    holder = f"{os.getpid()}-{secrets.token_hex(4)}"
    while not stop.is_set():
        at = clock.now()
        if hold_lease("scheduler", holder=holder, at=at):
            run_due(at=at)
            look_into_mailbox(at=at)
        close_old_connections()
        stop.wait(LOOK_SECONDS)


def run_due(*, at: datetime) -> list[str]:
    """Run every task that is due, for every program; return the names of those that ran."""
    ran = []
    for program in Program.objects.order_by("pk"):
        for entry in SCHEDULE:
            name = f"{entry.name}:{program.pk}"
            if is_due(name, entry, at=at):
                _run_one(name, entry, program, at=at)
                ran.append(name)
    return ran


def look_into_mailbox(*, at: datetime) -> int:
    """Take what came into the installation's mailbox, once a minute; return how many mails."""
    entry = Entry("mailbox", timedelta(minutes=1), lambda _program, _at: None)
    if not settings.PARTNERLOOP_MAILBOX or not is_due(entry.name, entry, at=at):
        return 0
    taken, failure = 0, ""
    try:
        taken = fetch_new(mailbox_of(settings.PARTNERLOOP_MAILBOX), partial(take_mail, at=at))
    except (MailboxUnusable, ValueError) as problem:
        log.error("the mailbox cannot be read: %s", problem)
        failure = f"{problem}"[:300]
    ScheduledRun.objects.update_or_create(
        task=entry.name, defaults={"ran_at": at, "failure": failure}
    )
    return taken


def is_due(name: str, entry: Entry, *, at: datetime) -> bool:
    """Return whether a task has not run yet since its period began."""
    if entry.every < timedelta(days=1):
        begun = at - (at - start_of(at.date())) % entry.every
    else:
        begun = start_of(week_of(at.date()) if entry.every >= timedelta(weeks=1) else at.date())
    return not ScheduledRun.objects.filter(task=name, ran_at__gte=begun).exists()


def hold_lease(name: str, *, holder: str, at: datetime) -> bool:
    """Take or renew a lease; false while somebody else holds it."""
    kept = Lease.objects.filter(name=name, holder=holder) | Lease.objects.filter(
        name=name, until__lt=at
    )
    if kept.update(holder=holder, until=at + LEASE):
        return True
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=at + LEASE)
    except IntegrityError:
        return False
    return True


def _run_one(name: str, entry: Entry, program: Program, *, at: datetime) -> None:
    failure = ""
    try:
        entry.task(program, at)
    except Exception as problem:
        log.exception("task %s failed", name)
        failure = f"{type(problem).__name__}: {problem}"[:300]
    ScheduledRun.objects.update_or_create(task=name, defaults={"ran_at": at, "failure": failure})
