"""Finding the contact that another system means: by our id, its own id, or the mail address."""

from datetime import date

from partnerloop.partners.models import Affiliation, Contact, ExternalId, Partner
from partnerloop.programs.models import Program


class NoSuchPerson(LookupError):
    """Nobody of the program is meant, or more than one person could be."""


class SeveralPartners(LookupError):
    """The person works at several partners, and none of them was named."""


def find_contact(
    program: Program,
    *,
    number: int | None = None,
    source: str = "",
    external_id: str = "",
    email: str = "",
) -> Contact:
    """Return the one contact that is meant; an id without a source must be of one source only."""
    rows = Contact.objects.of(program).select_related("program")
    if number is not None:
        rows = rows.filter(pk=number)
    elif external_id:
        known = ExternalId.objects.of(program).filter(kind="contact", value=external_id)
        known = known.filter(source=source) if source else known
        rows = rows.filter(pk__in=known.values("contact"))
    elif email:
        rows = rows.filter(email__iexact=email.strip())
    else:
        raise NoSuchPerson
    found = list(rows[:2])
    if len(found) != 1:
        raise NoSuchPerson
    return found[0]


def place_of(contact: Contact, *, partner_id: int | None, on: date) -> Partner:
    """Return the active partner at which a person works: the named one, or the only one."""
    active = Partner.objects.of(contact.program_id).active(on)
    places = Affiliation.objects.of(contact.program_id).current(on)
    places = places.filter(contact=contact, partner__in=active)
    if partner_id is not None:
        places = places.filter(partner=partner_id)
    found = {place.partner_id: place.partner for place in places.select_related("partner")}
    if not found:
        raise NoSuchPerson
    if len(found) > 1:
        raise SeveralPartners
    return next(iter(found.values()))
