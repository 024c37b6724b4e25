"""One open question, chosen by the score that was just given, and shown nowhere else."""

from datetime import timedelta

import pytest
from django.test import Client

from partnerloop.pulses.models import Invitation, Wording
from partnerloop.pulses.tokens import invitation_token
from partnerloop.responses.drops import Drop
from partnerloop.responses.models import Comment
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db
KEYS = (
    "partnerscore",
    "conflict_intensity",
    "ease",
    "conflict_open_low",
    "conflict_open_high",
)
BEHIND = "what lay behind it"
STAYS = "Which way of settling things"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def ask(world: World) -> Invitation:
    pulse = world.pulse(
        modes=["named", "confidential"],
        launched_at=MONDAY,
        closes_at=MONDAY + timedelta(days=4000),
    )
    asked = world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=KEYS)
    Invitation.objects.of(world.program).update(expires_at=MONDAY + timedelta(days=4000))
    return asked


def field(ask: Invitation, key: str) -> str:
    wording = Wording.objects.of(ask.program_id).get(question__key=key, language="en")
    return f"q{wording.pk}"


def send(ask: Invitation, **given: str):
    return Client().post(f"/a/{invitation_token(ask.pk)}", given)


@pytest.mark.parametrize(("intensity", "asked"), [("9", BEHIND), ("1", STAYS), ("3", STAYS)])
def test_the_score_chooses_the_question_and_a_reversed_one_is_turned(ask, intensity, asked) -> None:
    page = send(ask, **{field(ask, "conflict_intensity"): intensity, "mode": "confidential"})
    assert asked in page.content.decode()
    assert ({BEHIND, STAYS} - {asked}).pop() not in page.content.decode()


def test_without_a_score_on_it_nothing_more_is_asked(ask) -> None:
    given = {field(ask, "conflict_intensity"): "none", field(ask, "ease"): "2"}
    page = send(ask, **given, mode="confidential")
    assert page.status_code == 302
    assert page["Location"].endswith("/thanks")


def test_opening_the_link_again_does_not_show_which_question_followed(ask) -> None:
    fresh = Client().get(f"/a/{invitation_token(ask.pk)}").content.decode()
    send(ask, **{field(ask, "conflict_intensity"): "9", "mode": "confidential"})
    again = Client().get(f"/a/{invitation_token(ask.pk)}").content.decode()
    for page in (fresh, again):
        assert BEHIND not in page
        assert STAYS not in page


def test_the_line_is_stored_with_the_ratings(world, ask) -> None:
    send(ask, **{field(ask, "conflict_intensity"): "9", "mode": "confidential"})
    line = field(ask, "conflict_open_low")
    done = send(ask, **{line: "Two prices for one deal.", "step": "more"})
    assert done["Location"].endswith("/thanks")
    [comment] = Comment.objects.of(world.program)
    assert comment.text == "Two prices for one deal."


def test_an_empty_line_is_no_mistake(world, ask) -> None:
    send(ask, **{field(ask, "conflict_intensity"): "9", "mode": "confidential"})
    done = send(ask, **{field(ask, "conflict_open_low"): " ", "step": "more"})
    assert done["Location"].endswith("/thanks")
    assert not Comment.objects.of(world.program).exists()


def test_what_is_anonymous_is_stored_once_with_its_line(world, ask) -> None:
    pulse = ask.pulse
    pulse.modes = ["named", "confidential", "anonymous"]
    pulse.save()
    Invitation.objects.of(world.program).update(cell="all")
    intensity, line = field(ask, "conflict_intensity"), field(ask, "conflict_open_low")
    more = send(ask, **{intensity: "9", "mode": "anonymous"}).content.decode()
    assert "Nothing is stored yet" in more
    assert f'name="{intensity}" value="9"' in more
    assert not Drop.objects.of(world.program).exists()
    done = send(ask, **{intensity: "9", "mode": "anonymous", line: "Prices.", "step": "more"})
    assert done.status_code == 302
    assert Drop.objects.of(world.program).exists()


def test_words_that_point_at_their_writer_are_cautioned_on_the_same_page(world, ask) -> None:
    send(ask, **{field(ask, "conflict_intensity"): "9", "mode": "confidential"})
    line = field(ask, "conflict_open_low")
    again = send(ask, **{line: "Call Ana Keller about it.", "step": "more"})
    assert again.status_code == 422
    assert BEHIND in again.content.decode()
    assert not Comment.objects.of(world.program).exists()
    done = send(ask, **{line: "Call Ana Keller about it.", "step": "more", "cautioned": "yes"})
    assert done["Location"].endswith("/thanks")
