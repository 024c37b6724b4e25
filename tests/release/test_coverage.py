"""Response and coverage: counted asks, answering in words, nothing of small groups."""

from datetime import timedelta

import pytest

from partnerloop.core.clock import week_of
from partnerloop.programs.models import Suppression
from partnerloop.pulses.models import Invitation
from partnerloop.release.coverage import FEW, HALF, MANY, UNKNOWN, Coverage, coverage
from partnerloop.responses.participation import Participation
from tests.world import MONDAY, World, company, make_world, person

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(weeks=4)


@pytest.fixture
def world() -> World:
    made = make_world()
    for number in range(6):
        company(made, f"Firm{number} Ltd", {"region": "APAC", "tier": "bronze"})
        for place in range(5):
            person(made, f"Q{number}{place} Test", at=f"Firm{number} Ltd", role="operations")
    return made


def ask(world: World, *, answering: int) -> list[Invitation]:
    pulse = world.pulse("Asked", launched_at=MONDAY, closes_at=LATER)
    names = sorted(name for name in world.people if name.endswith("Test"))
    asks = [world.ask(name, pulse=pulse, at=MONDAY, keys=("ease",)) for name in names]
    world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=("ease",))
    for asked in asks[:answering]:
        Participation.objects.create(
            program=world.program, invitation=asked, week=week_of(MONDAY.date())
        )
    return asks


def words(found: Coverage, name: str) -> dict[str, str]:
    return {group.label: group.answering for group in found.groups[name]}


@pytest.mark.parametrize(("answering", "told"), [(0, FEW), (11, FEW), (15, HALF), (30, MANY)])
def test_a_large_group_is_told_in_words(world, answering, told) -> None:
    ask(world, answering=answering)
    found = coverage(world.program, at=LATER)
    assert words(found, "Role")["operations"] == told
    assert words(found, "Region")["APAC"] == told


def test_a_small_group_is_not_told(world) -> None:
    ask(world, answering=30)
    found = coverage(world.program, at=LATER)
    assert words(found, "Role")["technical"] == UNKNOWN
    assert words(found, "Region")["EMEA"] == UNKNOWN


def test_one_answer_more_or_less_does_not_show(world) -> None:
    asks = ask(world, answering=4)
    before = coverage(world.program, at=LATER)
    Participation.objects.create(
        program=world.program, invitation=asks[10], week=week_of(MONDAY.date())
    )
    assert coverage(world.program, at=LATER) == before


def test_an_answer_of_this_week_does_not_show(world) -> None:
    asks = ask(world, answering=11)
    before = coverage(world.program, at=LATER)
    for asked in asks[11:]:
        Participation.objects.create(
            program=world.program, invitation=asked, week=week_of(LATER.date())
        )
    assert coverage(world.program, at=LATER + timedelta(days=3)) == before


def test_silent_companies_are_a_band(world) -> None:
    ask(world, answering=15)  # three firms answer, three do not
    assert coverage(world.program, at=LATER).silent_companies == "3–4"


def test_people_asked_are_counted(world) -> None:
    ask(world, answering=0)
    groups = {group.label: group for group in coverage(world.program, at=LATER).groups["Role"]}
    assert (groups["operations"].people, groups["technical"].people) == (30, 1)
    assert groups["operations"].sent == 0  # no mail has left


def test_silent_groups_are_named_and_small_ones_are_not(world) -> None:
    ask(world, answering=5)
    found = coverage(world.program, at=LATER)
    assert found.silent == {
        "Role": ["operations"],
        "Region": ["APAC"],
        "Tier": ["bronze"],
        "Type": ["not known"],
        "Language": ["en"],
    }


def test_nobody_is_silent_where_many_answer(world) -> None:
    ask(world, answering=30)
    assert coverage(world.program, at=LATER).silent == {}


def test_addresses_that_take_no_mail_are_counted_as_people(world) -> None:
    ask(world, answering=0)
    email = world.people["Q00 Test"].email
    Suppression.objects.create(
        address_hash=Suppression.hash_of(email), since=MONDAY, reason="bounced"
    )
    group = next(one for one in coverage(world.program, at=LATER).groups["Role"] if one.people > 20)
    assert (group.label, group.unreachable) == ("operations", 1)
