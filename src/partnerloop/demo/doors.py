"""Whom a newcomer may look through the eyes of: one person per audience of the demo program."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Max, Q, When

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.core import ids
from partnerloop.core.clock import start_of
from partnerloop.demo.asking import OPEN_DAYS
from partnerloop.demo.scenario import SHOWCASE
from partnerloop.partners.models import Affiliation, Contact, Partner, PartnerAssignment
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation
from partnerloop.pulses.tokens import invitation_token


@dataclass(frozen=True, slots=True)
class Guests:
    """Who is let in by a link: two members, a person at a partner, and somebody just asked."""

    chief: User
    manager: User
    contact: Contact
    partner: Partner
    invitation: Invitation


def guests(program: Program, *, at: datetime) -> Guests:
    """This will pick the people, the same ones at every start of the same day."""
    chief = _member(program, Role.CHIEF)
    place = _place(program, at=at)
    managing = (
        PartnerAssignment.objects.of(program).current(at.date()).filter(partner=place.partner)
    )
    own = managing.select_related("member__user").first()
    return Guests(
        chief=chief,
        manager=own.member.user if own else _member(program, Role.MANAGER),
        contact=place.contact,
        partner=place.partner,
        invitation=_fresh_ask(place, at=at),
    )


def _member(program: Program, role: Role) -> User:
    members = Membership.objects.of(program).filter(role=role, ended_on__isnull=True)
    return members.select_related("user").earliest("pk").user


def _place(program: Program, *, at: datetime) -> Affiliation:
    """Find somebody at the partner that the demo tells a story of, else at the largest one."""
    works = Affiliation.objects.of(program).current(at.date())
    today = Q(affiliations__since__lte=at.date()) & (
        Q(affiliations__until__isnull=True) | Q(affiliations__until__gt=at.date())
    )
    partner = (
        Partner.objects.of(program)
        .filter(ended_on__isnull=True)
        .annotate(people=Count("affiliations", filter=today))
        .order_by(Case(When(name=SHOWCASE.name, then=0), default=1), "-people", "pk")[0]
    )
    return works.filter(partner=partner).select_related("contact", "partner").earliest("pk")


def _fresh_ask(place: Affiliation, *, at: datetime) -> Invitation:
    """Ask this person anew, once a day: whether an older ask was answered is not ours to know."""
    asks = Invitation.objects.of(place.program_id)
    today = asks.filter(contact=place.contact, asked_at__gte=start_of(at.date())).first()
    if today is not None:
        return today
    like = asks.filter(role=place.role).latest("asked_at", "pk")
    rounds = asks.filter(pulse=like.pulse, contact=place.contact).aggregate(Max("round"))
    pk = ids.random_id()
    return Invitation.objects.create(
        id=pk,
        program_id=place.program_id,
        pulse=like.pulse,
        round=(rounds["round__max"] or 0) + 1,
        contact=place.contact,
        partner=place.partner,
        role=place.role,
        token_hash=ids.token_hash(invitation_token(pk)),
        asked=like.asked,
        asked_at=at,
        expires_at=at + timedelta(days=OPEN_DAYS),
    )
