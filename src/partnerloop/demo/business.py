"""What a demo world's partners sell and cost: deals, revenue, costs, end customers, rates."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.random import Generator

from partnerloop.core.clock import start_of
from partnerloop.demo.companies import Company
from partnerloop.demo.people import cultures
from partnerloop.demo.scenario import YEAR
from partnerloop.demo.truth import Truth
from partnerloop.engine.interface import Floats

MONTHS = 12
WORTH_OF_A_POINT = 0.06
"""Log revenue per point of the true PartnerScore a quarter before."""
REVENUE_UNIT = 2_600.0
"""Euros a month per unit of a company's weight."""
EURO = {
    "EUR": 1.0,
    "CHF": 1.05,
    "GBP": 1.17,
    "PLN": 0.23,
    "ZAR": 0.049,
    "AED": 0.25,
    "SEK": 0.088,
    "NOK": 0.086,
    "DKK": 0.134,
    "USD": 0.92,
    "CAD": 0.67,
    "BRL": 0.165,
    "JPY": 0.0061,
    "INR": 0.0108,
    "AUD": 0.6,
}
"""Rough values of one unit in euros, for a world that resembles ours; not anybody's rates."""
COSTS = {"mdf": 0.03, "incentive": 0.022, "discount": 0.035, "enablement": 0.014, "people": 0.02}
QUARTERLY = ("mdf", "incentive", "enablement")
DEALS = ("rollout", "pilot", "extension", "replacement", "second site", "service contract")
SITES = ("warehouse", "hub", "returns centre", "cold store", "dock", "spare parts store")


@dataclass(frozen=True, slots=True)
class Deal:
    """A registered deal; `customer` is an index into the customers, amounts are whole units."""

    company: int
    customer: int
    name: str
    stage: str
    share: str
    amount: int
    registered_at: datetime
    decided_at: datetime | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Customer:
    """An end customer of a company."""

    company: int
    name: str


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole units of the company's currency in one month; `kind` is empty for revenue."""

    company: int
    month: date
    kind: str
    amount: int


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency was worth in euros on a day."""

    currency: str
    on: date
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Business:
    """A year of business."""

    customers: tuple[Customer, ...]
    deals: tuple[Deal, ...]
    revenue: tuple[Amount, ...]
    costs: tuple[Amount, ...]
    rates: tuple[Rate, ...]


def draw_business(
    companies: tuple[Company, ...], truth: Truth, *, at: datetime, rng: Generator
) -> Business:
    """This will draw what every company sold and cost in the twelve months before `at`."""
    months = past_months(at.date())
    customers = _customers(companies, rng=rng)
    revenue = _revenue(companies, truth, months, rng=rng)
    return Business(
        customers=customers,
        deals=_deals(companies, customers, truth, at=at, rng=rng),
        revenue=revenue,
        costs=_costs(companies, revenue, rng=rng),
        rates=_rates(months, rng=rng),
    )


def past_months(today: date) -> tuple[date, ...]:
    """Return the first days of the twelve months that ended before today's month began."""
    months = [today.year * 12 + today.month - 1 - back for back in range(MONTHS, 0, -1)]
    return tuple(date(number // 12, number % 12 + 1, 1) for number in months)


def _customers(companies: tuple[Company, ...], *, rng: Generator) -> tuple[Customer, ...]:
    found = []
    for index, company in enumerate(companies):
        parts = cultures()[company.country.culture]
        kinds = ("Foods", "Pharma", "Parts", "Outdoor", "Home", "Books", "Tools", "Dairy")
        for _ in range(2 + int(rng.poisson(1 + company.contacts / 8))):
            stem = f"{rng.choice(parts.start)}{rng.choice(parts.end)}"
            found.append(Customer(index, f"{stem} {rng.choice(kinds)}"))
    return tuple(found)


def _revenue(
    companies: tuple[Company, ...],
    truth: Truth,
    months: tuple[date, ...],
    *,
    rng: Generator,
) -> tuple[Amount, ...]:
    season = 1 + 0.12 * np.sin(np.arange(MONTHS) / MONTHS * 2 * np.pi)
    found = []
    for index, company in enumerate(companies):
        for number, month in enumerate(months):
            day = (month - truth.start).days
            if not company.is_active(day):
                continue
            score = truth.scores[max(day - 90, 0), index].mean()
            euros = REVENUE_UNIT * company.weight * season[number]
            euros *= np.exp(WORTH_OF_A_POINT * (score - 6.6) + rng.normal(0, 0.18))
            amount = int(round(euros / EURO[company.country.currency], -2))
            found.append(Amount(index, month, "", amount))
    return tuple(found)


def _costs(
    companies: tuple[Company, ...], revenue: tuple[Amount, ...], *, rng: Generator
) -> tuple[Amount, ...]:
    """Costs follow revenue loosely; some kinds fall due once a quarter."""
    lean = rng.lognormal(0, 0.5, (len(companies), len(COSTS)))
    found = []
    for one in revenue:
        for place, (kind, share) in enumerate(COSTS.items()):
            quarterly = kind in QUARTERLY
            if quarterly and one.month.month % 3:
                continue
            part = share * (3 if quarterly else 1) * lean[one.company, place]
            amount = int(round(one.amount * part * float(rng.uniform(0.7, 1.3)), -1))
            if amount:
                found.append(Amount(one.company, one.month, kind, amount))
    return tuple(found)


def _deals(
    companies: tuple[Company, ...],
    customers: tuple[Customer, ...],
    truth: Truth,
    *,
    at: datetime,
    rng: Generator,
) -> tuple[Deal, ...]:
    own: dict[int, list[int]] = {}
    for place, customer in enumerate(customers):
        own.setdefault(customer.company, []).append(place)
    found = []
    for index, company in enumerate(companies):
        last = YEAR if company.ended_day is None else company.ended_day
        for _ in range(int(rng.poisson(3 + company.contacts / 2))):
            day = int(rng.integers(0, last))
            found.append(_deal(index, company, own[index], day, truth, at=at, rng=rng))
    return tuple(sorted(found, key=lambda deal: (deal.registered_at, deal.company)))


def _deal(
    index: int,
    company: Company,
    customers: list[int],
    day: int,
    truth: Truth,
    *,
    at: datetime,
    rng: Generator,
) -> Deal:
    minutes = int(rng.integers(7 * 60, 17 * 60))
    opened = start_of(truth.start + timedelta(days=day)) + timedelta(minutes=minutes)
    registered = min(opened, at - timedelta(hours=1))
    wait = 1.6 if _is_quick(company, day) else 8.5
    decided = registered + timedelta(days=float(rng.gamma(4, wait / 4)))
    closed = registered + timedelta(days=float(rng.gamma(3, 22)))
    over = closed < at and decided < at
    stage = str(rng.choice(["won", "lost"], p=[0.58, 0.42])) if over else _open_stage(decided, at)
    euros = float(rng.lognormal(np.log(38_000), 0.8))
    return Deal(
        company=index,
        customer=int(rng.choice(customers)),
        name=f"{str(rng.choice(SITES)).capitalize()} {rng.choice(DEALS)}",
        stage=stage,
        share="sourced" if rng.random() < 0.7 else "influenced",
        amount=int(round(euros / EURO[company.country.currency], -2)),
        registered_at=registered,
        decided_at=decided if decided < at else None,
        closed_on=closed.date() if over else None,
    )


def _is_quick(company: Company, day: int) -> bool:
    """The new registration rule (scenario.CHANGES) holds in one region from its day on."""
    return company.country.region == "EMEA" and day >= YEAR - 1 - 98


def _open_stage(decided: datetime, at: datetime) -> str:
    if decided >= at:
        return "registered"
    return "proposed" if at - decided > timedelta(days=30) else "qualified"


def _rates(months: tuple[date, ...], *, rng: Generator) -> tuple[Rate, ...]:
    found = []
    for currency, value in EURO.items():
        if currency == "EUR":
            continue
        walk: Floats = np.exp(np.cumsum(rng.normal(0, 0.008, len(months))))
        found += [
            Rate(currency, month, round(value * float(step), 6))
            for month, step in zip(months, walk, strict=True)
        ]
    return tuple(found)
