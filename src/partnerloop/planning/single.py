"""Deciding on one person: may they be asked now for a partner, and about what.

The same budget as for a pulse. Among the dimensions nothing is weighed: the ones that the company
has waited for longest come first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from partnerloop.partners.models import Affiliation, Contact, Partner
from partnerloop.partners.stopping import suppressed
from partnerloop.partners.wishing import NONE, wishes_of
from partnerloop.planning.budget import Askable, Asks, askable_at, asks_of, refusal
from partnerloop.planning.choosing import DIMENSIONS_ASKED, questions_for
from partnerloop.planning.distance import other_mails_of_late
from partnerloop.planning.history import History, history_of
from partnerloop.planning.reasons import NotAsked, Reason
from partnerloop.planning.shelf import NOT_FOR_PARTNERS, Shelf, shelf_of, suits
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Pulse, Question


@dataclass(frozen=True, slots=True)
class Suited:
    """A person at a partner and the questions for them, in order."""

    person: Askable
    questions: tuple[Question, ...]


def may_ask(contact: Contact, partner: Partner, *, at: datetime) -> Reason | None:
    """Return why a person may not be asked for a partner now, or None: there is room."""
    program = contact.program
    if _place(contact, partner, at=at) is None:
        return Reason(NotAsked.NO_PARTNER)
    return refusal(
        program,
        asked=asks_of(program, at=at, contact_id=contact.pk).get(contact.pk, Asks()),
        stopped_at=contact.stopped_at,
        blocked=bool(suppressed([contact.email])),
        wishes=wishes_of(program, contact_id=contact.pk).get(contact.pk, NONE),
        written=other_mails_of_late(program, at=at).get(contact.pk),
        at=at,
    )


def suited(
    contact: Contact, partner: Partner, *, pulse: Pulse, named: Sequence[str], at: datetime
) -> Suited | Reason:
    """Return the questions for a person; `named` are keys that are asked before all others.

    It does not look at the budget: whoever opens the questions themselves is not asked by us.
    """
    program = contact.program
    place = _place(contact, partner, at=at)
    if place is None:
        return Reason(NotAsked.NO_PARTNER)
    person = askable_at(place, Asks(), program)
    shelf = shelf_of(program, at=at, named=named)
    history = history_of(program, at=at, among=_company(partner))
    waited = _longest_waiting(person, shelf, history, at=at)
    asked = questions_for(pulse, person, waited, shelf, history, {})
    return Suited(person, asked) if asked else Reason(NotAsked.NO_QUESTION)


def exactly(
    contact: Contact, partner: Partner, *, keys: Sequence[str], at: datetime
) -> Suited | Reason:
    """Return just the questions of some keys for a person, in that order."""
    place = _place(contact, partner, at=at)
    if place is None:
        return Reason(NotAsked.NO_PARTNER)
    found = {question.key: question for question in askable(contact.program, keys, at=at)}
    asked = [found[key] for key in keys if key in found and suits(found[key], place.role)]
    if len(asked) < len(keys):
        return Reason(NotAsked.NO_QUESTION)
    return Suited(askable_at(place, Asks(), contact.program), tuple(asked))


def askable(program: Program, keys: Sequence[str], *, at: datetime) -> list[Question]:
    """Return the questions of some keys that may be asked of partners at a moment."""
    rows = Question.objects.of(program).exclude(retired_at__lte=at).filter(key__in=list(keys))
    rows = rows.filter(metric__retired_at__isnull=True)
    return list(rows.exclude(purpose__in=NOT_FOR_PARTNERS))


def _place(contact: Contact, partner: Partner, *, at: datetime) -> Affiliation | None:
    """Return where a person works at an active partner at a moment, or None."""
    active = Partner.objects.of(partner.program_id).active(at.date()).filter(pk=partner.pk)
    places = Affiliation.objects.of(partner.program_id).current(at.date())
    return (
        places.filter(contact=contact, partner__in=active)
        .select_related("contact", "partner")
        .order_by("pk")
        .first()
    )


def _company(partner: Partner) -> list[int]:
    family = Partner.objects.of(partner.program_id).filter(parent=partner.company_id)
    return [partner.company_id, *family.values_list("pk", flat=True)]


def _longest_waiting(person: Askable, shelf: Shelf, history: History, *, at: datetime) -> list[str]:
    able = shelf.dimensions_for(person.role)
    last = history.last_rated.get(person.contact_id, frozenset())
    keys = [key for key in shelf.dimensions if key in able]
    keys.sort(
        key=lambda key: (
            key in last,
            -history.days_without(key, partner=person.partner_id, at=at),
        )
    )
    return keys[:DIMENSIONS_ASKED]
