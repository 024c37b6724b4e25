"""What a demo world is made of: sizes, mix of modes, changes of the program, and its cast."""

from dataclasses import dataclass, field
from datetime import date

from partnerloop.engine.interface import DIMENSIONS

MIXES = {"50/40": 0.5, "10/80": 0.1}
"""Share of people who answer named and confidentially, in per cent; a tenth answers anonymously."""

YEAR = 365
FEWEST = 20
PARTNERS_PER_PART = 12
"""A small world has a smaller cast, so that it stays a world of ordinary partners."""


class UnknownMix(ValueError):
    """A mix of modes that this generator does not know."""


class TooFewPartners(ValueError):
    """A demo world of so few partners would have nothing to show."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something the vendor changed for a region ("" for all): points on a metric from a day on."""

    name: str
    days_ago: int
    region: str
    metric: str
    effect: float


@dataclass(frozen=True, slots=True)
class Part:
    """A partner of the cast: its levels now, and by how much all or some of them moved, when."""

    name: str
    country: str
    levels: dict[str, float]
    contacts: int
    moved: dict[str, float] = field(default_factory=dict)
    days_ago: int = 0

    def level(self, metric: str) -> float:
        """Return where a metric stood before it moved."""
        return self.levels.get(metric, self.levels["all"])

    def move(self, metric: str) -> float:
        """Return by how many points a metric moved."""
        return self.moved.get(metric, self.moved.get("all", 0.0))


CHANGES = (
    Change("Deal registration decided within two days", 98, "EMEA", "cooperation", 0.8),
    Change("New home page of the partner portal", 140, "", "communication", 0.0),
)
SHOWCASE = Part(
    "Marrowfield Automation",
    "GB",
    {
        "all": 5.6,
        "commitment": 9.1,
        "conflict": 2.2,
        "communication": 2.4,
        "cooperation": 5.9,
        "social_bonding": 7.2,
        "credibility": 5.0,
    },
    contacts=26,
)
CAST = (
    SHOWCASE,
    Part(
        "Kestmere Logistics Systems", "GB", {"all": 7.8}, 24, {"all": -3.0, "credibility": -3.9}, 28
    ),
    Part("Fjellaker Lagerteknik", "NO", {"all": 7.6, "communication": 7.2}, 18, {"all": -3.0}, 27),
    Part("Westerkamp Intralogistik", "DE", {"all": 7.8}, 18, {"all": -2.6, "conflict": -3.4}, 46),
    Part("Embergate Material Flow", "US", {"all": 5.0, "cooperation": 4.6}, 13, {"all": 2.3}, 58),
    Part("Halvorsen Materiel", "NO", {"all": 7.8, "commitment": 8.9, "social_bonding": 8.3}, 13),
    Part("Corvelle Manutention", "FR", {"all": 7.7, "commitment": 8.8}, 11),
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A demo world before it is drawn; by default the one that the product is judged by."""

    partners: int = 300
    contacts_each: int = 8
    mix: str = "50/40"
    asked_every: int = 31
    answering: float = 0.30
    breaks: float = 0.2
    """Sudden drops and rises of all metrics, per partner and year."""
    shifts: float = 0.25
    """Sudden moves of a single metric, per partner and year."""
    changes: tuple[Change, ...] = CHANGES
    cast: tuple[Part, ...] = CAST

    def __post_init__(self) -> None:
        if self.mix not in MIXES:
            raise UnknownMix(f"{self.mix!r} is not a mix of modes: use {' or '.join(MIXES)}")
        if self.partners < FEWEST:
            raise TooFewPartners(f"a demo world needs at least {FEWEST} partners")
        known = {"all", *DIMENSIONS}
        for part in self.cast:
            if unknown := (part.levels.keys() | part.moved.keys()) - known:
                raise ValueError(f"{part.name} has levels of unknown metrics: {sorted(unknown)}")

    @property
    def players(self) -> tuple[Part, ...]:
        """Return the part of the cast that appears in a world of this size."""
        return self.cast[: self.partners // PARTNERS_PER_PART]

    @property
    def anonymous(self) -> float:
        """Return the share of people who answer anonymously."""
        return 0.1

    @property
    def named(self) -> float:
        """Return the share of people who answer named."""
        return MIXES[self.mix]


def quiet(partners: int = 300) -> Scenario:
    """Return a world in which nothing happens but drift: for counting false alarms."""
    return Scenario(partners=partners, breaks=0.0, shifts=0.0, changes=(), cast=())


def first_day(today: date) -> date:
    """Return the day on which a demo program's year begins."""
    return date.fromordinal(today.toordinal() - YEAR + 1)
