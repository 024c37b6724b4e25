"""Contacts: who works where. Never what, when or whether somebody answered."""

from django.db.models import Prefetch
from django.http import HttpRequest
from ninja import Router

from partnerloop.accounts.models import Role
from partnerloop.api.callers import Bearer, caller_of
from partnerloop.api.paging import Limit, sheet
from partnerloop.api.problems import Problem
from partnerloop.api.v1.shapes import ContactShape, ContactsShape, PlaceShape
from partnerloop.core import clock
from partnerloop.integrations.models import KeyScope
from partnerloop.partners.models import Affiliation, Contact, Partner

router = Router(tags=["contacts"])


@router.get("/contacts", response=ContactsShape, auth=Bearer(KeyScope.CONTACTS))
def list_contacts(request: HttpRequest, cursor: str = "", limit: Limit = 50) -> ContactsShape:
    """Return people who work at partners that the member may see, by id."""
    program, member = caller_of(request)
    if member.role in (Role.LEAD, Role.EXECUTIVE):
        raise Problem(403, "Contacts are for those who ask them: owner, chief, partner manager.")
    on = clock.now().date()
    seen = Partner.objects.of(program).active(on).visible_to(member, on)
    places = Affiliation.objects.of(program).current(on).filter(partner__in=seen)
    people = Contact.objects.of(program).filter(pk__in=places.values("contact"))
    with_places = people.prefetch_related(
        Prefetch("affiliations", queryset=places.order_by("partner_id"), to_attr="places")
    )
    found = sheet(with_places, of=f"contacts.{program.pk}", cursor=cursor, limit=limit)
    return ContactsShape(
        contacts=[_shape(contact) for contact in found.rows], next_cursor=found.next_cursor
    )


def _shape(contact: Contact) -> ContactShape:
    places: list[Affiliation] = getattr(contact, "places", [])
    return ContactShape(
        id=contact.pk,
        name=contact.name,
        email=contact.email,
        language=contact.language,
        works_at=[PlaceShape(partner_id=one.partner_id, role=one.role) for one in places],
    )
