"""Links that anybody can scan: a square on a slide or in a portal, for a pulse or one partner.

Who scans one names their own address, and the questions are mailed there: nobody is listed, nobody
learns who is known here, and nobody can answer as somebody else. Only the person's own press begins
an ask, so that strangers who type an address put nothing off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models.functions import Lower

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.core import outbox
from partnerloop.core.models import Message
from partnerloop.core.speaking import spoken
from partnerloop.integrations.email.filling import message_of
from partnerloop.integrations.email.letters import FootLinks, OwnLinkMail, Sender
from partnerloop.integrations.email.rendering import render_own_link
from partnerloop.loop.asking import NoModeOffered
from partnerloop.partners.models import Affiliation, Contact, Partner
from partnerloop.partners.stopping import suppressed
from partnerloop.partners.visiting import portal_url
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Pulse

LIFETIME = timedelta(days=1)
POSTED, OWN = "partnerloop.posted-link", "partnerloop.own-link"


class LinkRefused(Exception):
    """The link is not ours, was changed, or has run out."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A link that hangs somewhere: its pulse, and the partner where it hangs at one only."""

    pulse: Pulse
    partner: Partner | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who came by the link that was mailed to them."""

    pulse: Pulse
    contact: Contact
    partner: Partner


@transaction.atomic
def post_link(name: str, questions: Sequence[str], *, by: Membership, at: datetime) -> Pulse:
    """This will make a pulse that people open themselves, until it is closed."""
    if Mode.NAMED not in by.program.modes_offered:
        raise NoModeOffered
    pulse = Pulse.objects.create(
        program_id=by.program_id,
        name=name,
        way=Pulse.Way.LINK,
        modes=[Mode.NAMED.value],
        questions=list(questions),
        created_at=at,
        created_by=by,
        launched_at=at,
        launched_by=by,
    )
    record_by(by, "link.posted", target=f"pulse:{pulse.pk}", at=at)
    return pulse


@transaction.atomic
def close_link(pulse: Pulse, *, by: Membership, at: datetime) -> None:
    """This will ask nobody any more by a link; what was begun may still be answered."""
    rows = Pulse.objects.of(pulse.program_id).filter(pk=pulse.pk, closes_at__isnull=True)
    if rows.update(closes_at=at):
        record_by(by, "link.closed", target=f"pulse:{pulse.pk}", at=at)


def posted_url(pulse: Pulse, partner: Partner | None = None) -> str:
    """This will return the address that a square holds, always the same."""
    claim = [pulse.pk, partner.pk if partner else 0]
    token = signing.Signer(salt=POSTED).sign_object(claim).replace(":", "~")
    return f"{settings.PARTNERLOOP_URL}/q/{token}"


def posted(token: str, *, at: datetime) -> Posted:
    """This will return what a posted link is for, or raise `LinkRefused`."""
    try:
        number, partner_id = signing.Signer(salt=POSTED).unsign_object(token.replace("~", ":"))
    except (signing.BadSignature, ValueError):
        raise LinkRefused from None
    found = Pulse.objects.across_programs().filter(pk=number, way=Pulse.Way.LINK)
    pulse = found.select_related("program").first()
    if pulse is None:
        raise LinkRefused
    partner = None
    if partner_id:
        active = Partner.objects.of(pulse.program_id).active(at.date())
        partner = active.filter(pk=partner_id).first()
        if partner is None:
            raise LinkRefused
    return Posted(pulse, partner, is_open=pulse.closes_at is None or pulse.closes_at > at)


@transaction.atomic
def mail_own_link(by: Posted, address: str, *, at: datetime) -> None:
    """This will mail a person their own link, once an hour at most; to strangers nothing."""
    place = _place(by, address, at=at)
    if place is None or suppressed([place.contact.email]):
        return
    key = f"own-link:{by.pulse.pk}:{place.contact_id}:{at:%Y%m%d%H}"
    if not Message.objects.filter(key=key).exists():
        outbox.post([_letter(by.pulse, place, key=key, at=at)])


def arrived(token: str, *, at: datetime) -> Arrival:
    """This will return who came by a mailed link, or raise `LinkRefused`."""
    try:
        number, contact, partner, until = signing.loads(token.replace("~", ":"), salt=OWN)
    except (signing.BadSignature, ValueError):
        raise LinkRefused from None
    if not 0 < until - at.timestamp() <= LIFETIME.total_seconds() + 1:
        raise LinkRefused
    works = Affiliation.objects.across_programs().current(at.date())
    rows = works.filter(contact=contact, partner=partner, partner__ended_on__isnull=True)
    place = rows.select_related("contact__program", "partner").first()
    pulse = Pulse.objects.across_programs().filter(pk=number, way=Pulse.Way.LINK).first()
    if place is None or pulse is None or pulse.program_id != place.program_id:
        raise LinkRefused
    if place.contact.addressed_at.timestamp() > until - LIFETIME.total_seconds():
        raise LinkRefused  # a newer address may be somebody else's
    if pulse.closes_at is not None and pulse.closes_at <= at:
        raise LinkRefused
    return Arrival(pulse, place.contact, place.partner)


def _place(by: Posted, address: str, *, at: datetime) -> Affiliation | None:
    """Return where the person of an address works: at the link's partner, else where first."""
    program = by.pulse.program_id
    active = Partner.objects.of(program).active(at.date())
    works = Affiliation.objects.of(program).current(at.date()).filter(partner__in=active)
    if by.partner is not None:
        works = works.filter(partner=by.partner)
    rows = works.annotate(address=Lower("contact__email"))
    rows = rows.filter(address=address.strip().lower()).order_by("since", "pk")
    return rows.select_related("contact", "partner", "program").first()


def _letter(pulse: Pulse, place: Affiliation, *, key: str, at: datetime) -> Message:
    program, contact, partner = place.program, place.contact, place.partner
    claim = [pulse.pk, contact.pk, partner.pk, ceil((at + LIFETIME).timestamp())]
    token = signing.dumps(claim, salt=OWN).replace(":", "~")
    mail = render_own_link(
        OwnLinkMail(
            sender=Sender(
                program.vendor_name,
                language=spoken(contact.language, partner.language, program.language),
            ),
            url=f"{settings.PARTNERLOOP_URL}/me/{token}",
            name=contact.name,
            links=FootLinks(tell_us_now=f"{portal_url(contact, partner, at=at)}now/"),
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
