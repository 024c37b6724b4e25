"""Each template is usable as it is: take it, look, send."""

import pytest
from django.test import Client

from partnerloop.loop.asking import preview
from partnerloop.pulses.models import Invitation, Pulse, Question
from partnerloop.pulses.templates import TEMPLATES
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def chief(world: World, client: Client) -> Client:
    client.force_login(world.priya.user)
    return client


def test_the_page_shows_what_each_asks_in_the_programs_words(chief) -> None:
    page = chief.get("/p/northwind/pulses/templates/").content.decode()
    for template in TEMPLATES:
        assert template.title in page
    assert "How easy is it to register a deal with Northwind Robotics?" in page
    assert "Tier gold" in page


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.key)
def test_two_clicks_send_it(template, chief, world) -> None:
    drafted = chief.post(f"/p/northwind/pulses/templates/{template.key}/")
    pulse = Pulse.objects.of(world.program).get()
    assert drafted["Location"] == f"/p/northwind/pulses/{pulse.pk}/"
    people = preview(pulse, at=MONDAY).people
    assert people > 0
    chief.post(f"/p/northwind/pulses/{pulse.pk}/send/")
    asks = Invitation.objects.of(world.program).filter(pulse=pulse)
    assert asks.count() == people
    known = set(Question.objects.of(world.program).values_list("key", flat=True))
    assert set(template.questions) <= known


def test_the_important_are_those_of_a_high_tier(chief, world) -> None:
    chief.post("/p/northwind/pulses/templates/important/")
    assert Pulse.objects.of(world.program).get().audience == {"tier": ["gold"]}


def test_a_template_that_does_not_exist_is_not_there(chief) -> None:
    assert chief.post("/p/northwind/pulses/templates/nothing/").status_code == 404


def test_a_standing_pulse_is_drafted_by_form_and_stopped_on_its_page(chief, world) -> None:
    given = {"name": "Monthly", "modes": ["named"], "every_days": "31", "questions": "touch_portal"}
    drafted = chief.post("/p/northwind/pulses/new/", given)
    assert "asked again every 31 days" in chief.get(drafted["Location"]).content.decode()
    chief.post(f"{drafted['Location']}send/")
    assert "Ask no further round" in chief.get(drafted["Location"]).content.decode()
    chief.post(f"{drafted['Location']}stop/")
    assert "Ask no further round" not in chief.get(drafted["Location"]).content.decode()
