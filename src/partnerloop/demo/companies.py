"""The partner companies of a demo world: where they sit, what they are, who belongs to whom."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

from partnerloop.demo.people import CompanyName, Country, Register, countries, plain
from partnerloop.demo.scenario import YEAR, Part, Scenario

TYPES = {"Distributor": 0.1, "Reseller": 0.36, "Integrator": 0.34, "Service partner": 0.2}
TIERS = {"Platinum": 0.08, "Gold": 0.22, "Silver": 0.34, "Registered": 0.36}
STAGES = ("Onboard", "Enable", "Market", "Sell", "Incentivize", "Accelerate")
STAGE_SHARES = (0.08, 0.14, 0.16, 0.38, 0.1, 0.14)
SMALL_SHARE, SMALL_MOST = 0.6, 6
LARGEST = 45
GROUPS = 0.04
ENDED = 0.035
REASONS = (
    "Sold to another company",
    "Went with another vendor",
    "Closed the automation business",
    "Agreement not renewed",
)


@dataclass(frozen=True, slots=True)
class Company:
    """A partner. Days count from the first day of the program's year; `parent` is an index."""

    name: str
    domain: str
    country: Country
    type: str
    tier: str
    size: str
    stage: str
    contacts: int
    weight: float
    joined_on: date
    parent: int | None
    ended_day: int | None
    ended_reason: str
    part: Part | None

    def is_active(self, day: int) -> bool:
        return self.ended_day is None or day < self.ended_day


def draw_companies(scenario: Scenario, *, start: date, rng: Generator) -> tuple[Company, ...]:
    """This will draw the companies; the cast comes first."""
    register = Register(rng)
    sizes = _contact_counts(scenario, rng=rng)
    ranks = np.argsort(np.argsort(-(sizes + rng.normal(0, 4, len(sizes)))))
    found: list[Company] = []
    for index, contacts in enumerate(sizes):
        part = scenario.players[index] if index < len(scenario.players) else None
        tier = "Gold" if part else _tier(int(ranks[index]) / len(sizes))
        country = _country(part, rng=rng)
        name = _name(part, country, register)
        ended = None if part or rng.random() > ENDED else int(rng.integers(90, YEAR - 20))
        parent = _parent(found, part, country, ended, rng=rng)
        found.append(
            Company(
                name=name.name,
                domain=name.domain,
                country=country,
                type="Integrator" if part else _draw(TYPES, rng=rng),
                tier=tier,
                size=_size(int(contacts)),
                stage="Sell" if part else str(rng.choice(STAGES, p=STAGE_SHARES)),
                contacts=int(contacts),
                weight=float(rng.lognormal(0, 0.7) * (1 + contacts) * _worth(tier)),
                joined_on=start - timedelta(days=int(rng.integers(40, 2600))),
                parent=parent,
                ended_day=ended,
                ended_reason="" if ended is None else str(rng.choice(REASONS)),
                part=part,
            )
        )
    return tuple(found)


def _contact_counts(scenario: Scenario, *, rng: Generator) -> np.ndarray:
    """Draw contacts per partner: six in ten have at most six, all together have the set number."""
    cast = np.array([part.contacts for part in scenario.players], int)
    rest = scenario.partners - len(cast)
    small = round(SMALL_SHARE * scenario.partners)
    counts = np.empty(rest, int)
    counts[:small] = rng.choice([1, 2, 3, 4, 5, 6], small, p=[0.14, 0.18, 0.2, 0.18, 0.16, 0.14])
    left = scenario.partners * scenario.contacts_each - cast.sum() - counts[:small].sum()
    counts[small:] = _spread(int(left), rest - small, rng=rng)
    rng.shuffle(counts)
    return np.concatenate((cast, counts))


def _spread(total: int, among: int, *, rng: Generator) -> np.ndarray:
    """Divide a number of contacts among the larger partners, each between 7 and 45."""
    least = SMALL_MOST + 1
    if not least * among <= total <= LARGEST * among:
        raise ValueError(f"{total} contacts cannot be spread over {among} larger partners")
    wanted = rng.lognormal(0, 0.8, among)
    counts = np.full(among, least)
    for _ in range(total - least * among):
        gap = np.where(counts < LARGEST, wanted / (counts - least + 1), -1.0)
        counts[int(np.argmax(gap))] += 1
    return counts


def _country(part: Part | None, *, rng: Generator) -> Country:
    known = countries()
    if part:
        return next(country for country in known if country.code == part.country)
    shares = np.array([country.share for country in known])
    return known[int(rng.choice(len(known), p=shares / shares.sum()))]


def _name(part: Part | None, country: Country, register: Register) -> CompanyName:
    if part is None:
        return register.company(country.culture)
    domain = f"{plain(part.name.split()[0])}.example"
    register.companies.add(domain)
    return CompanyName(part.name, domain)


def _parent(
    found: list[Company],
    part: Part | None,
    country: Country,
    ended: int | None,
    *,
    rng: Generator,
) -> int | None:
    """Now and then a company belongs to an earlier one of its region that is no child itself."""
    if part or ended is not None or rng.random() > GROUPS:
        return None
    tops = [
        index
        for index, other in enumerate(found)
        if other.country.region == country.region
        and other.parent is None
        and other.part is None
        and other.ended_day is None
    ]
    return int(rng.choice(tops)) if tops else None


def _tier(rank: float) -> str:
    """Larger partners mostly have higher tiers."""
    passed = 0.0
    for tier, share in TIERS.items():
        passed += share
        if rank < passed:
            return tier
    return "Registered"


def _worth(tier: str) -> float:
    return {"Platinum": 6.0, "Gold": 3.0, "Silver": 1.5, "Registered": 0.7}[tier]


def _size(contacts: int) -> str:
    return "1–49" if contacts <= 4 else "50–249" if contacts <= 12 else "250+"


def _draw(shares: dict[str, float], *, rng: Generator) -> str:
    return str(rng.choice(list(shares), p=list(shares.values())))
