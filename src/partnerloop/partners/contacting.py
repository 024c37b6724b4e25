"""Contacts entered and changed by hand. Who entered or re-addressed somebody, and when, is kept:
it decides whose confidential answers count (`evidence.seasoning`).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.core.models import Message
from partnerloop.partners.models import Affiliation, Contact, Partner


class AddressTaken(ValueError):
    """Another contact of the program has this address."""


class NotThere(ValueError):
    """The person does not work at this partner."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of a person beside where they work."""

    name: str
    email: str
    language: str
    time_zone: str


@transaction.atomic
def enter(
    given: Particulars, *, partner: Partner, role: str, by: Membership, at: datetime
) -> Contact:
    """Enter a person who works at a partner."""
    _check_address(partner.program_id, given.email)
    contact = _saved(
        Contact(
            program_id=partner.program_id,
            **asdict(given),
            entered_at=at,
            entered_by=by,
            addressed_at=at,
            addressed_by=by,
        )
    )
    Affiliation.objects.create(
        program_id=partner.program_id,
        contact=contact,
        partner=partner,
        role=role,
        since=at.date(),
    )
    _note("contact.entered", contact, by=by, at=at, fields=(*asdict(given), "partner", "role"))
    return contact


@transaction.atomic
def change(
    contact: Contact, given: Particulars, *, by: Membership, at: datetime
) -> tuple[str, ...]:
    """Change a person's particulars; return which. A new address makes them unseasoned again."""
    changed = tuple(
        field for field, value in asdict(given).items() if getattr(contact, field) != value
    )
    if not changed:
        return ()
    if given.email.lower() != contact.email.lower():
        _check_address(contact.program_id, given.email)
        withdraw_waiting(contact.program_id, [contact.email])
        contact.addressed_at, contact.addressed_by = at, by
    for field in changed:
        setattr(contact, field, getattr(given, field))
    _saved(contact)
    _note("contact.changed", contact, by=by, at=at, fields=changed)
    return changed


@transaction.atomic
def begin_at(
    contact: Contact, partner: Partner, *, role: str, by: Membership, at: datetime
) -> None:
    """Let a person work at a partner from today, or in another role there."""
    here = Affiliation.objects.of(contact.program_id).filter(contact=contact, partner=partner)
    held = here.filter(until__isnull=True).first()
    if held is not None and held.role == role:
        return
    if held is not None:
        held.until = max(at.date(), held.since)
        held.save(update_fields=["until"])
    Affiliation.objects.create(
        program_id=contact.program_id,
        contact=contact,
        partner=partner,
        role=role,
        since=at.date(),
    )
    _note("contact.placed", contact, by=by, at=at, fields=("partner", "role"))


@transaction.atomic
def leave(contact: Contact, partner: Partner, *, by: Membership, at: datetime) -> None:
    """Note that a person works at a partner no more: they are not asked for it again."""
    current = Affiliation.objects.of(contact.program_id).current(at.date())
    held = current.filter(contact=contact, partner=partner).first()
    if held is None:
        raise NotThere
    held.until = max(at.date(), held.since)
    held.save(update_fields=["until"])
    if not current.filter(contact=contact).exists():
        withdraw_waiting(contact.program_id, [contact.email])
    _note("contact.left", contact, by=by, at=at, fields=("partner",))


def withdraw_waiting(program_id: int, addresses: Iterable[str]) -> None:
    """Delete mails that wait for addresses given up: their links are those persons' own."""
    waiting = Message.objects.filter(program_id=program_id, finished_at__isnull=True)
    old = {address.lower() for address in addresses}
    if old:
        waiting.annotate(address=Lower("to")).filter(address__in=old).delete()


def _check_address(program: int, email: str) -> None:
    rows = Contact.objects.of(program).annotate(address=Lower("email"))
    if rows.filter(address=email.lower()).exists():
        raise AddressTaken("Another contact has this address.")


def _saved(contact: Contact) -> Contact:
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError:  # somebody else was faster
        raise AddressTaken("Another contact has this address.") from None
    return contact


def _note(
    action: str, contact: Contact, *, by: Membership, at: datetime, fields: tuple[str, ...]
) -> None:
    record_by(by, action, target=f"contact:{contact.pk}", at=at, fields=fields)
