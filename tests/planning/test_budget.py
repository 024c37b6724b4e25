"""Who may be asked on a day, and who may not and why."""

from datetime import date, timedelta

import pytest

from partnerloop.partners.models import Affiliation, Partner
from partnerloop.partners.stopping import stop_asking, suppress
from partnerloop.planning.budget import reach
from partnerloop.planning.preview import why_not
from partnerloop.planning.reasons import NotAsked
from partnerloop.pulses.models import Pulse
from tests.world import LONG_AGO, MONDAY, World, make_world

ONE = ("partnerscore",)


def asked(pulse: Pulse) -> set[str]:
    return {person.name for person in reach(pulse, at=MONDAY).askable}


def reason(pulse: Pulse, name: str) -> NotAsked:
    [left] = [each for each in reach(pulse, at=MONDAY).left if each.name == name]
    assert isinstance(left.reason.key, NotAsked)
    return left.reason.key


def test_everybody_in_an_empty_audience_filter_may_be_asked(world: World) -> None:
    assert asked(world.pulse()) == set(world.people)


def test_an_audience_keeps_to_its_segment(world: World) -> None:
    pulse = world.pulse(audience={"region": ["EMEA"], "type": ["reseller"]})
    assert asked(pulse) == {"Eva Lind", "Finn Berg"}
    told = why_not(world.people["Ana Keller"], pulse=pulse, at=MONDAY)
    assert told == "Ana Keller works for a partner outside this pulse's audience."


def test_a_region_named_na_is_a_region(world: World) -> None:
    assert asked(world.pulse(audience={"region": ["NA"]})) == {"Gita Rao"}


def test_people_of_an_ended_partner_are_not_asked(world: World) -> None:
    Partner.objects.of(world.program).filter(name="Cedar").update(ended_on=MONDAY.date())
    assert "Gita Rao" not in asked(world.pulse())
    told = why_not(world.people["Gita Rao"], pulse=world.pulse(), at=MONDAY)
    assert told == "Gita Rao works for no active partner at the moment."


def test_people_who_left_are_not_asked(world: World) -> None:
    rows = Affiliation.objects.of(world.program).filter(contact=world.people["Gita Rao"])
    rows.update(until=MONDAY.date())
    assert "Gita Rao" not in asked(world.pulse())


def test_a_wish_to_stop_is_kept(world: World) -> None:
    stop_asking(world.people["Ana Keller"], at=MONDAY)
    pulse = world.pulse()
    assert reason(pulse, "Ana Keller") is NotAsked.STOPPED
    told = why_not(world.people["Ana Keller"], pulse=pulse, at=MONDAY)
    assert told == "Ana Keller asked us to stop asking, on 23 November 2026."


def test_an_address_that_bounced_is_not_written_to(world: World) -> None:
    suppress(" ANA@alder.example", at=MONDAY, reason="bounced")
    assert reason(world.pulse(), "Ana Keller") is NotAsked.UNREACHABLE


@pytest.mark.parametrize(("days", "may"), [(13, False), (14, True)])
def test_two_asks_are_two_weeks_apart(world: World, days: int, may: bool) -> None:
    earlier = MONDAY - timedelta(days=days) + timedelta(hours=5)  # counted in whole days
    world.ask("Ana Keller", pulse=world.pulse("Earlier"), at=earlier, keys=ONE)
    pulse = world.pulse()
    assert ("Ana Keller" in asked(pulse)) is may
    if not may:
        told = why_not(world.people["Ana Keller"], pulse=pulse, at=MONDAY)
        assert told == (
            "Ana Keller is not due yet; the next ask is possible from 24 November 2026."
        )


def test_a_year_has_room_for_so_many_asks(world: World) -> None:
    world.program.asks_a_year = 3
    world.program.save()
    for number, ago in enumerate((400, 300, 200, 100)):
        at = MONDAY - timedelta(days=ago)
        world.ask("Ana Keller", pulse=world.pulse(f"Round {number}"), at=at, keys=ONE)
    pulse = world.pulse()
    assert reason(pulse, "Ana Keller") is NotAsked.ENOUGH
    free = reach(pulse, at=MONDAY).left[0].reason.next
    assert free == date(2027, 1, 28)
    later = MONDAY + timedelta(days=66)
    assert "Ana Keller" in {person.name for person in reach(pulse, at=later).askable}


def test_nobody_gets_the_same_pulse_twice(world: World) -> None:
    pulse = world.pulse()
    world.ask("Ana Keller", pulse=pulse, at=MONDAY - timedelta(days=20), keys=ONE)
    assert reason(pulse, "Ana Keller") is NotAsked.IN_PULSE


def test_who_works_for_two_partners_is_asked_once_where_they_waited_longest(world: World) -> None:
    earlier = MONDAY - timedelta(days=30)
    world.ask("Gita Rao", pulse=world.pulse("Earlier"), at=earlier, keys=ONE)  # for Cedar
    Affiliation.objects.create(
        program=world.program,
        contact=world.people["Gita Rao"],
        partner=world.partners["Birk"],
        role="sales",
        since=LONG_AGO.date(),
    )
    [gita] = [p for p in reach(world.pulse(), at=MONDAY).askable if p.name == "Gita Rao"]
    assert (gita.partner_name, gita.role) == ("Birk", "sales")


def test_the_longest_waiting_come_first(world: World) -> None:
    for name, ago in (("Ana Keller", 40), ("Ben Okafor", 80)):
        at = MONDAY - timedelta(days=ago)
        world.ask(name, pulse=world.pulse(name), at=at, keys=ONE)
    order = [person.name for person in reach(world.pulse(), at=MONDAY).askable]
    assert order[-2:] == ["Ben Okafor", "Ana Keller"]


def test_another_program_has_a_budget_of_its_own(world: World) -> None:
    other = make_world("southwind")
    other.ask("Ana Keller", pulse=other.pulse(), at=MONDAY - timedelta(days=1), keys=ONE)
    assert "Ana Keller" in asked(world.pulse())
    assert "Ana Keller" not in asked(other.pulse("Second"))
