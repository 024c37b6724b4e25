"""The plan page: four weeks ahead, for those who run the program."""

from datetime import timedelta

from partnerloop.accounts.models import Role
from partnerloop.loop.asking import launch
from tests.world import MONDAY


def test_nothing_planned_is_told(pages, chief) -> None:
    assert "Nothing is planned" in chief.get(pages.url("pulses/plan/")).text


def test_the_coming_weeks_are_shown_and_lead_there_from_the_navigation(pages, chief) -> None:
    world = pages.world
    pulse = world.pulse("Fortnight", every_days=14)
    launch(pulse, by=world.priya, at=MONDAY - timedelta(days=13))
    shown = chief.get(pages.url("pulses/plan/")).text
    assert "Fortnight" in shown
    assert "Asked in these weeks" in shown
    assert pages.url("pulses/plan/") in chief.get(pages.url()).text


def test_a_round_beyond_the_four_weeks_is_told_with_its_day(pages, chief) -> None:
    world = pages.world
    launch(world.pulse("Monthly", every_days=31), by=world.priya, at=MONDAY)
    launch(world.pulse("Once"), by=world.priya, at=MONDAY + timedelta(days=20))
    shown = chief.get(pages.url("pulses/plan/")).text
    assert "Nothing is planned" not in shown
    assert "Monthly" in shown
    again = MONDAY + timedelta(days=31)
    assert f"asked again on {again.day} {again:%B %Y}" in shown
    assert "Once" not in shown


def test_others_do_not_open_it(pages) -> None:
    reader = pages.as_member(pages.member("Lena", Role.LEAD))
    assert reader.get(pages.url("pulses/plan/")).status_code == 403
