"""Asks that wait: from an event to an ask within the contact budget, or to a reason.

What is due is asked as soon as its person may be asked; a pulse that asks them earlier takes it
along, so that it is one ask and not two. What waited sixty days is overtaken and closed.
"""

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from partnerloop.partners.models import Affiliation, Contact, LifecycleEvent, Partner
from partnerloop.partners.stopping import suppressed
from partnerloop.partners.wishing import NONE, wishes_of
from partnerloop.planning.budget import Askable, Asks, askable_at, asks_of, refusal
from partnerloop.planning.distance import other_mails_of_late
from partnerloop.planning.models import WaitingAsk
from partnerloop.planning.reasons import NotAsked
from partnerloop.planning.shelf import NOT_FOR_PARTNERS, suits
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation, Pulse, Question, Wording

OVERTAKEN_AFTER = timedelta(days=60)
PEOPLE = 1  # of a partner, where the event names nobody
FOR_GOOD = (NotAsked.STOPPED, NotAsked.UNREACHABLE, NotAsked.NO_PARTNER, NotAsked.NO_QUESTION)


@dataclass(frozen=True, slots=True)
class Ready:
    """A person who may be asked now, and the oldest ask of theirs that waits."""

    ask: WaitingAsk
    person: Askable


def queue_asks(event: LifecycleEvent, *, at: datetime) -> list[WaitingAsk]:
    """This will let an ask wait for each pulse that listens to the event; a repeat adds none.

    It is about the person the event names. Where it names nobody, chance picks among those who
    work there, each with the same chance, which is kept.
    """
    program = event.program_id
    pulses = Pulse.objects.of(program).listening(at).filter(on_event=event.kind).order_by("pk")
    made = [ask for pulse in pulses for ask in _asks_of(event, pulse, on=at.date())]
    WaitingAsk.objects.bulk_create(made, ignore_conflicts=True)
    return list(WaitingAsk.objects.of(program).filter(event=event))


def _asks_of(event: LifecycleEvent, pulse: Pulse, *, on: date) -> list[WaitingAsk]:
    people, chance = _people(event, pulse, on=on)
    return [
        WaitingAsk(
            program_id=event.program_id,
            pulse=pulse,
            event=event,
            contact_id=contact,
            partner_id=event.partner_id,
            propensity=chance,
            due_on=event.at.date() + timedelta(days=pulse.after_days),
        )
        for contact in people
    ]


def _people(event: LifecycleEvent, pulse: Pulse, *, on: date) -> tuple[list[int], float]:
    if event.contact_id is not None:
        return [event.contact_id], 1.0
    works = Affiliation.objects.of(event.program_id).current(on).filter(partner=event.partner_id)
    works = works.filter(contact__stopped_at__isnull=True).order_by("contact_id")
    able = sorted(set(works.values_list("contact_id", flat=True)))
    count = min(pulse.people_to_ask or PEOPLE, len(able))
    if not count:
        return [], 1.0
    rng = random.Random(f"{pulse.seed}:{event.pk}")  # a draw, not a secret
    return rng.sample(able, count), count / len(able)


def ready_to_ask(program: Program, *, at: datetime) -> list[Ready]:
    """This will return whose ask is due and possible; all others keep or get their reason.

    Call it with the program locked: who is returned is within the budget until somebody else asks.
    """
    due = list(WaitingAsk.objects.of(program).due(at.date()).select_related("pulse", "contact"))
    if not due:
        return []
    people = _people_of(due, program, at=at)
    found: dict[int, Ready] = {}
    for ask in due:
        person = people.get((ask.contact_id, ask.partner_id), NotAsked.NO_PARTNER)
        if isinstance(person, Askable):
            found.setdefault(ask.contact_id, Ready(ask, person))
        else:
            _hold(ask, person, on=at.date())
    return list(found.values())


def _people_of(
    due: Sequence[WaitingAsk], program: Program, *, at: datetime
) -> dict[tuple[int, int], Askable | NotAsked]:
    contacts = {ask.contact_id for ask in due}
    works = Affiliation.objects.of(program).current(at.date()).filter(contact__in=contacts)
    active = Partner.objects.of(program).active(at.date())
    rows = list(works.filter(partner__in=active).select_related("contact", "partner"))
    blocked = suppressed(row.contact.email for row in rows)
    wishes, asked = wishes_of(program), asks_of(program, at=at, contacts=contacts)
    written = other_mails_of_late(program, at=at)
    found: dict[tuple[int, int], Askable | NotAsked] = {}
    for row in rows:
        asks = asked.get(row.contact_id, Asks())
        why = refusal(
            program,
            asked=asks,
            stopped_at=row.contact.stopped_at,
            blocked=row.contact.email in blocked,
            wishes=wishes.get(row.contact_id, NONE),
            written=written.get(row.contact_id),
            at=at,
        )
        key = NotAsked(why.key) if why else None
        found[row.contact_id, row.partner_id] = key or askable_at(row, asks, program)
    return found


def _hold(ask: WaitingAsk, why: NotAsked, *, on: date) -> None:
    """Note what holds an ask up, and close it where that lasts or has lasted too long."""
    if why in FOR_GOOD:
        _close(ask, WaitingAsk.State.DROPPED, why, on=on)
    elif ask.due_on + OVERTAKEN_AFTER < on:
        _close(ask, WaitingAsk.State.OVERTAKEN, why, on=on)
    elif ask.reason != why:
        ask.reason = why
        ask.save(update_fields=["reason"])


def drop(asks: Iterable[WaitingAsk], why: NotAsked, *, on: date) -> None:
    """This will close asks that can't be made, with their reason."""
    for ask in asks:
        _close(ask, WaitingAsk.State.DROPPED, why, on=on)


def _close(ask: WaitingAsk, state: WaitingAsk.State, why: NotAsked, *, on: date) -> None:
    ask.state, ask.reason, ask.closed_on = state, why, on
    ask.save(update_fields=["state", "reason", "closed_on"])


def questions_waiting(
    program: Program, people: Collection[Askable], *, at: datetime
) -> Mapping[int, Sequence[Question]]:
    """This will return, by contact, the questions of their due asks for that partner, oldest first.

    Only what the pulse of the waiting ask names; the rest of an ask is chosen as always.
    """
    where = {person.contact_id: person for person in people}
    due = WaitingAsk.objects.of(program).due(at.date()).select_related("pulse")
    keys: dict[int, dict[str, None]] = defaultdict(dict)
    for ask in due:
        person = where.get(ask.contact_id)
        if person is not None and person.partner_id == ask.partner_id:
            keys[ask.contact_id].update(dict.fromkeys(ask.pulse.questions))
    if not keys:
        return {}
    wanted = {key for asked in keys.values() for key in asked}
    rows = Question.objects.of(program).exclude(retired_at__lte=at).filter(key__in=wanted)
    questions = {q.key: q for q in rows.exclude(purpose__in=NOT_FOR_PARTNERS)}
    return {
        contact: [
            questions[key]
            for key in asked
            if key in questions and suits(questions[key], where[contact].role)
        ]
        for contact, asked in keys.items()
    }


def settle(program: Program, asked: Sequence[Invitation], *, at: datetime) -> int:
    """This will close the waiting asks whose questions these asks hold; return how many."""
    by_contact = {one.contact_id: one for one in asked}
    due = WaitingAsk.objects.of(program).due(at.date()).select_related("pulse")
    rows = [
        ask
        for ask in due
        if (made := by_contact.get(ask.contact_id)) and made.partner_id == ask.partner_id
    ]
    wordings = {pk for ask in rows for pk in by_contact[ask.contact_id].asked}
    keys = dict(
        Wording.objects.of(program).filter(pk__in=wordings).values_list("pk", "question__key")
    )
    settled = 0
    for ask in rows:
        made = by_contact[ask.contact_id]
        if {keys[pk] for pk in made.asked}.isdisjoint(ask.pulse.questions):
            continue
        ask.state, ask.invitation, ask.closed_on = WaitingAsk.State.ASKED, made, at.date()
        ask.reason = ""
        ask.save(update_fields=["state", "invitation", "closed_on", "reason"])
        settled += 1
    return settled


def waiting_of(contact: Contact) -> list[WaitingAsk]:
    """This will return what waits to be asked of a person, for a copy of what is kept."""
    rows = WaitingAsk.objects.of(contact.program_id).filter(contact=contact)
    return list(rows.select_related("pulse", "event").order_by("due_on", "pk"))
