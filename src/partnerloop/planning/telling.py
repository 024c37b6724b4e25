"""Why one person was asked, or was not; their asks and what is left of their budget.

From asks, addresses and wishes alone. Reminders are not in it: they would say who had not answered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from partnerloop.partners.models import Affiliation, Contact, Partner
from partnerloop.partners.segmenting import matching
from partnerloop.partners.stopping import suppressed
from partnerloop.partners.wishing import NONE, wishes_of
from partnerloop.planning.budget import Asks, asks_of, refusal
from partnerloop.planning.distance import other_mails_of_late
from partnerloop.planning.reasons import Asked, NotAsked, Reason, sentence
from partnerloop.planning.shelf import shelf_of
from partnerloop.programs.models import Program, Suppression
from partnerloop.pulses.models import Invitation, Pulse


@dataclass(frozen=True, slots=True)
class Ask:
    """One ask of a person, and why it was made."""

    on: date
    pulse: str
    partner: str
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands: the last pulse's reason, what holds now, the budget, the history."""

    last_pulse: str
    was_asked: bool
    why: str
    now: str
    asked_in_a_year: int
    allowed_in_a_year: int
    last: date | None
    asks: tuple[Ask, ...]


def standing(contact: Contact, *, among: Iterable[Partner], at: datetime) -> Standing:
    """This will tell how a person stands, with the asks made for some partners only."""
    program = contact.program
    asked = asks_of(program, at=at, contact_id=contact.pk).get(contact.pk, Asks())
    pulse = Pulse.objects.of(program).launched().filter(launched_at__lte=at)
    last = pulse.order_by("-launched_at", "-pk").first()
    own = Invitation.objects.of(program).filter(contact=contact, asked_at__lte=at)
    shown = own.filter(partner__in=list(among)).select_related("pulse", "partner", "contact")
    in_last = own.filter(pulse=last).order_by("-asked_at").first() if last else None
    return Standing(
        last_pulse=last.name if last else "",
        was_asked=in_last is not None,
        why=_why(contact, last, in_last),
        now=_now(program, contact, asked, at=at),
        asked_in_a_year=len(asked.of_the_year),
        allowed_in_a_year=program.asks_a_year,
        last=asked.last.date() if asked.last else None,
        asks=tuple(
            Ask(
                one.asked_at.date(),
                one.pulse.name,
                one.partner.name,
                why_asked(one),
            )
            for one in shown.order_by("-asked_at")
        ),
    )


def why_asked(ask: Invitation) -> str:
    """Return in one sentence why an ask was made."""
    return sentence(_asked(ask), name=ask.contact.name)


def _why(contact: Contact, pulse: Pulse | None, ask: Invitation | None) -> str:
    if pulse is None or pulse.launched_at is None:
        return sentence(Reason(NotAsked.NO_PULSE), name=contact.name)
    if ask is not None:
        return sentence(_asked(ask), name=contact.name)
    return sentence(_not_asked(contact, pulse, at=pulse.launched_at), name=contact.name)


def _asked(ask: Invitation) -> Reason:
    """Return the stored reason of an ask with the figures it was made from."""
    earlier = Invitation.objects.of(ask.program_id).filter(asked_at__lt=ask.asked_at)
    key = Asked(ask.reason) if ask.reason in set(Asked) else Asked.DRAWN
    mine = earlier.filter(contact=ask.contact_id).order_by("-asked_at")
    last = mine.values_list("asked_at", flat=True).first()
    if key is Asked.TURN and last is None:
        key = Asked.FIRST
    if key is not Asked.OVERDUE:
        return Reason(key, last=last.date() if last else None)
    there = earlier.filter(partner=ask.partner_id).order_by("-asked_at")
    before = there.values_list("asked_at", flat=True).first() or ask.partner.created_at
    return Reason(key, number=(ask.asked_at.date() - before.date()).days)


def _not_asked(contact: Contact, pulse: Pulse, *, at: datetime) -> Reason:
    """Return why a pulse did not ask somebody when it was sent, the most lasting reason first."""
    program = pulse.program
    if contact.entered_at > at:
        return Reason(NotAsked.ENTERED_LATER, last=at.date())
    places = Affiliation.objects.of(program).current(at.date()).filter(contact=contact)
    places = places.filter(partner__in=Partner.objects.of(program).active(at.date()))
    if not places.exists():
        return Reason(NotAsked.NO_PARTNER)
    here = places.filter(partner__in=matching(program, pulse.audience, on=at.date()))
    roles = set(here.values_list("role", flat=True))
    if not roles:
        return Reason(NotAsked.OUTSIDE)
    hashed = Suppression.hash_of(contact.email)
    stopped = contact.stopped_at if contact.stopped_at and contact.stopped_at <= at else None
    reason = refusal(
        program,
        asked=asks_of(program, at=at, contact_id=contact.pk).get(contact.pk, Asks()),
        stopped_at=stopped,
        blocked=Suppression.objects.filter(address_hash=hashed, since__lte=at).exists(),
        at=at,
    )
    if reason is not None:
        return reason
    shelf = shelf_of(program, at=at, named=pulse.questions)
    can = any(shelf.has_something_for(role) for role in roles)
    return Reason(NotAsked.NOT_DRAWN if can else NotAsked.NO_QUESTION)


def _now(program: Program, contact: Contact, asked: Asks, *, at: datetime) -> str:
    """Return why the person could not be asked now, or nothing where they could."""
    active = Partner.objects.of(program).active(at.date())
    places = Affiliation.objects.of(program).current(at.date()).filter(contact=contact)
    if not places.filter(partner__in=active).exists():
        return sentence(Reason(NotAsked.NO_PARTNER), name=contact.name)
    reason = refusal(
        program,
        asked=asked,
        stopped_at=contact.stopped_at,
        blocked=bool(suppressed([contact.email])),
        wishes=wishes_of(program, contact_id=contact.pk).get(contact.pk, NONE),
        written=other_mails_of_late(program, at=at).get(contact.pk),
        at=at,
    )
    return sentence(reason, name=contact.name) if reason else ""
