"""The coming four weeks: within the budget, by chances, widths only."""

from datetime import date, timedelta

import pytest

from partnerloop.loop.asking import launch
from partnerloop.loop.occasions import Listening, happened, listen
from partnerloop.loop.recurring import coming_rounds
from partnerloop.partners.models import SegmentAttribute
from partnerloop.partners.reporting import Known, Occurred
from partnerloop.planning.outlook import Outlook, Round, outlook
from tests.world import LONG_AGO, MONDAY, World, company, person

TOMORROW = MONDAY + timedelta(days=1)


def ahead(world: World, *rounds: Round) -> Outlook:
    return outlook(world.program, rounds, at=MONDAY)


def test_a_standing_pulse_comes_again_and_again(world: World) -> None:
    pulse = world.pulse("Fortnight", every_days=14)
    launch(pulse, by=world.priya, at=MONDAY)
    assert [one.on for one in coming_rounds(world.program, at=TOMORROW)] == [
        (MONDAY + timedelta(days=14)).date(),
        (MONDAY + timedelta(days=28)).date(),
    ]
    later = MONDAY + timedelta(days=100)  # nobody could be asked until today
    assert coming_rounds(world.program, at=later)[0].on == later.date()


def test_it_counts_asks_and_expects_three_in_ten_answers(world: World) -> None:
    found = ahead(world, Round(world.pulse("Soon"), date(2026, 12, 1)))
    assert [week.asks for week in found.weeks] == [0, 7, 0, 0]
    assert found.weeks[1].pulses == ("Soon",)
    assert (found.answers, found.share.is_assumed) == (2, True)


def test_who_is_asked_earlier_is_not_free_later(world: World) -> None:
    first, second = Round(world.pulse("A"), date(2026, 12, 1)), date(2026, 12, 14)
    assert [w.asks for w in ahead(world, first, Round(world.pulse("B"), second)).weeks] == [
        0, 7, 0, 0,
    ]  # fmt: skip
    apart = Round(world.pulse("C"), date(2026, 12, 15))
    assert [w.asks for w in ahead(world, first, apart).weeks] == [0, 7, 0, 7]


def test_where_some_are_asked_everybody_counts_with_their_chance(world: World) -> None:
    found = ahead(world, Round(world.pulse("Some", people_to_ask=3), TOMORROW.date()))
    assert found.asks == 3
    assert sum(row.people for row in found.by_role) == 7
    assert {row.label: row.people for row in found.by_region} == {"EMEA": 6, "NA": 1}
    again = Round(world.pulse("Rest", people_to_ask=6), (TOMORROW + timedelta(days=1)).date())
    both = ahead(world, Round(world.pulse("Some", people_to_ask=3), TOMORROW.date()), again)
    assert both.asks == 7  # four are free for sure, and no more


def test_asks_that_wait_are_in_it(world: World) -> None:
    listen(Listening("Deals", "deal_won", 9, ["event_sell"]), by=world.priya, at=MONDAY)
    birk = Known(number=world.partners["Birk"].pk)
    happened(world.program, Occurred("deal_won", birk, MONDAY, "eva@birk.example"), at=MONDAY)
    assert [week.after_events for week in ahead(world).weeks] == [0, 1, 0, 0]


def test_ranges_are_told_from_five_partners_on_and_get_narrower(world: World) -> None:
    assert ahead(world, Round(world.pulse("Soon"), TOMORROW.date())).narrowing is None
    for number in range(3):
        company(world, f"Dorn{number} GmbH", {"type": "reseller"})
        for each in range(12):
            person(world, f"P{number}x{each} Dorn", at=f"Dorn{number} GmbH", role="sales")
    told = ahead(world, Round(world.pulse("All"), TOMORROW.date())).narrowing
    assert told is not None
    assert told.partners == 6
    assert 0 < told.then < told.now


@pytest.mark.parametrize("value", ["EMEA", "NA"])
def test_an_audience_is_kept_to(world: World, value: str) -> None:
    pulse = world.pulse("Region", audience={"region": [value]})
    found = ahead(world, Round(pulse, TOMORROW.date()))
    asked = {row.label: row.asked for row in found.by_region}
    assert asked[value] == {"EMEA": 6, "NA": 1}[value]
    assert sum(asked.values()) == asked[value]
    SegmentAttribute.objects.of(world.program).filter(since=LONG_AGO.date()).delete()
    assert ahead(world, Round(pulse, TOMORROW.date())).asks == 0
