"""Links to a partner's own page: signed for one contact at one partner, for thirty days.

The link is the key: no password, no cookie. It is masked in logs and good for nothing else. It
ends early when the person leaves the partner.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.core import signing

from partnerloop.partners.models import Affiliation, Contact, Partner

LIFETIME = timedelta(days=30)
SALT = "partnerloop.portal"


class PortalLinkRefused(Exception):
    """The link is not ours, was changed, has run out, or its person has left the partner."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came by a link, for which partner, and until when it holds."""

    contact: Contact
    partner: Partner
    until: date


def portal_token(contact: Contact, partner: Partner, *, at: datetime) -> str:
    """This will return the token of a fresh link."""
    until = int((at + LIFETIME).timestamp())
    return signing.dumps([contact.pk, partner.pk, until], salt=SALT).replace(":", "~")


def portal_url(contact: Contact, partner: Partner, *, at: datetime) -> str:
    """This will return the whole address, as a mail carries it."""
    return f"{settings.PARTNERLOOP_URL}/portal/{portal_token(contact, partner, at=at)}/"


def opened(token: str, *, at: datetime) -> Visit:
    """This will return who came, or raise `PortalLinkRefused`."""
    try:
        contact_id, partner_id, until = signing.loads(token.replace("~", ":"), salt=SALT)
    except (signing.BadSignature, ValueError):
        raise PortalLinkRefused from None
    if at.timestamp() >= until:
        raise PortalLinkRefused
    works = Affiliation.objects.across_programs().current(at.date())
    found = (
        works.filter(contact=contact_id, partner=partner_id, partner__ended_on__isnull=True)
        .select_related("contact", "partner__program")
        .first()
    )
    if found is None:
        raise PortalLinkRefused
    return Visit(found.contact, found.partner, datetime.fromtimestamp(until, UTC).date())
