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


def test_others_do_not_open_it(pages) -> None:
    reader = pages.as_member(pages.member("Lena", Role.LEAD))
    assert reader.get(pages.url("pulses/plan/")).status_code == 403
