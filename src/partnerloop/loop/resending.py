"""Sending a person the way to their receipts; the mail is the same whether there are any."""

from datetime import datetime

from django.conf import settings
from django.core import signing

from partnerloop.core import outbox
from partnerloop.core.models import Message
from partnerloop.core.speaking import spoken
from partnerloop.integrations.email.filling import message_of
from partnerloop.integrations.email.letters import FootLinks, ReceiptMail, Sender
from partnerloop.integrations.email.rendering import render_receipt
from partnerloop.partners.models import Affiliation, Contact
from partnerloop.partners.stopping import suppressed
from partnerloop.partners.visiting import portal_url
from partnerloop.programs.models import Program

SALT = "partnerloop.mine"
HOLDS_SECONDS = 24 * 3600


def send_receipts(program: Program, address: str, *, at: datetime) -> None:
    """Mail a link to a person's receipts, at most once an hour; do nothing for strangers."""
    contact = Contact.objects.of(program).filter(email__iexact=address.strip()).first()
    if contact is None or suppressed([contact.email]):
        return
    letter = ReceiptMail(
        sender=Sender(
            vendor=program.vendor_name,
            address=program.reply_address or program.sender_address,
            language=spoken(contact.language, program.language),
        ),
        receipt_url=f"{settings.PARTNERLOOP_URL}/mine/{mine_token(contact)}",
        name=contact.name,
        links=_links(contact, at=at),
    )
    mail = render_receipt(letter)
    message = message_of(
        mail,
        to=contact.email,
        to_name=contact.name,
        purpose=Message.Purpose.RECEIPT,
        key=f"receipts:{contact.pk}:{at:%Y%m%d%H}",
        program_id=program.pk,
        at=at,
    )
    outbox.post([message])


def _links(contact: Contact, *, at: datetime) -> FootLinks:
    """Return the way to a line of one's own, for the partner that the person works for."""
    works = Affiliation.objects.of(contact.program_id).current(at.date()).filter(contact=contact)
    place = works.select_related("partner").order_by("pk").first()
    now = f"{portal_url(contact, place.partner, at=at)}now/" if place else ""
    return FootLinks(tell_us_now=now)


def mine_token(contact: Contact) -> str:
    """Return the token of a person's own page, signed, for a day."""
    return signing.dumps(contact.pk, salt=SALT).replace(":", "~")


def contact_of(token: str) -> Contact | None:
    """Return whose page a token opens, or raise `BadSignature`; None where they were erased."""
    number = signing.loads(token.replace("~", ":"), salt=SALT, max_age=HOLDS_SECONDS)
    rows = Contact.objects.across_programs().filter(pk=number)
    return rows.select_related("program").first()
