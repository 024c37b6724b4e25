"""Asking one person because another system requests it, or because they opened the questions.

Such asks are aimed at somebody, and some are answered through the vendor's hands: they are answered
by name only, and whoever answers is told so. An ask that is requested keeps to the contact budget;
what a person starts does not, but puts off the next ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from partnerloop.accounts.models import Membership
from partnerloop.core import ids, outbox
from partnerloop.core.models import record_audit
from partnerloop.evidence.offering import promise_in_portal
from partnerloop.evidence.promises import promises_in
from partnerloop.loop.asking import NoModeOffered
from partnerloop.partners.models import Contact, Partner
from partnerloop.planning.reasons import Asked, Reason
from partnerloop.planning.single import Suited, exactly, may_ask, suited
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.pulses.tokens import invitation_token
from partnerloop.pulses.wording import languages_for, words_for

OPEN_FOR = timedelta(days=28)
NAMES = {
    Pulse.Way.REQUEST: "Asked by mail on request",
    Pulse.Way.PORTAL: "Asked in the partner portal",
}


@dataclass(frozen=True, slots=True)
class Request:
    """Whom another system wants asked, how, and about what besides what the engine chooses."""

    contact: Contact
    partner: Partner
    way: Pulse.Way
    questions: Sequence[str] = ()


@transaction.atomic
def ask_one(wanted: Request, *, by: Membership, at: datetime) -> Invitation | Reason:
    """This will ask one person within the contact budget, or return why not and change nothing.

    A mail goes out by the worker; an ask in the portal waits there.
    """
    pulse = _pulse(wanted.contact.program, wanted.way, at=at)
    refused = may_ask(wanted.contact, wanted.partner, at=at)
    if refused is not None:
        return refused
    found = suited(wanted.contact, wanted.partner, pulse=pulse, named=wanted.questions, at=at)
    if isinstance(found, Reason):
        return found
    asked = _invite(pulse, wanted.contact, wanted.partner, found, why=Asked.REQUESTED, at=at)
    if wanted.way == Pulse.Way.REQUEST:
        _announce(asked, at=at)
    _note("ask.requested", asked, actor=f"user:{by.user_id}", at=at)
    return asked


@transaction.atomic
def begin_own(
    contact: Contact, partner: Partner, *, at: datetime, keys: Sequence[str] = ()
) -> Invitation | Reason:
    """This will lay out questions that a person answers of their own accord, in the portal.

    With keys it is just these; else the ask that is still open there, if there is one, so that a
    second visit changes the answer and adds none.
    """
    pulse = _pulse(contact.program, Pulse.Way.PORTAL, at=at)
    if keys:
        found = exactly(contact, partner, keys=keys, at=at)
    else:
        waiting = open_in_portal(contact, partner, at=at)
        if waiting is not None:
            return waiting
        found = suited(contact, partner, pulse=pulse, named=(), at=at)
    if isinstance(found, Reason):
        return found
    asked = _invite(pulse, contact, partner, found, why=Asked.OWN, at=at)
    _note("ask.begun", asked, actor="contact", at=at)
    return asked


@transaction.atomic
def begin_by_link(
    pulse: Pulse, contact: Contact, partner: Partner, *, at: datetime
) -> Invitation | Reason:
    """This will lay out the questions of a posted link for the person who came by their own mail.

    Whoever comes again before the next ask is possible finds the same ask and changes it.
    """
    Program.objects.select_for_update().get(pk=pulse.program_id)
    since = at - timedelta(days=contact.program.asks_every_days)
    rows = Invitation.objects.of(pulse.program_id).since(since).filter(expires_at__gt=at)
    before = rows.filter(pulse=pulse, contact=contact, partner=partner).order_by("-asked_at")
    if (waiting := before.first()) is not None:
        return waiting
    found = suited(contact, partner, pulse=pulse, named=pulse.questions, at=at)
    if isinstance(found, Reason):
        return found
    asked = _invite(pulse, contact, partner, found, why=Asked.OWN, at=at)
    _note("ask.begun", asked, actor="contact", at=at)
    return asked


def open_in_portal(contact: Contact, partner: Partner, *, at: datetime) -> Invitation | None:
    """Return the newest ask of a person in the portal that may still be answered or changed.

    After the days between two asks it is over there: the next visit gets new questions.
    """
    since = at - timedelta(days=contact.program.asks_every_days)
    rows = Invitation.objects.of(contact.program_id).since(since).filter(expires_at__gt=at)
    rows = rows.filter(contact=contact, partner=partner, pulse__way=Pulse.Way.PORTAL)
    rows = rows.select_related("program", "pulse", "contact", "partner")
    return rows.order_by("-asked_at", "-round").first()


def promise_of(asked: Invitation) -> str:
    """Return the sentence that belongs beside the questions of an ask in the portal."""
    return promise_to(asked.contact, asked.partner)


def promise_to(contact: Contact, partner: Partner) -> str:
    """Return the sentence that belongs beside whatever a person can send from a portal."""
    languages = languages_for(contact.program, contact=contact, partner=partner)
    return promise_in_portal(contact.program, company=partner.name, languages=languages)


def promise_to_anybody(program: Program) -> str:
    """Return the same sentence for nobody in particular, as a preview shows it."""
    languages = languages_for(program)
    company = promises_in(languages).page["company"]
    return promise_in_portal(program, company=company, languages=languages)


def _pulse(program: Program, way: Pulse.Way, *, at: datetime) -> Pulse:
    """Return the one pulse of a program that collects such asks; hold the budget meanwhile."""
    # one ask at a time in a program, as in a launch: two at once would spend the same budget
    locked = Program.objects.select_for_update().get(pk=program.pk)
    if Mode.NAMED not in locked.modes_offered:
        raise NoModeOffered
    pulse, _new = Pulse.objects.of(program).get_or_create(
        way=way,
        defaults={
            "program": program,
            "name": NAMES[way],
            "modes": [Mode.NAMED.value],
            "created_at": at,
            "launched_at": at,
        },
    )
    return pulse


def _invite(
    pulse: Pulse, contact: Contact, partner: Partner, found: Suited, *, why: Asked, at: datetime
) -> Invitation:
    pk = ids.random_id()
    words = words_for(
        [question.pk for question in found.questions],
        program=contact.program,
        languages=found.person.languages,
    )
    before = Invitation.objects.of(contact.program_id).filter(pulse=pulse, contact=contact)
    return Invitation.objects.create(
        id=pk,
        program_id=contact.program_id,
        pulse=pulse,
        round=(before.aggregate(last=Max("round"))["last"] or 0) + 1,
        contact=contact,
        partner=partner,
        role=found.person.role,
        token_hash=ids.token_hash(invitation_token(pk)),
        asked=[words[question.pk].pk for question in found.questions],
        asked_at=at,
        expires_at=at + OPEN_FOR,
        reason=why,
    )


def _announce(asked: Invitation, *, at: datetime) -> None:
    happening = outbox.Happening(
        kind="pulse.launched",
        key=f"ask:{asked.pk}",
        program_id=asked.program_id,
        payload={
            "program": asked.program_id,
            "pulse": asked.pulse_id,
            "invitations": [str(asked.pk)],
        },
    )
    outbox.publish(happening, at=at)


def _note(action: str, asked: Invitation, *, actor: str, at: datetime) -> None:
    record_audit(
        action,
        at=at,
        actor=actor,
        target=f"contact:{asked.contact_id}",
        program_id=asked.program_id,
    )
