"""The partners of the demo program: companies, segments, managers, contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from partnerloop.accounts.models import Membership
from partnerloop.core.clock import start_of
from partnerloop.demo.companies import Company
from partnerloop.demo.contacts import Person
from partnerloop.demo.world import World
from partnerloop.demo.writing.staff import PREPARED_FOR, Staff
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    ExternalId,
    MailDomain,
    Partner,
    PartnerAssignment,
    Segment,
    SegmentAttribute,
)
from partnerloop.programs.models import Program

BATCH = 500
REGIONS = ("EMEA", "Nordics", "NA", "LATAM", "APAC")
SEGMENTS = {
    "Gold and Platinum in EMEA": {"tier": ["Gold", "Platinum"], "region": ["EMEA"]},
    "Nordic Silver": {"tier": ["Silver"], "region": ["Nordics"]},
    "Small partners": {"size": ["1–49"]},
    "Service partners": {"type": ["Service partner"]},
}
ROBOTS_AS_A_SERVICE = "Robots as a service"
LOADED = timedelta(days=10)
"""How long after the founding the first import of contacts took place."""


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """The rows of partners and contacts, in the order of the world's companies and people."""

    partners: tuple[Partner, ...]
    contacts: tuple[Contact, ...]
    managers: tuple[Membership, ...]
    """Who looks after each partner."""


def write_ecosystem(world: World, staff: Staff) -> Ecosystem:
    """This will write all companies and their people."""
    program = staff.program
    partners = _partners(world, program)
    managers = _assign(world, partners, staff)
    _segments(world, partners, program)
    contacts = _contacts(world, partners, staff)
    return Ecosystem(tuple(partners), tuple(contacts), tuple(managers))


def _partners(world: World, program: Program) -> list[Partner]:
    founded = program.created_at
    rows = [
        Partner(
            program=program,
            name=company.name,
            language=company.country.language,
            time_zone=company.country.zone,
            currency=company.country.currency,
            joined_on=company.joined_on,
            ended_on=_day(world, company.ended_day),
            ended_reason=company.ended_reason,
            created_at=founded,
        )
        for company in world.companies
    ]
    partners = Partner.objects.bulk_create(rows, batch_size=BATCH)
    children = []
    for company, partner in zip(world.companies, partners, strict=True):
        if company.parent is not None:
            partner.parent = partners[company.parent]
            children.append(partner)
    Partner.objects.of(program).bulk_update(children, ["parent"])
    MailDomain.objects.bulk_create(
        MailDomain(program=program, partner=partner, domain=company.domain)
        for company, partner in zip(world.companies, partners, strict=True)
    )
    ExternalId.objects.bulk_create(
        ExternalId(
            program=program,
            source="crm",
            value=f"ACC-{10_000 + place * 7}",
            kind="partner",
            partner=partner,
        )
        for place, partner in enumerate(partners)
    )
    return partners


def _assign(world: World, partners: Sequence[Partner], staff: Staff) -> list[Membership]:
    """Give each manager an equal part of the partners, region by region."""
    order = sorted(
        range(len(partners)),
        key=lambda place: (REGIONS.index(world.companies[place].country.region), place),
    )
    managers: list[Membership] = [staff.managers[0]] * len(partners)
    for rank, place in enumerate(order):
        managers[place] = staff.managers[rank * len(staff.managers) // len(order)]
    since = staff.program.created_at.date()
    PartnerAssignment.objects.bulk_create(
        PartnerAssignment(program=staff.program, partner=partner, member=member, since=since)
        for partner, member in zip(partners, managers, strict=True)
    )
    return managers


def _segments(world: World, partners: Sequence[Partner], program: Program) -> None:
    rows = []
    for place, (company, partner) in enumerate(zip(world.companies, partners, strict=True)):
        values = {
            "type": company.type,
            "tier": company.tier,
            "region": company.country.region,
            "country": company.country.code,
            "size": company.size,
            "stage": company.stage,
        }
        if place % 9 == 4:
            values["tag"] = ROBOTS_AS_A_SERVICE
        rows += [_attribute(program, partner, company, key, values[key]) for key in values]
    SegmentAttribute.objects.bulk_create(rows, batch_size=BATCH)
    Segment.objects.bulk_create(
        Segment(program=program, name=name, filter=chosen) for name, chosen in SEGMENTS.items()
    )


def _attribute(
    program: Program, partner: Partner, company: Company, key: str, value: str
) -> SegmentAttribute:
    return SegmentAttribute(
        program=program, partner=partner, key=key, value=value, since=company.joined_on
    )


def _contacts(world: World, partners: Sequence[Partner], staff: Staff) -> list[Contact]:
    program = staff.program
    loaded = start_of(world.first_day) - PREPARED_FOR + LOADED
    rows = []
    for person in world.people:
        country = world.companies[person.company].country
        later = _day(world, person.entered_day)
        stopped = _day(world, person.stopped_day)
        # The owner, who looks after no partner, imported them: so they are seasoned from the start.
        entered = start_of(later) if later else loaded
        rows.append(
            Contact(
                program=program,
                name=person.name,
                email=person.email,
                language=country.language,
                time_zone=country.zone,
                entered_at=entered,
                entered_by=staff.owner,
                addressed_at=entered,
                addressed_by=staff.owner,
                stopped_at=start_of(stopped) if stopped else None,
            )
        )
    contacts = Contact.objects.bulk_create(rows, batch_size=BATCH)
    affiliations = []
    for person, contact in zip(world.people, contacts, strict=True):
        affiliations += _affiliations(world, person, contact, partners, program)
    Affiliation.objects.bulk_create(affiliations, batch_size=BATCH)
    return contacts


def _affiliations(
    world: World, person: Person, contact: Contact, partners: Sequence[Partner], program: Program
) -> list[Affiliation]:
    moved = _day(world, person.moved_day) if person.moved_to is not None else None
    since = max(contact.entered_at.date(), world.companies[person.company].joined_on)
    first = Affiliation(
        program=program,
        contact=contact,
        partner=partners[person.company],
        role=person.role,
        since=since,
        until=moved,
    )
    if person.moved_to is None or moved is None:
        return [first]
    second = Affiliation(
        program=program,
        contact=contact,
        partner=partners[person.moved_to],
        role=person.role,
        since=moved,
    )
    return [first, second]


def _day(world: World, day: int | None) -> date | None:
    return None if day is None else world.first_day + timedelta(days=day)
