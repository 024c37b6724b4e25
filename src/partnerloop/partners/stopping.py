"""Stopping to ask: a person's wish, and addresses that must not be written to."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Lower

from partnerloop.core.models import Message, record_audit
from partnerloop.partners.models import Contact
from partnerloop.programs.models import Suppression

FEW = 2000  # addresses of which each is asked for
ASKS = (Message.Purpose.INVITATION, Message.Purpose.REMINDER)


def stop_asking(contact: Contact, *, at: datetime, origin: str = "") -> bool:
    """This will stop all asking of a person, at once, mails that still wait included.

    Return whether that was new: a mail program may send its one click more than once.
    """
    with transaction.atomic():
        stopped = (
            Contact.objects.of(contact.program_id)
            .filter(pk=contact.pk, stopped_at__isnull=True)
            .update(stopped_at=at)
        )
        if not stopped:
            return False
        recall_asks(contact)
        _note("contact.stopped", contact, at=at, actor="contact", origin=origin)
    contact.stopped_at = at
    return True


def resume_asking(contact: Contact, *, at: datetime, actor: str = "contact") -> bool:
    """This will allow asking again; only the person's own wish is a reason to call it."""
    with transaction.atomic():
        resumed = (
            Contact.objects.of(contact.program_id)
            .filter(pk=contact.pk, stopped_at__isnull=False)
            .update(stopped_at=None)
        )
        if resumed:
            _note("contact.resumed", contact, at=at, actor=actor)
            contact.stopped_at = None
    return bool(resumed)


def suppress(address: str, *, at: datetime, reason: str) -> None:
    """This will keep every program of this installation from writing to an address again."""
    Suppression.objects.bulk_create(
        [Suppression(address_hash=Suppression.hash_of(address), since=at, reason=reason)],
        ignore_conflicts=True,
    )


def suppressed(addresses: Iterable[str]) -> set[str]:
    """Return which of these addresses must not be written to."""
    known = Suppression.objects.count()
    if not known:
        return set()
    hashes = {address: Suppression.hash_of(address) for address in addresses}
    unique = sorted(set(hashes.values()))
    found: set[str] = set()
    if len(unique) > FEW and known <= len(unique):
        # for a whole program it is quicker to read what there is than to ask for each
        found.update(Suppression.objects.values_list("address_hash", flat=True))
        unique = []
    for start in range(0, len(unique), 500):
        rows = Suppression.objects.filter(address_hash__in=unique[start : start + 500])
        found.update(rows.values_list("address_hash", flat=True))
    return {address for address, hashed in hashes.items() if hashed in found}


def recall_asks(contact: Contact) -> None:
    """This will delete the questions to a person that still wait to be sent."""
    waiting = Message.objects.filter(
        program_id=contact.program_id, purpose__in=ASKS, finished_at__isnull=True
    )
    waiting.annotate(address=Lower("to")).filter(address=contact.email.lower()).delete()


def _note(action: str, contact: Contact, *, at: datetime, actor: str, origin: str = "") -> None:
    record_audit(
        action,
        at=at,
        actor=actor,
        target=f"contact:{contact.pk}",
        program_id=contact.program_id,
        fields=("stopped_at",),
        origin=origin,
    )
