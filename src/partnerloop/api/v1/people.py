"""Finding the one contact that a request means, among those that its key may see."""

from partnerloop.accounts.models import Membership
from partnerloop.api.problems import Problem
from partnerloop.api.v1.shapes_of_asking import PersonShape
from partnerloop.core import clock
from partnerloop.partners.models import Contact, Partner
from partnerloop.partners.naming import NoSuchPerson, SeveralPartners, find_contact, place_of


def person_of(meant: PersonShape, *, by: Membership) -> tuple[Contact, Partner]:
    """Return the contact and the partner that a request means, or raise a problem."""
    on = clock.now().date()
    ways = [meant.contact_id is not None, bool(meant.external_id), bool(meant.email)]
    if sum(ways) != 1:
        raise Problem(422, "Name the person by one of contact_id, external_id or email.")
    try:
        contact = find_contact(
            by.program,
            number=meant.contact_id,
            source=meant.source,
            external_id=meant.external_id,
            email=meant.email,
        )
        return contact, place_of(contact, partner_id=meant.partner_id, on=on)
    except NoSuchPerson:
        raise Problem(404, "There is no such contact at an active partner.") from None
    except SeveralPartners:
        told = "This person works at several partners: say for which, as partner_id."
        raise Problem(422, told) from None
