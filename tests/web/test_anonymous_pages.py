"""The answer page with all three modes: nothing preselected at first, and a caution for writers."""

from datetime import timedelta

import pytest
from django.test import Client

from partnerloop.core import clock
from partnerloop.pulses.tokens import invitation_token
from partnerloop.responses.drops import Drop
from partnerloop.responses.models import Response
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
KEYS = ("partnerscore", "communication_open_low")
MODES = ["named", "confidential", "anonymous"]


@pytest.fixture
def world() -> World:
    return make_world()


def link(world: World, name: str = "Ana Keller", pulse: str = "First", modes=None):
    now = clock.now()
    sent = world.pulse(
        pulse, modes=modes or MODES, launched_at=now, closes_at=now + timedelta(days=28)
    )
    made = world.ask(name, pulse=sent, at=now, keys=KEYS)
    made.cell = "all"
    made.save(update_fields=["cell"])
    return made, f"/a/{invitation_token(made.pk)}"


def fields(made, mode="anonymous", words="", **more):
    return {f"q{made.asked[0]}": "7", f"q{made.asked[1]}": words, "mode": mode, **more}


def test_the_first_time_three_modes_are_offered_and_none_is_chosen(world):
    _, url = link(world)
    page = Client().get(url).text
    for mode in MODES:
        assert f'id="mode-{mode}"' in page
    assert "Stored without your name or company" in page
    assert "checked" not in page.split('id="mode-named"')[1].split("</fieldset>")[0]


def test_the_next_time_the_last_choice_is_chosen(world):
    made, url = link(world)
    Client().post(url, fields(made))
    _, again = link(world, pulse="Second")
    assert 'value="anonymous" checked' in Client().get(again).text


def test_an_anonymous_answer_leads_to_its_receipt_and_the_link_is_used_up(world):
    made, url = link(world)
    answer = Client().post(url, fields(made, words="Quiet words"))
    assert answer.status_code == 302
    assert answer.url.startswith("/r/")
    assert invitation_token(made.pk) not in answer.url
    assert "They count as anonymous" in Client().get(answer.url).text
    assert Client().get(answer.url.partition("/thanks")[0]).status_code == 200
    assert "This link has been used" in Client().get(url).text
    assert "This link has been used" in Client().post(url, fields(made, "named")).text
    assert Drop.objects.of(world.program).count() == 1
    assert not Response.objects.of(world.program).exists()


def test_the_thanks_page_of_the_link_leads_to_no_anonymous_receipt(world):
    made, url = link(world)
    Client().post(url, fields(made))
    assert Client().get(f"{url}/thanks").status_code == 302


@pytest.mark.parametrize("words", ["Call +49 30 1234567", "This is Keller", "Ask a@x.example"])
def test_words_that_point_at_their_writer_are_held_up_once(world, words):
    made, url = link(world)
    first = Client().post(url, fields(made, "confidential", words))
    assert first.status_code == 422
    assert "Your words seem to hold a name" in first.text
    assert 'name="cautioned"' in first.text
    assert not Response.objects.of(world.program).exists()
    assert (
        Client().post(url, fields(made, "confidential", words, cautioned="yes")).status_code == 302
    )


def test_a_named_writer_is_not_cautioned(world):
    made, url = link(world)
    assert Client().post(url, fields(made, "named", "This is Keller")).status_code == 302


def test_an_anonymous_only_pulse_tells_its_promise_and_asks_nothing(world):
    _, url = link(world, modes=["anonymous"])
    page = Client().get(url).text
    assert '<input type="hidden" name="mode" value="anonymous">' in page
    assert "Stored without your name or company" in page


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_the_promise_page_speaks_the_language_asked_for(world, language):
    page = Client().get(f"/promise/northwind?language={language}")
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
    assert "{" not in page.text.split("<main")[1].split("</main>")[0]
