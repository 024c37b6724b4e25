"""Exchange rates: noted by hand, refused in words, and amounts are counted by them."""

from datetime import date

import pytest

from partnerloop.core.models import AuditEntry
from partnerloop.core.money import Money
from partnerloop.partners.business import revenue_by_partner
from partnerloop.partners.models import ExchangeRate, Revenue
from tests.web.conftest import NOW

RATE = {"currency": "USD", "value": "0.5", "on": "2026-01-01"}


def test_a_rate_makes_amounts_known(pages, chief) -> None:
    birk = pages.world.partners["Birk"]
    Revenue.objects.create(
        program=pages.world.program,
        partner=birk,
        month=date(2026, 10, 1),
        amount_minor=1000,
        currency="USD",
    )
    assert revenue_by_partner(pages.world.program, on=NOW.date())[birk.pk] is None
    assert chief.post(pages.url("settings/rates/"), RATE).status_code == 302
    assert revenue_by_partner(pages.world.program, on=NOW.date())[birk.pk] == Money(500, "EUR")
    assert "0.5 EUR" in chief.get(pages.url("settings/rates/")).text
    assert AuditEntry.objects.get(action="rate.noted").target == "rate:USD-EUR"


def test_the_same_day_again_corrects_the_rate(pages, chief) -> None:
    chief.post(pages.url("settings/rates/"), RATE)
    chief.post(pages.url("settings/rates/"), {**RATE, "value": "0.6"})
    rate = ExchangeRate.objects.of(pages.world.program).get()
    assert rate.plain_value == "0.6"


def test_a_rate_can_be_removed(pages, chief) -> None:
    chief.post(pages.url("settings/rates/"), RATE)
    rate = ExchangeRate.objects.of(pages.world.program).get()
    chief.post(pages.url(f"settings/rates/{rate.pk}/"))
    assert not ExchangeRate.objects.of(pages.world.program).exists()
    assert AuditEntry.objects.filter(action="rate.removed").count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"currency": "EUR"}, "needs no rate"),
        ({"currency": "dollars"}, "Write the three letters"),
        ({"value": "0"}, "A rate is above 0."),
        ({"value": "much"}, "Write a number"),
        ({"value": "NaN"}, "Write a number"),
        ({"on": "soon"}, "Write a day"),
    ],
)
def test_a_rate_that_cannot_be_meant_is_refused_in_words(pages, chief, wrong, says) -> None:
    answer = chief.post(pages.url("settings/rates/"), {**RATE, **wrong})
    assert answer.status_code == 400
    assert says in answer.text
    assert not ExchangeRate.objects.of(pages.world.program).exists()
