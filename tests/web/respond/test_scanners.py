"""Link scanners leave no answer, whatever they open and post; a person needs one confirm."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerloop.core import clock
from partnerloop.integrations.email.clicks import collect, opened
from partnerloop.integrations.models import ClickTotal
from partnerloop.pulses.models import Invitation
from partnerloop.responses.models import Response
from tests.web.conftest import NOW

Later = Callable[[float], datetime]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Move the clock so many seconds behind the world's noon."""

    def moved(seconds: float) -> datetime:
        at = NOW + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda: at)
        return at

    return moved


def filled_in(ask: Invitation, page: str, **more: str) -> dict[str, str]:
    """Fill in the first question as somebody does who was shown this page."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?>', page))
    return {**hidden, f"q{ask.asked[0]}": "7", "mode": "named", **more}


def burst(client: Client, link: str) -> str:
    """Open all twelve links of the mail; return the page of the last score."""
    client.get(f"{link}/all")
    return [client.get(f"{link}?q={step}").content.decode() for step in range(11)][-1]


def test_opening_writes_nothing_into_the_database(client: Client, link: str) -> None:
    client.get(link)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        burst(client, link)
    assert not [q for q in queries if not q["sql"].lstrip().upper().startswith("SELECT")]


def test_the_score_in_the_link_stands_in_no_referrer(client: Client, link: str) -> None:
    assert client.get(f"{link}?q=7")["Referrer-Policy"] == "strict-origin"


def test_a_burst_that_posts_at_once_leaves_no_answer(
    client: Client, ask: Invitation, link: str
) -> None:
    page = burst(client, link)
    for how in ("", "script", "gesture"):
        shown = client.post(link, filled_in(ask, page, how=how))
        assert shown.status_code == 422
        assert "Is it you?" in shown.content.decode()
        again = client.post(link, filled_in(ask, shown.content.decode(), how=how))
        assert again.status_code == 422
    assert not Response.objects.of(ask.program).exists()


def test_a_form_sent_by_a_script_never_counts(
    client: Client, ask: Invitation, link: str, later: Later
) -> None:
    page = client.get(f"{link}?q=7").content.decode()
    later(30)
    assert client.post(link, filled_in(ask, page, how="script")).status_code == 422
    assert not Response.objects.of(ask.program).exists()


@pytest.mark.parametrize("how", ["", "gesture"])
def test_a_person_needs_one_confirm_with_scripts_or_without(
    client: Client, ask: Invitation, link: str, how: str
) -> None:
    page = client.get(f"{link}?q=7").content.decode()
    assert client.post(link, filled_in(ask, page, how=how)).status_code == 302
    assert Response.objects.of(ask.program).count() == 1


def test_a_person_with_scripts_is_let_through_right_behind_a_scanner(
    client: Client, ask: Invitation, link: str, later: Later
) -> None:
    burst(client, link)
    later(5)
    page = client.get(f"{link}?q=7").content.decode()
    later(9)
    assert client.post(link, filled_in(ask, page, how="gesture")).status_code == 302


def test_a_person_without_scripts_confirms_once_more_right_behind_a_scanner(
    client: Client, ask: Invitation, link: str, later: Later
) -> None:
    burst(client, link)
    later(5)
    page = client.get(f"{link}?q=7").content.decode()
    shown = client.post(link, filled_in(ask, page)).content.decode()
    later(9)
    pressed = re.search(r'name="really" value="([^"]+)"', shown)
    assert pressed
    sent = client.post(link, filled_in(ask, shown, really=pressed.group(1)))
    assert sent.status_code == 302
    assert Response.objects.of(ask.program).count() == 1


def test_a_minute_behind_a_scanner_one_confirm_is_enough(
    client: Client, ask: Invitation, link: str, later: Later
) -> None:
    page = burst(client, link)
    later(61)
    assert client.post(link, filled_in(ask, page)).status_code == 302


def test_a_stamp_of_another_link_is_worth_nothing(
    client: Client, ask: Invitation, link: str, later: Later
) -> None:
    page = burst(client, link)
    later(9)
    forged = re.sub(r"[0-9]{13}:", "1000000000000:", filled_in(ask, page)["drawn"])
    assert client.post(link, filled_in(ask, page, really=forged)).status_code == 422


def test_clicks_become_totals_without_people(client: Client, ask: Invitation, link: str) -> None:
    burst(client, link)
    client.get(link)
    collect(ask.program, NOW)
    collect(ask.program, NOW)
    [total] = ClickTotal.objects.of(ask.program)
    # fewer than five people at this domain were asked, so that it is not named
    assert (total.domain, total.day, total.taps, total.visits) == ("", NOW.date(), 11, 1)
    assert (total.bursts, total.traps) == (1, 1)
    assert [one.has_scanner for one in opened(ask.program, since=NOW.date())] == [True]
