"""Links to a partner's own page: signed for one contact at one partner, for seven days.

The link is the key: no password, no cookie. It is masked in logs and good for nothing else. It
ends early when the person leaves the partner or gets another address. Whoever holds one that has
run out may have a fresh one mailed, to the contact's own address and nowhere else.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil

from django.conf import settings
from django.core import signing

from partnerloop.partners.models import Affiliation, Contact, Partner

LIFETIME = timedelta(days=7)
SALT = "partnerloop.portal"


class PortalLinkRefused(Exception):
    """The link is not ours, was changed, has run out, or its person has left or moved address."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came by a link, for which partner, and until when it holds."""

    contact: Contact
    partner: Partner
    until: date


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link of ours says: for whom, at which partner, until which second (Unix time)."""

    contact_id: int
    partner_id: int
    until: int

    def holds(self, *, at: datetime) -> bool:
        """Return whether its time has come and is not over; links once lived longer."""
        return 0 < self.until - at.timestamp() <= LIFETIME.total_seconds() + 1


def portal_token(contact: Contact, partner: Partner, *, at: datetime) -> str:
    """This will return the token of a fresh link."""
    until = ceil((at + LIFETIME).timestamp())
    return signing.dumps([contact.pk, partner.pk, until], salt=SALT).replace(":", "~")


def portal_url(contact: Contact, partner: Partner, *, at: datetime) -> str:
    """This will return the whole address, as a mail carries it."""
    return f"{settings.PARTNERLOOP_URL}/portal/{portal_token(contact, partner, at=at)}/"


def opened(token: str, *, at: datetime) -> Visit:
    """This will return who came, or raise `PortalLinkRefused`."""
    claim = _read(token)
    if not claim.holds(at=at):
        raise PortalLinkRefused
    place = _place(claim, at=at)
    if place is None or place.contact.addressed_at.timestamp() > _made(claim):
        raise PortalLinkRefused  # a newer address may be somebody else's
    return Visit(place.contact, place.partner, datetime.fromtimestamp(claim.until, UTC).date())


def claimed(token: str, *, at: datetime) -> Affiliation | None:
    """This will return whom a link of ours was for, run out or not, if they still work there."""
    try:
        return _place(_read(token), at=at)
    except PortalLinkRefused:
        return None


def _read(token: str) -> Claim:
    try:
        return Claim(*signing.loads(token.replace("~", ":"), salt=SALT))
    except (signing.BadSignature, ValueError):
        raise PortalLinkRefused from None


def _made(claim: Claim) -> float:
    return claim.until - LIFETIME.total_seconds()


def _place(claim: Claim, *, at: datetime) -> Affiliation | None:
    works = Affiliation.objects.across_programs().current(at.date())
    there = works.filter(
        contact=claim.contact_id, partner=claim.partner_id, partner__ended_on__isnull=True
    )
    return there.select_related("contact", "partner__program", "program").first()
