"""Hearing what people say of their own accord: one transaction, one event, one feedback item."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from partnerloop.core import ids, outbox
from partnerloop.partners.models import Affiliation, Contact, ContactRole, Partner
from partnerloop.pulses.models import Invitation
from partnerloop.responses.intake import accept_words
from partnerloop.responses.reply import writer_behind
from partnerloop.responses.spoken import LONGEST, Speaker, SpokenWords, keep_words
from partnerloop.responses.standing import receipt_token

__all__ = [
    "LONGEST",
    "Heard",
    "ask_behind",
    "hear_by_link",
    "hear_by_mail",
    "hear_unnamed",
    "hear_visitor",
    "latest_ask",
]

MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")


@dataclass(frozen=True, slots=True)
class Heard:
    """Where the person sees what becomes of it, and whether it was said for the first time."""

    receipt_token: str
    is_new: bool


def hear_by_link(invitation: Invitation, text: str, *, at: datetime) -> Heard:
    """This will keep words sent by a link of one's own, whether or not its questions are open."""
    key = ids.token_hash(f"link:{invitation.pk}:{at.date()}:{text.strip()}")
    return _hear(_speaker(invitation), text, way=SpokenWords.Way.LINK, key=key, at=at)


def hear_unnamed(invitation: Invitation, text: str, *, number: UUID, at: datetime) -> Heard:
    """This will keep words for the gate to scrub, hold and mix; nobody keeps who wrote them.

    `number` was drawn with the page, so that a second press adds nothing.
    """
    with transaction.atomic():
        comment = accept_words(invitation, text, number=number, at=at)
        if comment is not None:
            happening = outbox.Happening(
                kind="response.received",
                key=f"response:{ids.random_id()}",
                program_id=invitation.program_id,
                payload={"comments": [str(comment)], "contact": None, "partner": None},
            )
            outbox.publish(happening, at=at)
    return Heard(receipt_token(number), comment is not None)


def latest_ask(contact_id: int, partner_id: int, *, program_id: int) -> Invitation | None:
    """Return the newest ask of a person for a partner: what it may promise is true for them."""
    rows = Invitation.objects.of(program_id).filter(contact=contact_id, partner=partner_id)
    found = rows.select_related("program", "pulse", "contact", "partner")
    return found.order_by("-asked_at", "pk").first()


def ask_behind(token: str) -> Invitation | None:
    """Return the newest ask of whoever a receipt belongs to; None where nobody knows any more."""
    found = writer_behind(token)
    if found is None:
        return None
    program, contact, partner = found
    return latest_ask(contact, partner, program_id=program)


def hear_by_mail(invitation: Invitation, text: str, *, number: str, at: datetime) -> Heard:
    """This will keep the words of a mail; `number` is its Message-ID."""
    key = ids.token_hash(f"mail:{number}")
    speaker, thread = _speaker(invitation), number if MESSAGE_ID.fullmatch(number) else ""
    way = SpokenWords.Way.MAIL
    return _hear(speaker, text, way=way, key=key, at=at, mail_number=thread)


def hear_visitor(contact: Contact, partner: Partner, text: str, *, at: datetime) -> Heard:
    """This will keep words sent from the pages of a partner, by the person whose link it is."""
    works = Affiliation.objects.of(contact.program_id).current(at.date())
    role = works.filter(contact=contact, partner=partner).values_list("role", flat=True).first()
    speaker = Speaker(contact.program_id, contact.pk, partner.pk, role or ContactRole.OPERATIONS)
    key = ids.token_hash(f"visit:{contact.pk}:{partner.pk}:{at.date()}:{text.strip()}")
    return _hear(speaker, text, way=SpokenWords.Way.LINK, key=key, at=at)


def _speaker(invitation: Invitation) -> Speaker:
    return Speaker(
        invitation.program_id, invitation.contact_id, invitation.partner_id, invitation.role
    )


def _hear(
    speaker: Speaker,
    text: str,
    *,
    way: SpokenWords.Way,
    key: str,
    at: datetime,
    mail_number: str = "",
) -> Heard:
    with transaction.atomic():
        words, is_new = keep_words(speaker, text, way=way, key=key, at=at, mail_number=mail_number)
        if is_new:
            happening = outbox.Happening(
                kind="words.spoken",
                key=f"words:{words.pk}",
                program_id=words.program_id,
                payload={"words": str(words.pk)},
            )
            outbox.publish(happening, at=at)
    return Heard(receipt_token(words.pk), is_new)
