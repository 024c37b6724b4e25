"""Contacts: who works where, and why they are asked. Never what or whether somebody answered."""

from django.db.models import Prefetch
from django.http import HttpRequest
from ninja import Router

from partnerloop.accounts.models import Role
from partnerloop.api.callers import Bearer, caller_of
from partnerloop.api.paging import Limit, sheet
from partnerloop.api.problems import Problem
from partnerloop.api.v1.shapes import AskingShape, ContactShape, ContactsShape, PlaceShape
from partnerloop.core import clock
from partnerloop.integrations.models import KeyScope
from partnerloop.partners.models import Affiliation, Contact, Partner
from partnerloop.planning.telling import standing

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


@router.get(
    "/contacts/{int:contact_id}/asking", response=AskingShape, auth=Bearer(KeyScope.CONTACTS)
)
def why_asked(request: HttpRequest, contact_id: int) -> AskingShape:
    """Return in one sentence why a contact was asked, or was not. Never whether they answered."""
    program, member = caller_of(request)
    at = clock.now()
    seen = Partner.objects.of(program).active(at.date()).visible_to(member, at.date())
    places = Affiliation.objects.of(program).current(at.date()).filter(partner__in=seen)
    people = Contact.objects.of(program).filter(pk__in=places.values("contact"))
    contact = people.select_related("program").filter(pk=contact_id).first()
    if contact is None:
        raise Problem(404, "There is no such contact.")
    told = standing(contact, among=seen, at=at)
    return AskingShape(
        contact_id=contact.pk,
        last_pulse=told.last_pulse,
        was_asked=told.was_asked,
        because=told.why,
        now=told.now,
        asked_in_a_year=told.asked_in_a_year,
        allowed_in_a_year=told.allowed_in_a_year,
        last_asked_on=told.last,
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
