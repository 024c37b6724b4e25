"""Money: minor units, and "unknown" where no rate is known."""

from datetime import date
from decimal import Decimal

import pytest

from partnerloop.core.money import CurrencyMismatch, Money, Rate, convert, from_major

DAY = date(2026, 11, 1)
RATES = [
    Rate("EUR", "USD", date(2026, 10, 1), Decimal("1.10")),
    Rate("EUR", "USD", date(2026, 11, 20), Decimal("9.99")),
]


def test_it_converts_by_the_latest_rate_of_the_day():
    assert convert(Money(10_000, "EUR"), to="USD", on=DAY, rates=RATES) == Money(11_000, "USD")


def test_it_turns_a_rate_around():
    assert convert(Money(11_000, "USD"), to="EUR", on=DAY, rates=RATES) == Money(10_000, "EUR")


def test_it_says_unknown_without_a_rate():
    assert convert(Money(1, "GBP"), to="EUR", on=DAY, rates=RATES) is None
    assert convert(Money(1, "EUR"), to="USD", on=date(2020, 1, 1), rates=RATES) is None


def test_currencies_without_cents_keep_whole_units():
    assert from_major(Decimal("1234"), "JPY") == Money(1234, "JPY")
    assert from_major(Decimal("1.2345"), "KWD") == Money(1234, "KWD")
    rates = [Rate("EUR", "JPY", DAY, Decimal(160))]
    assert convert(Money(250, "EUR"), to="JPY", on=DAY, rates=rates) == Money(400, "JPY")


def test_it_refuses_to_add_two_currencies():
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")
