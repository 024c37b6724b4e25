"""Hearing what people say of their own accord: one transaction, one event, one feedback item."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from partnerloop.core import ids, outbox
from partnerloop.partners.models import Affiliation, Contact, ContactRole, Partner
from partnerloop.pulses.models import Invitation
from partnerloop.responses.spoken import LONGEST, Speaker, SpokenWords, keep_words
from partnerloop.responses.standing import receipt_token

__all__ = ["LONGEST", "Heard", "hear_by_link", "hear_by_mail", "hear_visitor"]


@dataclass(frozen=True, slots=True)
class Heard:
    """Where the person sees what becomes of it, and whether it was said for the first time."""

    receipt_token: str
    is_new: bool


def hear_by_link(invitation: Invitation, text: str, *, at: datetime) -> Heard:
    """This will keep words sent by a link of one's own, whether or not its questions are open."""
    key = ids.token_hash(f"link:{invitation.pk}:{at.date()}:{text.strip()}")
    return _hear(_speaker(invitation), text, way=SpokenWords.Way.LINK, key=key, at=at)


def hear_by_mail(invitation: Invitation, text: str, *, number: str, at: datetime) -> Heard:
    """This will keep the words of a mail; `number` is its Message-ID."""
    key = ids.token_hash(f"mail:{number}")
    return _hear(_speaker(invitation), text, way=SpokenWords.Way.MAIL, key=key, at=at)


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


def _hear(speaker: Speaker, text: str, *, way: SpokenWords.Way, key: str, at: datetime) -> Heard:
    with transaction.atomic():
        words, is_new = keep_words(speaker, text, way=way, key=key, at=at)
        if is_new:
            happening = outbox.Happening(
                kind="words.spoken",
                key=f"words:{words.pk}",
                program_id=words.program_id,
                payload={"words": str(words.pk)},
            )
            outbox.publish(happening, at=at)
    return Heard(receipt_token(words.pk), is_new)
