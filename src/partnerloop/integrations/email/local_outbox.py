"""What the outbox page shows: every mail while nothing is sent, else counts and failures only.

Once a program really sends, bodies, links, reminders, receipts and reply notices would tell who
answered; a sign-in link would let its reader be somebody else, so it is never shown.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from partnerloop.core.models import Message
from partnerloop.integrations.email.servers import really_sends
from partnerloop.programs.models import Program

Purpose = Message.Purpose
MOST = 200
# Only these are counted: how many receipts or reminders went out tells how many answered.
COUNTED = (Purpose.INVITATION,)
NAMED_WHEN_FAILED = (Purpose.INVITATION, Purpose.PORTAL, Purpose.NOTICE, Purpose.TEST)


class MailsAreSent(Exception):
    """This program sends its mails: there is nothing to read here."""


@dataclass(frozen=True)
class Delivery:
    """How far the invitations of one pulse have come; `about` is e.g. "pulse:12"."""

    about: str
    waiting: int
    sent: int
    failed: int


@dataclass(frozen=True)
class FailedAddress:
    """An address that could not be written to, and why."""

    address: str
    reason: str
    at: datetime


def local_mails(program: Program) -> QuerySet[Message]:
    """Return the mails of a program that sends none, newest first, or raise `MailsAreSent`."""
    if really_sends(program):
        raise MailsAreSent
    rows = Message.objects.filter(program_id=program.pk, sent_at__isnull=True).exclude(text="")
    hidden = [Purpose.SIGN_IN]
    if not program.is_demo:
        # Its link opens what a person said confidentially: for nobody but that person.
        hidden.append(Purpose.RECEIPT)
    return rows.exclude(purpose__in=hidden).order_by("-created_at", "pk")


def deliveries(program: Program) -> list[Delivery]:
    """Return per pulse how many invitations wait, were sent, and failed."""
    rows = Message.objects.filter(program_id=program.pk, purpose__in=COUNTED)
    counted = rows.values("subject_ref").annotate(
        waiting=Count("pk", filter=Q(finished_at__isnull=True)),
        sent=Count("pk", filter=Q(finished_at__isnull=False, failure="")),
        failed=Count("pk", filter=Q(finished_at__isnull=False) & ~Q(failure="")),
    )
    return [
        Delivery(row["subject_ref"], row["waiting"], row["sent"], row["failed"])
        for row in counted.order_by("subject_ref")
    ]


def failed_addresses(program: Program, *, limit: int = MOST) -> list[FailedAddress]:
    """Return the addresses that could not be written to, newest first, each once."""
    rows = Message.objects.filter(
        program_id=program.pk, purpose__in=NAMED_WHEN_FAILED, finished_at__isnull=False
    )
    found: dict[str, FailedAddress] = {}
    for row in rows.exclude(failure="").exclude(to="").order_by("-finished_at")[:limit]:
        if row.finished_at and row.to not in found:
            found[row.to] = FailedAddress(row.to, row.failure, row.finished_at)
    return list(found.values())
