"""The pages of links and squares: make one, show it for a partner, close it."""

import pytest

from partnerloop.loop.linking import posted, posted_url
from partnerloop.pulses.models import Pulse
from tests.web.conftest import NOW


@pytest.fixture
def made(pages, chief) -> Pulse:
    chief.post(pages.url("pulses/links/"), {"name": "Fair", "questions": ["touch_portal"]})
    return Pulse.objects.of(pages.world.program).get()


def test_it_makes_a_link_with_its_square(pages, chief, made) -> None:
    assert (made.way, made.modes, made.questions) == ("link", ["named"], ["touch_portal"])
    shown = chief.get(pages.url(f"pulses/links/{made.pk}/")).text
    assert posted_url(made) in shown
    assert "<svg" in shown
    assert "Fair" in chief.get(pages.url("pulses/links/")).text


def test_it_shows_the_link_of_one_partner(pages, chief, made) -> None:
    url = pages.url(f"pulses/links/{made.pk}/")
    birk = pages.world.partners["Birk"]
    assert posted_url(made, birk) in chief.get(url, {"partner": "birk"}).text
    token = posted_url(made, birk).rpartition("/")[2]
    assert posted(token, at=NOW).partner == birk
    unknown = chief.get(url, {"partner": "Nobody & Co"}).text
    assert "No active partner is called Nobody &amp; Co." in unknown


def test_it_is_closed_once(pages, chief, made) -> None:
    Pulse.objects.of(pages.world.program).update(launched_at=pages.world.program.created_at)
    assert chief.post(pages.url(f"pulses/links/{made.pk}/close/")).status_code == 302
    made.refresh_from_db()
    assert made.closes_at == NOW
    assert "Closed" in chief.get(pages.url(f"pulses/links/{made.pk}/")).text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "Give the link a name."),
        ({"questions": ["touch_portal", "event_sell", "event_onboard"]}, "Choose two at most"),
    ],
)
def test_what_does_not_fit_is_told(pages, chief, wrong, says) -> None:
    answer = chief.post(pages.url("pulses/links/"), {"name": "Fair", **wrong})
    assert (answer.status_code, says in answer.text) == (400, True)
    assert not Pulse.objects.of(pages.world.program).exists()


def test_a_pulse_by_mail_has_no_link(pages, chief) -> None:
    mailed = pages.world.pulse("By mail")
    assert chief.get(pages.url(f"pulses/links/{mailed.pk}/")).status_code == 404
