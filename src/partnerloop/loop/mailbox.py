"""What follows from a mail that came in: an address stops or rests, words become a feedback item.

A mail counts only if it names a mail of ours by its Message-ID, which cannot be guessed: nobody can
stop somebody else's mails, or speak in their name, by writing to the mailbox.
"""

import re
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from django.db import transaction

from partnerloop.core import ids
from partnerloop.core.models import Message
from partnerloop.integrations.email.incoming import Incoming, Kind, read
from partnerloop.integrations.models import MailSeen
from partnerloop.loop.hearing import hear_by_mail
from partnerloop.partners.models import Contact
from partnerloop.partners.stopping import stop_asking, suppress
from partnerloop.partners.wishing import rest_until
from partnerloop.pulses.models import Invitation

OUR_NUMBER = re.compile(r"^<([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})@")
ASKS = (Message.Purpose.INVITATION, Message.Purpose.REMINDER)
FULL_FOR = timedelta(days=30)
AWAY_FOR = timedelta(days=7)


class Taken(Enum):
    """What became of a mail."""

    STOPPED = "the address is not written to any more"
    RESTS = "the address is not written to for some time"
    HEARD = "its words became a feedback item"
    NOTED = "nothing follows from it"
    KNOWN = "it was taken before"
    UNKNOWN = "it names no mail of ours, or comes from somebody else"


def take_mail(raw: bytes, *, at: datetime) -> Taken:
    """This will do what follows from a mail, once however often it comes."""
    mail = read(raw)
    invitation = _about(mail)
    if invitation is None:
        return Taken.UNKNOWN
    with transaction.atomic():
        _row, is_new = MailSeen.objects.of(invitation.program_id).get_or_create(
            key=ids.token_hash(mail.number or raw.hex()),
            defaults={"program_id": invitation.program_id, "day": at.date()},
        )
        return _follow(mail, invitation, at=at) if is_new else Taken.KNOWN


def stop_address(address: str, *, reason: str, at: datetime) -> None:
    """This will stop all mail to an address that bounced, or whose owner complained."""
    suppress(address, at=at, reason=reason)
    if reason == "complained":
        for contact in Contact.objects.across_programs().filter(email__iexact=address):
            stop_asking(contact, at=at, origin="complaint")


def _follow(mail: Incoming, invitation: Invitation, *, at: datetime) -> Taken:
    contact = invitation.contact
    match mail.kind:
        case Kind.DEAD:
            stop_address(contact.email, reason="bounced", at=at)
            return Taken.STOPPED
        case Kind.COMPLAINT:
            stop_address(contact.email, reason="complained", at=at)
            return Taken.STOPPED
        case Kind.FULL | Kind.BOUNCED:
            rest_until(contact, (at + FULL_FOR).date(), at=at)
            return Taken.RESTS
        case Kind.MACHINE if mail.sender == contact.email.lower():
            rest_until(contact, (at + AWAY_FOR).date(), at=at)
            return Taken.RESTS
        case Kind.REPLY:
            if mail.sender != contact.email.lower():
                return Taken.UNKNOWN  # forwarded: it is not theirs, and must not count as theirs
            hear_by_mail(invitation, mail.text, number=mail.number or mail.text, at=at)
            return Taken.HEARD
    return Taken.NOTED


def _about(mail: Incoming) -> Invitation | None:
    """Find the ask that a mail names; an invitation and its reminder lead to the same one."""
    found = [UUID(match.group(1)) for one in mail.about if (match := OUR_NUMBER.match(one))]
    rows = Message.objects.filter(pk__in=found, purpose__in=ASKS)
    for program, key in rows.values_list("program_id", "key"):
        kind, _, number = key.partition(":")
        if program is None or kind not in ("invitation", "reminder"):
            continue
        asks = Invitation.objects.of(program).filter(pk=UUID(number))
        if invitation := asks.select_related("contact", "program", "partner").first():
            return invitation
    return None
