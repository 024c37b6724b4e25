"""Changing a contact; with a new address the links sent to the old one open nothing any more."""

from datetime import datetime

from django.db import transaction

from partnerloop.accounts.models import Membership
from partnerloop.partners import contacting
from partnerloop.partners.models import Contact
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
        open_asks = Invitation.objects.of(contact.program_id).filter(contact=contact)
        open_asks.filter(asked_at__lt=at, expires_at__gt=at).update(expires_at=at)
    return changed
