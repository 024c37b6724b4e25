"""A partner's money: added up in the program's currency, unknown where no rate is."""

from datetime import date
from decimal import Decimal

import pytest

from partnerloop.core.money import Money
from partnerloop.partners.business import business_of, months_back, revenue_by_partner
from partnerloop.partners.models import Cost, Deal, ExchangeRate, Revenue
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


@pytest.fixture
def world() -> World:
    return make_world()


def sold(world: World, month: date, minor: int, currency: str = "EUR") -> None:
    Revenue.objects.create(
        program=world.program,
        partner=world.partners["Birk"],
        month=month,
        amount_minor=minor,
        currency=currency,
    )


def test_nothing_imported_is_unknown_and_not_zero(world) -> None:
    business = business_of(world.partners["Birk"], on=TODAY)
    assert (business.revenue, business.costs, business.pipeline) == (None, None, None)
    assert revenue_by_partner(world.program, on=TODAY) == {}


def test_twelve_months_are_told_from_a_whole_year_before(world) -> None:
    sold(world, date(2024, 12, 1), 60)
    sold(world, date(2025, 11, 1), 40)
    sold(world, date(2025, 12, 1), 20)
    sold(world, date(2026, 11, 1), 3)
    business = business_of(world.partners["Birk"], on=TODAY)
    assert business.revenue == Money(23, "EUR")
    assert business.revenue_before == Money(100, "EUR")


def test_another_currency_counts_by_its_rate(world) -> None:
    ExchangeRate.objects.create(
        program=world.program, base="USD", quote="EUR", on=date(2026, 1, 1), value=Decimal("0.5")
    )
    sold(world, date(2026, 11, 1), 100, "USD")
    sold(world, date(2026, 11, 1), 7, "EUR")
    assert revenue_by_partner(world.program, on=TODAY)[world.partners["Birk"].pk] == Money(
        57, "EUR"
    )


def test_one_amount_without_a_rate_makes_the_sum_unknown(world) -> None:
    sold(world, date(2026, 10, 1), 7, "EUR")
    sold(world, date(2026, 11, 1), 100, "USD")
    assert business_of(world.partners["Birk"], on=TODAY).revenue is None


def test_costs_are_told_by_kind(world) -> None:
    for kind, minor in (("mdf", 500), ("people", 200)):
        Cost.objects.create(
            program=world.program,
            partner=world.partners["Birk"],
            month=date(2026, 11, 1),
            kind=kind,
            amount_minor=minor,
            currency="EUR",
        )
    business = business_of(world.partners["Birk"], on=TODAY)
    assert [(line.name, line.amount) for line in business.cost_lines] == [
        ("MDF", Money(500, "EUR")),
        ("People's time", Money(200, "EUR")),
    ]
    assert business.costs == Money(700, "EUR")


def test_the_pipeline_counts_open_deals_and_says_which_have_no_amount(world) -> None:
    for stage, minor in (("registered", 900), ("proposed", None), ("won", 50), ("lost", 10)):
        Deal.objects.create(
            program=world.program,
            partner=world.partners["Birk"],
            name=stage,
            stage=stage,
            share="sourced",
            amount_minor=minor,
            currency="EUR" if minor else "",
            closed_on=date(2026, 11, 2) if stage in ("won", "lost") else None,
        )
    business = business_of(world.partners["Birk"], on=TODAY)
    assert business.pipeline == Money(900, "EUR")
    assert (business.open_deals, business.deals_without_amount, business.won_deals) == (2, 1, 1)


@pytest.mark.parametrize(
    ("months", "first"), [(0, date(2026, 11, 1)), (11, date(2025, 12, 1)), (12, date(2025, 11, 1))]
)
def test_months_are_counted_back_to_their_first_day(months, first) -> None:
    assert months_back(TODAY, months) == first


def test_a_record_that_begins_within_the_year_before_leaves_it_unknown(world) -> None:
    sold(world, date(2025, 11, 1), 100)
    assert business_of(world.partners["Birk"], on=TODAY).revenue_before is None
