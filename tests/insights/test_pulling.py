"""Which role pulls a metric down, from named answers alone."""

import doctest
import uuid
from datetime import timedelta

import pytest

from partnerloop.evidence.models import NamedAnswer
from partnerloop.insights import pulling
from partnerloop.insights.pulling import Voices, lowest_role, pulling_roles
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def says(world: World, company: str, role: str, value: int, *, days: int = 3, measure="conflict"):
    """Let a person of their own say one value by name."""
    NamedAnswer.objects.create(
        id=uuid.uuid4(),
        program=world.program,
        partner=world.partners[company],
        rater=uuid.uuid4(),
        role=role,
        measure=measure,
        value=value,
        at=MONDAY - timedelta(days=days),
    )


def told(world: World, *companies: str) -> dict[str, str]:
    numbers = [world.partners[company].pk for company in companies] or None
    return pulling_roles(world.program, partners=numbers, at=MONDAY)


def test_it_names_the_role_of_a_partner_whose_answers_are_lower(world) -> None:
    for value in (2, 3, 2):
        says(world, "Alder & Finch", "marketing", value)
    for value in (7, 8, 7):
        says(world, "Alder & Finch", "sales", value)
    assert told(world, "Alder & Finch") == {"conflict": "marketing"}


def test_it_names_nobody_where_the_roles_agree(world) -> None:
    for role in ("marketing", "sales", "technical"):
        for value in (4, 5, 6):
            says(world, "Alder & Finch", role, value)
    assert told(world, "Alder & Finch") == {}


def test_it_names_nobody_where_only_one_role_was_heard(world) -> None:
    for value in (1, 1, 1):
        says(world, "Alder & Finch", "sales", value)
    assert told(world, "Alder & Finch") == {}


def test_two_people_who_differ_by_a_point_are_chance(world) -> None:
    says(world, "Alder & Finch", "sales", 5)
    says(world, "Alder & Finch", "technical", 6)
    assert told(world, "Alder & Finch") == {}


def test_it_looks_only_at_the_partners_it_is_asked_about(world) -> None:
    for value in (1, 2, 1):
        says(world, "Birk", "marketing", value)
    for value in (7, 8, 7):
        says(world, "Alder & Finch", "sales", value)
    assert told(world, "Alder & Finch") == {}
    assert told(world, "Alder & Finch", "Birk") == {"conflict": "marketing"}


def test_for_the_whole_program_a_role_needs_the_people_and_companies_of_a_cell(world) -> None:
    for value in (7, 8, 7, 8, 7):
        says(world, "Alder & Finch", "sales", value)
    for company in ("Alder & Finch", "Birk"):
        for value in (1, 2, 1):
            says(world, company, "marketing", value)
    assert told(world) == {}
    says(world, "Cedar", "marketing", 2)
    assert told(world) == {"conflict": "marketing"}


def test_old_and_future_answers_say_nothing(world) -> None:
    for value in (1, 1, 1):
        says(world, "Alder & Finch", "marketing", value, days=183)
        says(world, "Alder & Finch", "marketing", value, days=-1)
    for value in (7, 8, 7):
        says(world, "Alder & Finch", "sales", value)
    assert told(world, "Alder & Finch") == {}


def test_another_program_is_not_heard(world) -> None:
    other = make_world("contoso")
    for value in (1, 1, 1):
        says(other, "Alder & Finch", "marketing", value)
    for value in (7, 8, 7):
        says(world, "Alder & Finch", "sales", value)
    assert told(world, "Alder & Finch") == {}


def test_it_counts_people_and_not_how_often_one_of_them_answered() -> None:
    often = Voices(people=1, firms=1, answers=12, total=48.0, squares=200.0)
    others = Voices(people=2, firms=1, answers=2, total=12.0, squares=73.0)
    many = Voices(people=12, firms=1, answers=12, total=48.0, squares=200.0)
    crowd = Voices(people=12, firms=1, answers=12, total=72.0, squares=440.0)
    assert lowest_role({"sales": often, "technical": others}) is None
    assert lowest_role({"sales": many, "technical": crowd}) == "sales"


def test_its_examples_hold() -> None:
    outcome = doctest.testmod(pulling)
    assert outcome.attempted > 0
    assert outcome.failed == 0
