"""A visit: what an opened widget carries from page to page instead of a cookie."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

from partnerloop.integrations.models import WidgetKey
from partnerloop.integrations.widget.identity import Identity
from partnerloop.partners.models import Contact, Partner
from partnerloop.partners.naming import NoSuchPerson, SeveralPartners, place_of
from partnerloop.programs.models import Program

LASTS = timedelta(minutes=30)
SALT = "partnerloop.widget.visit"


class VisitOver(Exception):
    """The visit has ended, or was never one of this program."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is looking, for which partner, and the mark that the next page brings back."""

    contact: Contact
    partner: Partner
    mark: str


def begin(identity: Identity, *, at: datetime) -> Visit:
    """Return a visit of half an hour; its key must still work on every page of it."""
    content = {
        "program": identity.contact.program_id,
        "contact": identity.contact.pk,
        "partner": identity.partner.pk,
        "kid": identity.kid,
        "until": (at + LASTS).timestamp(),
    }
    return Visit(identity.contact, identity.partner, signing.dumps(content, salt=SALT))


def go_on(program: Program, mark: str, *, at: datetime) -> Visit:
    """Return the visit that a page brought back, or raise `VisitOver`."""
    try:
        told = signing.loads(mark, salt=SALT)
    except signing.BadSignature:
        raise VisitOver from None
    until = datetime.fromtimestamp(told["until"], tz=UTC)
    key = WidgetKey.objects.of(program).filter(kid=told["kid"]).first()
    if told["program"] != program.pk or at >= until or key is None or not key.works(at):
        raise VisitOver
    contact = Contact.objects.of(program).filter(pk=told["contact"]).first()
    if contact is None:
        raise VisitOver
    try:
        partner = place_of(contact, partner_id=told["partner"], on=at.date())
    except (NoSuchPerson, SeveralPartners):
        raise VisitOver from None
    return Visit(contact, partner, mark)
