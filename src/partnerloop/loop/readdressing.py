"""New addresses of contacts, by hand or by a file: links sent to the old ones open nothing more."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from partnerloop.accounts.models import Membership
from partnerloop.partners import contacting
from partnerloop.partners.models import Contact, ImportedChange
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation


@transaction.atomic
def change_contact(
    contact: Contact, given: contacting.Particulars, *, by: Membership, at: datetime
) -> tuple[str, ...]:
    """This will change a person's particulars and return which changed.

    An open ask belongs to whoever reads the old address: nobody who re-addresses a colleague of
    theirs may get at it, by a reminder or otherwise.
    """
    old = contact.email.lower()
    changed = contacting.change(contact, given, by=by, at=at)
    if given.email.lower() != old:
        _expire(contact.program_id, [contact.pk], asked_before=at, at=at)
    return changed


def expire_asks_of_import(program: Program, run_id: UUID, *, at: datetime) -> None:
    """This will end the open asks of people to whom a saved import gave another address.

    Reminders and mails not yet written look at the day of the address themselves.
    """
    changes = ImportedChange.objects.of(program).filter(run=run_id, table="contact")
    for rows, saved_at in changes.values_list("rows", "run__saved_at"):
        moved = [key for key, before, _after in rows if before and "email" in before]
        _expire(program.pk, moved, asked_before=saved_at or at, at=at)


def _expire(
    program_id: int, contacts: Iterable[int], *, asked_before: datetime, at: datetime
) -> None:
    asks = Invitation.objects.of(program_id).filter(contact__in=list(contacts))
    asks.filter(asked_at__lt=asked_before, expires_at__gt=at).update(expires_at=at)
