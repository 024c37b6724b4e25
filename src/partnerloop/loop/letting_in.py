"""Mailing a partner's people the link to their own page, also when an older one has run out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import override

from partnerloop.core import ids, outbox
from partnerloop.core.dates import written_day
from partnerloop.core.models import Message, record_audit
from partnerloop.core.speaking import spoken
from partnerloop.integrations.email.filling import message_of
from partnerloop.integrations.email.letters import FootLinks, PortalMail, Sender
from partnerloop.integrations.email.rendering import render_portal
from partnerloop.partners.models import Affiliation
from partnerloop.partners.stopping import suppressed
from partnerloop.partners.visiting import LIFETIME, claimed, portal_url


@transaction.atomic
def send_portal_link(place: Affiliation, *, actor: str, at: datetime) -> None:
    """This will mail a person the link to their partner's page, because a member wants it."""
    outbox.post([_letter(place, key=f"portal:{ids.random_id()}", at=at)])
    _note("portal.link_sent", place, actor=actor, at=at)


@transaction.atomic
def send_fresh_portal_link(token: str, *, at: datetime) -> None:
    """This will mail a fresh link to the person an older one was for, at most once an hour.

    It goes to the address that is known of them now, never to whoever asks. Links that are not
    ours, and those of people who have left or must not be written to, do nothing.
    """
    place = claimed(token, at=at)
    if place is None or suppressed([place.contact.email]):
        return
    key = f"portal:{place.contact_id}:{place.partner_id}:{at:%Y%m%d%H}"
    if Message.objects.filter(key=key).exists():
        return
    outbox.post([_letter(place, key=key, at=at)])
    _note("portal.link_renewed", place, actor="contact", at=at)


def _letter(place: Affiliation, *, key: str, at: datetime) -> Message:
    program, contact, partner = place.program, place.contact, place.partner
    language = spoken(contact.language, partner.language, program.language)
    url = portal_url(contact, partner, at=at)
    with override(language):
        until = written_day((at + LIFETIME).date())
    mail = render_portal(
        PortalMail(
            sender=Sender(program.vendor_name, language=language),
            url=url,
            partner=partner.name,
            valid_until=until,
            name=contact.name,
            links=FootLinks(tell_us_now=f"{url}now/"),
        )
    )
    return message_of(
        mail,
        to=contact.email,
        to_name=contact.name,
        purpose=Message.Purpose.PORTAL,
        key=key,
        program_id=program.pk,
        at=at,
    )


def _note(action: str, place: Affiliation, *, actor: str, at: datetime) -> None:
    record_audit(
        action,
        at=at,
        actor=actor,
        target=f"partner:{place.partner_id}",
        program_id=place.program_id,
    )
