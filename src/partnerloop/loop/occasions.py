"""Asking after an event: what happened comes in, its asks wait for their day and the budget."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.core import ids
from partnerloop.loop.asking import OPEN_FOR, NoModeOffered, announce, invitations_of
from partnerloop.partners.models import LifecycleEvent
from partnerloop.partners.reporting import Occurred, keep_event
from partnerloop.planning.choosing import Chosen, choose
from partnerloop.planning.reasons import Asked, NotAsked, Reason
from partnerloop.planning.waiting import Ready, drop, queue_asks, ready_to_ask, settle
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.models import Invitation, Pulse

# An event aims at one person or few. Whose answer a figure would be everybody could tell, so that
# such an ask is by name, and its page says so.
MODES = [Mode.NAMED.value]


@dataclass(frozen=True, slots=True)
class Listening:
    """What a pulse after an event is to be; `people` are drawn where an event names nobody."""

    name: str
    on_event: str
    after_days: int
    questions: Sequence[str]
    people: int = 1
    asks_open_question: bool = True


@dataclass(frozen=True, slots=True)
class Taken:
    """An event as it is kept, and how many asks wait because of it."""

    event: LifecycleEvent
    asks: int


@transaction.atomic
def listen(wanted: Listening, *, by: Membership, at: datetime) -> Pulse:
    """This will ask after each event of a kind that comes in from now on, until it is stopped."""
    if Mode.NAMED not in by.program.modes_offered:
        raise NoModeOffered
    made = Pulse.objects.create(
        program_id=by.program_id,
        name=wanted.name,
        way=Pulse.Way.EVENT,
        on_event=wanted.on_event,
        after_days=wanted.after_days,
        questions=list(wanted.questions),
        people_to_ask=wanted.people,
        asks_open_question=wanted.asks_open_question,
        modes=MODES,
        created_at=at,
        created_by=by,
        launched_at=at,
        launched_by=by,
    )
    record_by(by, "pulse.listens", target=f"pulse:{made.pk}", at=at)
    return made


@transaction.atomic
def stop_listening(pulse: Pulse, *, by: Membership, at: datetime) -> None:
    """This will let no further ask wait; what waits already is still asked."""
    rows = Pulse.objects.of(pulse.program_id).listening(at).filter(pk=pulse.pk)
    if rows.update(closes_at=at):
        record_by(by, "pulse.stopped_listening", target=f"pulse:{pulse.pk}", at=at)


@transaction.atomic
def happened(program: Program, occurred: Occurred, *, at: datetime) -> Taken:
    """This will keep an event, once, and let its asks wait."""
    event = keep_event(program, occurred, at=at)
    return Taken(event, asks=len(queue_asks(event, at=at)))


@transaction.atomic
def ask_waiting(program: Program, at: datetime) -> None:
    """This will ask everybody whose ask is due and whom the contact budget lets be asked."""
    Program.objects.select_for_update().get(pk=program.pk)  # one budget, one at a time
    by_pulse: dict[Pulse, list[Ready]] = defaultdict(list)
    for ready in ready_to_ask(program, at=at):
        by_pulse[ready.ask.pulse].append(ready)
    for pulse, people in by_pulse.items():
        _ask(pulse, people, at=at)


def _ask(pulse: Pulse, people: Sequence[Ready], *, at: datetime) -> None:
    pulse.people_to_ask = None  # they were drawn when the event came
    chosen = choose(pulse, [ready.person for ready in people], at=at).chosen
    has_its_question = {
        each.person.contact_id: each
        for each in chosen
        if any(question.key in pulse.questions for question in each.questions)
    }
    drawn = {ready.ask.contact_id: ready.ask for ready in people}
    unfit = [ask for contact, ask in drawn.items() if contact not in has_its_question]
    drop(unfit, NotAsked.NO_QUESTION, on=at.date())
    if not has_its_question:
        return
    asked = [
        Chosen(each.person, each.questions, drawn[contact].propensity, Reason(Asked.EVENT))
        for contact, each in has_its_question.items()
    ]
    pulse.closes_at = at + OPEN_FOR  # of these asks; the pulse itself goes on listening
    made = invitations_of(pulse, asked, {}, at=at)
    rounds = _rounds(pulse, [one.contact_id for one in made])
    for one in made:
        one.round = rounds.get(one.contact_id, 0) + 1
    Invitation.objects.bulk_create(made, batch_size=500)
    settle(pulse.program, made, at=at)
    announce(pulse, made, key=f"{pulse.pk}:{ids.random_id()}", at=at)


def _rounds(pulse: Pulse, contacts: Sequence[int]) -> dict[int, int]:
    rows = Invitation.objects.of(pulse.program_id).filter(pulse=pulse, contact__in=contacts)
    return dict(rows.values_list("contact").annotate(last=Max("round")).order_by())
