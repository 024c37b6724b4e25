"""A small cast with meaning: one program, three partners, seven people, and Priya who runs it.

Alder & Finch is a company of four: large enough for a figure of its own. Birk has two people and
Cedar one: too small. Everybody joined long ago, so that all are seasoned.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zlib import crc32

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.core import ids
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    MailDomain,
    Partner,
    SegmentAttribute,
)
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation, Pulse, Wording
from partnerloop.pulses.stocking import stock
from partnerloop.pulses.tokens import invitation_token

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG_AGO = MONDAY - timedelta(days=400)


@dataclass
class World:
    """The rows of the cast, by name."""

    program: Program
    priya: Membership
    partners: dict[str, Partner] = field(default_factory=dict)
    people: dict[str, Contact] = field(default_factory=dict)

    def pulse(self, name: str = "First pulse", **changes: object) -> Pulse:
        """Make a pulse that has not been sent, to everybody unless an audience is given."""
        seed = crc32(name.encode())  # two runs of a test draw the same
        given = {"created_by": self.priya, "created_at": MONDAY, "seed": seed, **changes}
        return Pulse.objects.create(program=self.program, name=name, **given)

    def ask(
        self,
        name: str,
        *,
        pulse: Pulse,
        at: datetime,
        keys: tuple[str, ...],
        language: str = "en",
    ) -> Invitation:
        """Ask a person some questions directly, without choosing."""
        contact = self.people[name]
        place = contact.affiliations.get()
        pk = ids.random_id()
        words = {
            wording.question.key: wording.pk
            for wording in Wording.objects.of(self.program)
            .filter(language=language)
            .select_related("question")
        }
        return Invitation.objects.create(
            id=pk,
            program=self.program,
            pulse=pulse,
            contact=contact,
            partner_id=place.partner_id,
            role=place.role,
            token_hash=ids.token_hash(invitation_token(pk)),
            asked=[words[key] for key in keys],
            asked_at=at,
            expires_at=at + timedelta(days=28),
        )


def make_world(slug: str = "northwind") -> World:
    """Bring the cast on stage; `slug` tells several programs apart."""
    program = Program.objects.create(
        slug=slug, name="Northwind Partners", vendor_name="Northwind Robotics", created_at=LONG_AGO
    )
    stock(program, at=LONG_AGO)
    user = User.objects.create_user(f"priya@{slug}.example", name="Priya Raman", at=LONG_AGO)
    priya = Membership.objects.create(
        program=program, user=user, role=Role.CHIEF, since=LONG_AGO.date()
    )
    world = World(program=program, priya=priya)
    company(world, "Alder & Finch", {"type": "integrator", "tier": "gold", "region": "EMEA"})
    company(world, "Birk", {"type": "reseller", "tier": "silver", "region": "EMEA"})
    company(world, "Cedar", {"type": "reseller", "tier": "silver", "region": "NA"})
    person(world, "Ana Keller", at="Alder & Finch", role="technical")
    person(world, "Ben Okafor", at="Alder & Finch", role="sales")
    person(world, "Claire Dubois", at="Alder & Finch", role="sales")
    person(world, "Dan Novak", at="Alder & Finch", role="executive")
    person(world, "Eva Lind", at="Birk", role="sales")
    person(world, "Finn Berg", at="Birk", role="operations")
    person(world, "Gita Rao", at="Cedar", role="marketing")
    return world


def company(world: World, name: str, place: dict[str, str]) -> Partner:
    """Add a partner company with its segment attributes and mail domain."""
    since = LONG_AGO.date()
    partner = Partner.objects.create(
        program=world.program, name=name, joined_on=since, created_at=LONG_AGO
    )
    MailDomain.objects.create(program=world.program, partner=partner, domain=domain_of(name))
    for key, value in place.items():
        SegmentAttribute.objects.create(
            program=world.program, partner=partner, key=key, value=value, since=since
        )
    world.partners[name] = partner
    return partner


def person(world: World, name: str, *, at: str, role: str, since: date | None = None) -> Contact:
    """Add a contact who works for a partner."""
    first = name.split()[0].lower()
    contact = Contact.objects.create(
        program=world.program,
        name=name,
        email=f"{first}@{domain_of(at)}",
        entered_at=LONG_AGO,
        addressed_at=LONG_AGO,
    )
    Affiliation.objects.create(
        program=world.program,
        contact=contact,
        partner=world.partners[at],
        role=role,
        since=since or LONG_AGO.date(),
    )
    world.people[name] = contact
    return contact


def domain_of(partner: str) -> str:
    """Return the mail domain of a partner: Alder & Finch writes from alder.example."""
    return f"{partner.split()[0].lower()}.example"
