"""Wishes about our mails: wait, come less often, stop one topic. The person's own word alone."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from partnerloop.core.clock import start_of
from partnerloop.core.models import record_audit
from partnerloop.partners.models import Contact, LawfulBasis, Pace, Topic, TopicStop
from partnerloop.partners.stopping import recall_asks
from partnerloop.programs.models import Program


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one person asked of the mails with questions."""

    stopped_at: datetime | None = None
    not_before: date | None = None
    every_days: int = 0

    def allow(self, on: date) -> bool:
        """Return whether a mail with questions may go to this person on a day."""
        return self.stopped_at is None and (self.not_before is None or self.not_before <= on)


NONE = Wishes()


@transaction.atomic
def stop_topic(contact: Contact, topic: Topic, *, at: datetime) -> bool:
    """This will stop one topic, mails that still wait included; return whether that was new."""
    _row, is_new = TopicStop.objects.of(contact.program_id).get_or_create(
        contact=contact,
        topic=topic,
        defaults={"program_id": contact.program_id, "stopped_at": at},
    )
    if is_new:
        if topic == Topic.QUESTIONS:
            recall_asks(contact)
        _note("contact.topic_stopped", contact, at=at, fields=(topic.value,))
    return is_new


@transaction.atomic
def wait_until(contact: Contact, day: date, *, at: datetime) -> None:
    """This will ask nothing before a day; questions that still wait to be sent are recalled."""
    _keep(contact, not_before=day)
    recall_asks(contact)
    _note("contact.snoozed", contact, at=at, fields=("not_before",))


@transaction.atomic
def rest_until(contact: Contact, day: date, *, at: datetime) -> None:
    """This will ask nothing before a day, because the mailbox cannot take it; a later day stays."""
    pace = Pace.objects.of(contact.program_id).filter(contact=contact).first()
    if pace and pace.not_before and pace.not_before >= day:
        return
    _keep(contact, not_before=day)
    recall_asks(contact)
    _note("contact.rests", contact, at=at, fields=("not_before",), actor="system")


@transaction.atomic
def ask_less(contact: Contact, *, every_days: int, at: datetime) -> None:
    """This will keep so many days between two asks, where the program's own distance is shorter."""
    _keep(contact, every_days=every_days)
    _note("contact.less_often", contact, at=at, fields=("every_days",))


@transaction.atomic
def speak(contact: Contact, language: str, *, at: datetime) -> None:
    """This will write to a person in the language of their choice, whatever is imported later."""
    contact.language, contact.language_chosen_at = language, at
    contact.save(update_fields=["language", "language_chosen_at"])
    _note("contact.language_chosen", contact, at=at, fields=("language",))


def wishes_of(program: Program | int, *, contact_id: int | None = None) -> dict[int, Wishes]:
    """Return what people asked of the mails with questions; whoever is missing asked nothing."""
    one = Q(contact=contact_id) if contact_id is not None else Q()
    stops = TopicStop.objects.of(program).filter(one, topic=Topic.QUESTIONS)
    stopped = _objected(program, one) | dict(stops.values_list("contact_id", "stopped_at"))
    paces = Pace.objects.of(program).filter(one)
    found = {contact: Wishes(stopped_at=when) for contact, when in stopped.items()}
    for contact, day, every in paces.values_list("contact_id", "not_before", "every_days"):
        found[contact] = Wishes(stopped.get(contact), day, every or 0)
    return found


def _objected(program: Program | int, one: Q) -> dict[int, datetime]:
    """Return who objected to being asked for feedback, and since when, by the ground on record."""
    rows = LawfulBasis.objects.of(program).filter(
        one, purpose=LawfulBasis.Purpose.FEEDBACK, basis=LawfulBasis.Basis.OBJECTED
    )
    return {contact: start_of(since) for contact, since in rows.values_list("contact_id", "since")}


def _keep(contact: Contact, **wished: object) -> None:
    Pace.objects.of(contact.program_id).update_or_create(
        contact=contact, defaults=wished, create_defaults={**wished, "program": contact.program}
    )


def _note(
    action: str,
    contact: Contact,
    *,
    at: datetime,
    fields: tuple[str, ...],
    actor: str = "contact",
) -> None:
    record_audit(
        action,
        at=at,
        actor=actor,
        target=f"contact:{contact.pk}",
        program_id=contact.program_id,
        fields=fields,
    )
