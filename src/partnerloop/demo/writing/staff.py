"""The vendor of the demo program: the program itself, its members and departments."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.core.clock import start_of
from partnerloop.demo.world import VENDOR, World
from partnerloop.partners.models import Department
from partnerloop.programs.models import Program
from partnerloop.pulses.stocking import stock

SLUG = "halden"
DOMAIN = "halden-robotics.example"
OWNER = "Runa Eskelund"
CHIEF = "Mara Vossberg"
EXECUTIVE = "Tobias Renning"
LEADS = (
    ("support", "Technical support", "Aiko Tanabe", 25),
    ("product", "Product", "Samuel Oduya", 15),
    ("marketing", "Partner marketing", "Lucia Ferrante", 20),
    ("finance", "Finance", "Colm Hanratty", 10),
    ("supply", "Supply and delivery", "Dagny Solvang", 15),
)
MANAGERS = (
    "Jonas Kerrow",
    "Leonie Hartwig",
    "Celeste Moreau",
    "Bram Tilanus",
    "Nadia Berrou",
    "Ingeborg Aasland",
    "Henrik Lauvstad",
    "Rosalind Peake",
    "Hamish Calder",
    "Mateus Corvalho",
    "Keiko Hanamura",
    "Arjun Wadekar",
)
PARTNERS_PER_MANAGER = 25
FEWEST_MANAGERS = 2
PREPARED_FOR = timedelta(days=30)
"""How long before its first pulse the program was set up."""


class DemoAlreadyLoaded(Exception):
    """The demo program is in this database already."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works at the vendor, by what they do."""

    program: Program
    owner: Membership
    chief: Membership
    executive: Membership
    managers: tuple[Membership, ...]
    departments: dict[str, Department]

    @property
    def everybody(self) -> tuple[Membership, ...]:
        leads = [one.lead for one in self.departments.values() if one.lead is not None]
        return (self.owner, self.chief, self.executive, *self.managers, *leads)


def write_staff(world: World) -> Staff:
    """This will found the demo program and let its members in."""
    if Program.objects.filter(slug=SLUG).exists():
        raise DemoAlreadyLoaded
    founded = start_of(world.first_day) - PREPARED_FOR
    program = Program.objects.create(
        slug=SLUG,
        name="Halden Partner Program",
        vendor_name=VENDOR,
        time_zone="Europe/Oslo",
        currency="EUR",
        created_at=founded,
        setup_finished_at=founded + timedelta(days=9),
        is_demo=True,
        # A year of asks lies behind everybody: leave room for a newcomer to send a first pulse.
        asks_a_year=16,
        reply_address=f"partners@{DOMAIN}",
    )
    stock(program, at=founded)
    count = max(FEWEST_MANAGERS, min(len(MANAGERS), len(world.companies) // PARTNERS_PER_MANAGER))
    return Staff(
        program=program,
        owner=_member(program, OWNER, Role.OWNER, at=founded),
        chief=_member(program, CHIEF, Role.CHIEF, at=founded),
        executive=_member(program, EXECUTIVE, Role.EXECUTIVE, at=founded),
        managers=tuple(
            _member(program, name, Role.MANAGER, at=founded) for name in _spread(MANAGERS, count)
        ),
        departments={
            key: Department.objects.create(
                program=program,
                key=key,
                name=name,
                lead=_member(program, lead, Role.LEAD, at=founded),
                weekly_capacity=capacity,
            )
            for key, name, lead, capacity in LEADS
        },
    )


def _spread(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Take names evenly from the list, which follows the regions."""
    return tuple(names[place * len(names) // count] for place in range(count))


def _member(program: Program, name: str, role: Role, *, at: datetime) -> Membership:
    address = f"{name.lower().replace(' ', '.')}@{DOMAIN}"
    user = User.objects.filter(email=address).first()
    user = user or User.objects.create_user(address, name=name, at=at)
    return Membership.objects.create(program=program, user=user, role=role, since=at.date())
