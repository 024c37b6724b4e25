"""Mails come in working hours of the reader's own clock, in all zones and through all changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from partnerloop.planning.quiet import Hours, hours_of, is_quiet, next_moment, zone_of
from tests.world import World

ZONES = """
Pacific/Honolulu America/Anchorage America/Los_Angeles America/Denver America/Chicago
America/New_York America/Halifax America/St_Johns America/Sao_Paulo America/Santiago
Atlantic/Azores Europe/Lisbon Europe/London Europe/Zurich Europe/Athens Europe/Istanbul
Africa/Cairo Africa/Johannesburg Africa/Casablanca Asia/Dubai Asia/Tehran Asia/Karachi
Asia/Kolkata Asia/Kathmandu Asia/Singapore Asia/Tokyo Australia/Adelaide Australia/Lord_Howe
Pacific/Auckland Pacific/Chatham
""".split()
HOURS = Hours(8, 18, frozenset({date(2028, 2, 29), date(2028, 12, 25)}))


@pytest.mark.parametrize("name", ZONES)
def test_every_moment_of_a_leap_year_leads_to_the_next_working_hour(name: str) -> None:
    zone, at = ZoneInfo(name), datetime(2028, 1, 1, 0, 30, tzinfo=UTC)
    while at.year == 2028:
        found = next_moment(HOURS, zone=zone, at=at)
        assert found >= at
        assert is_fine(found, zone)
        # nothing earlier would do: it is now, or the very beginning of the hours
        assert found == at or not is_fine(found - timedelta(minutes=1), zone)
        assert found - at < timedelta(days=5)
        assert is_quiet(HOURS, zone=zone, at=at) == (found > at)
        at += timedelta(hours=3)


def is_fine(at: datetime, zone: ZoneInfo) -> bool:
    local = at.astimezone(zone)
    return 8 <= local.hour < 18 and local.weekday() < 5 and local.date() not in HOURS.holidays


def test_thirty_zones_are_tried() -> None:
    assert len(set(ZONES)) == 30


def test_the_same_mail_comes_an_hour_earlier_in_utc_once_clocks_have_changed() -> None:
    zurich = ZoneInfo("Europe/Zurich")
    winter = next_moment(Hours(), zone=zurich, at=datetime(2028, 3, 24, 20, tzinfo=UTC))
    assert winter == datetime(2028, 3, 27, 6, tzinfo=UTC)  # clocks changed on the 26th
    before = next_moment(Hours(), zone=zurich, at=datetime(2028, 3, 23, 20, tzinfo=UTC))
    assert before == datetime(2028, 3, 24, 7, tzinfo=UTC)


def test_a_person_without_a_zone_lives_in_that_of_the_program(world: World) -> None:
    ana = world.people["Ana Keller"]
    world.program.time_zone = "Asia/Tokyo"
    assert zone_of(ana, program=world.program).key == "Asia/Tokyo"
    ana.time_zone = "Mars/Olympus"
    assert zone_of(ana, program=world.program).key == "Asia/Tokyo"
    ana.time_zone = "America/Denver"
    assert zone_of(ana, program=world.program).key == "America/Denver"


def test_a_program_that_never_works_sends_all_the_same(world: World) -> None:
    first = date(2028, 1, 1)
    world.program.holidays = [f"{first + timedelta(days=n)}" for n in range(500)]
    at = datetime(2028, 1, 1, tzinfo=UTC)
    assert next_moment(hours_of(world.program), zone=ZoneInfo("UTC"), at=at) == at
