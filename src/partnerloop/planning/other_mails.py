"""The second counter of the contact budget: mails about campaigns and ideas.

Two in 30 days, three days away from each other and from every ask. Asks keep the same distance from
them, so that nobody hears from a program twice in three days. Answers to what a person said,
receipts and sign-in mails are no part of it.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from partnerloop.partners.models import Contact, Topic, TopicStop
from partnerloop.partners.stopping import suppressed
from partnerloop.partners.wishing import NONE, wishes_of
from partnerloop.planning.distance import APART, other_mails_of_late
from partnerloop.planning.models import OtherMail
from partnerloop.planning.reasons import NotAsked, Reason
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation

MONTH = timedelta(days=30)
MOST_A_MONTH = 2


@transaction.atomic
def take_room(
    program: Program, contacts: Collection[int], *, topic: Topic, key: str, at: datetime
) -> dict[int, Reason]:
    """This will count a mail to each of these people who may get one; return why others may not.

    Call it in the transaction that posts the mails. `key` names what sends them: who has it in
    their count already is written to once and never counted again.
    """
    Program.objects.select_for_update().get(pk=program.pk)  # asks and mails spend one budget
    refused = _refused(program, contacts, topic=topic, key=key, at=at)
    OtherMail.objects.bulk_create(
        [
            OtherMail(program=program, contact_id=contact, topic=topic, at=at, key=key)
            for contact in sorted(set(contacts) - set(refused))
        ],
        batch_size=500,
    )
    return refused


def _refused(
    program: Program, contacts: Collection[int], *, topic: Topic, key: str, at: datetime
) -> dict[int, Reason]:
    people = list(Contact.objects.of(program).filter(pk__in=contacts))
    blocked = suppressed(person.email for person in people)
    stops = TopicStop.objects.of(program).filter(contact__in=contacts, topic=topic)
    stopped = dict(stops.values_list("contact_id", "stopped_at"))
    wishes = wishes_of(program)
    counted = _counted(program, contacts, at=at)
    had = set(
        OtherMail.objects.of(program)
        .filter(contact__in=contacts, key=key)
        .values_list("contact_id", flat=True)
    )
    last = _last(program, contacts, at=at)
    found: dict[int, Reason] = {}
    for person in people:
        stop = person.stopped_at or stopped.get(person.pk)
        wait = wishes.get(person.pk, NONE).not_before
        if stop:
            found[person.pk] = Reason(NotAsked.STOPPED, last=stop.date())
        elif person.email in blocked:
            found[person.pk] = Reason(NotAsked.UNREACHABLE)
        elif person.pk in had:
            found[person.pk] = Reason(NotAsked.HAD_IT)
        elif wait and at.date() < wait:
            found[person.pk] = Reason(NotAsked.SNOOZED, next=wait)
        elif (free := _free_on(counted.get(person.pk, []), last.get(person.pk))) > at.date():
            found[person.pk] = Reason(NotAsked.WRITTEN, last=last.get(person.pk), next=free)
    return found


def _free_on(counted: list[date], last: date | None) -> date:
    """Return the first day on which there is room for another mail."""
    free = last + APART if last else date.min
    if len(counted) >= MOST_A_MONTH:
        free = max(free, sorted(counted)[-MOST_A_MONTH] + MONTH)
    return free


def _counted(program: Program, contacts: Collection[int], *, at: datetime) -> dict[int, list[date]]:
    rows = OtherMail.objects.of(program).filter(contact__in=contacts, at__gt=at - MONTH)
    found: dict[int, list[date]] = {}
    for contact, when in rows.values_list("contact_id", "at"):
        found.setdefault(contact, []).append(when.date())
    return found


def _last(program: Program, contacts: Collection[int], *, at: datetime) -> dict[int, date]:
    """Return the day of each person's last ask or other mail within the distance."""
    asks = Invitation.objects.of(program).filter(contact__in=contacts, asked_at__gt=at - APART)
    asked = asks.order_by().values_list("contact_id").annotate(last=Max("asked_at"))
    found = {contact: when.date() for contact, when in asked}
    for contact, when in other_mails_of_late(program, at=at).items():
        found[contact] = max(found.get(contact, date.min), when)
    return found
