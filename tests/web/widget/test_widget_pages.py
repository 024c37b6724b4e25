"""The widget in a portal: no cookie, listed frames only, by name only, and one ask at a time."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from partnerloop.core import clock
from partnerloop.core.models import Event
from partnerloop.evidence.models import NamedAnswer
from partnerloop.integrations.widget.keys import end
from partnerloop.integrations.widget.origins import forbid
from partnerloop.loop.requesting import Request, ask_one
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.pulses.tokens import invitation_token
from partnerloop.responses.identities import ModeChoice
from partnerloop.responses.spoken import SpokenWords
from tests.web.conftest import NOW
from tests.web.widget.conftest import PORTAL

MARK = re.compile(r'name="mark" value="[^"]*"')


def requested(world, name: str = "Ana Keller") -> Invitation:
    contact = world.people[name]
    partner = contact.affiliations.get().partner
    asked = ask_one(
        Request(contact, partner, Pulse.Way.PORTAL), by=world.priya, at=NOW - timedelta(hours=1)
    )
    assert isinstance(asked, Invitation)
    return asked


def fields(shown, value: str = "8") -> dict[str, str]:
    page = shown.context["page"]
    return {"ask": page.ask, **{scale.name: value for scale in page.questions}}


def test_opening_the_frame_stores_nothing_and_is_the_same_for_everybody(portal) -> None:
    first = portal.client.get(portal.address)
    assert first.status_code == 200
    assert first.content == Client().get(portal.address).content
    assert Invitation.objects.of(portal.world.program).count() == 0


def test_only_the_listed_portals_may_frame_it(portal) -> None:
    shown = portal.client.get(portal.address)
    assert f"frame-ancestors {PORTAL}" in shown["Content-Security-Policy"]
    assert "X-Frame-Options" not in shown
    assert "script-src 'self'" in shown["Content-Security-Policy"]
    forbid(PORTAL, by=portal.world.priya, at=NOW)
    assert "frame-ancestors 'none'" in portal.client.get(portal.address)["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["", "a/x", "promise/northwind", "portal/x", "p/northwind/"])
def test_no_other_page_may_be_framed_by_a_portal(portal, path) -> None:
    shown = portal.client.get(f"/{path}")
    assert "frame-ancestors 'none'" in shown["Content-Security-Policy"]


def test_a_whole_visit_sets_no_cookie(portal) -> None:
    shown = portal.open()
    shown = portal.press(shown, "questions")
    shown = portal.press(shown, "send", **fields(shown))
    shown = portal.press(shown, "telling")
    portal.press(shown, "tell", words="Deal desk is slow.")
    assert not portal.client.cookies


def test_the_frame_hands_its_height_to_the_listed_portals_and_nothing_else(portal) -> None:
    shown = portal.open()
    assert f'data-portals="{PORTAL}"' in shown.text


def test_who_is_looking_is_told_and_that_it_counts_by_name(portal) -> None:
    shown = portal.open()
    assert "You are here as Ana Keller of Alder &amp; Finch." in shown.text
    shown = portal.press(shown, "questions")
    assert "see your name and your answer" in shown.text
    assert "pass through a portal" in shown.text
    shown = portal.press(shown, "telling")
    assert "pass through a portal" in shown.text


def test_opening_asks_nobody_and_pressing_does(portal) -> None:
    shown = portal.open()
    asks = Invitation.objects.of(portal.world.program)
    assert asks.count() == 0
    portal.press(shown, "questions")
    assert asks.get().reason == "own_accord"


def test_answers_are_stored_by_name_and_the_receipt_is_handed_out(portal) -> None:
    shown = portal.press(portal.open(), "questions")
    shown = portal.press(shown, "send", **fields(shown))
    assert "One line more" in shown.text
    line = shown.context["page"].open_question.name
    ask = shown.context["page"].ask
    shown = portal.press(shown, "send", ask=ask, line="more", **{line: "Keep it up."})
    assert "They count as named" in shown.text
    assert "/r/" in shown.context["page"].receipt_url
    rows = NamedAnswer.objects.of(portal.world.program)
    assert {row.value for row in rows} == {8}
    assert {row.contact for row in rows} == {portal.world.people["Ana Keller"]}
    assert Event.objects.filter(kind="response.received").count() == 2


def test_a_line_may_be_left_empty(portal) -> None:
    shown = portal.press(portal.open(), "questions")
    shown = portal.press(shown, "send", **fields(shown))
    shown = portal.press(shown, "send", ask=shown.context["page"].ask, line="more")
    assert "Your answers are in" in shown.text


def test_an_ask_that_waits_is_shown_at_once(portal) -> None:
    asked = requested(portal.world)
    shown = portal.open()
    assert shown.context["page"].ask == str(asked.pk)


def test_a_second_visit_changes_the_answer_and_adds_none(portal) -> None:
    shown = portal.press(portal.open(), "questions")
    portal.press(shown, "send", **fields(shown, "8"))
    shown = portal.open()
    assert "You can still change it" in shown.text
    shown = portal.press(shown, "questions")
    assert "replaces what you sent before" in shown.text
    portal.press(shown, "send", **fields(shown, "3"))
    assert Invitation.objects.of(portal.world.program).count() == 1
    assert {row.value for row in NamedAnswer.objects.of(portal.world.program)} == {3}


def test_what_was_answered_by_mail_does_not_show(portal) -> None:
    """A portal is in the vendor's hands: it must not tell whether a person answered unnamed."""
    world = portal.world
    before = portal.open().text
    pulse = world.pulse(launched_at=NOW, closes_at=NOW + timedelta(days=28), modes=["confidential"])
    asked = world.ask("Ana Keller", pulse=pulse, at=NOW, keys=("partnerscore",))
    assert same(portal.open().text) == same(before)
    from_mail = Client().post(
        f"/a/{invitation_token(asked.pk)}", {f"q{asked.asked[0]}": "2", "mode": "confidential"}
    )
    assert from_mail.status_code == 302
    assert same(portal.open().text) == same(before)


def test_answering_in_a_portal_preselects_no_name_in_the_next_mail(portal) -> None:
    shown = portal.press(portal.open(), "questions")
    portal.press(shown, "send", **fields(shown))
    assert ModeChoice.objects.of(portal.world.program).count() == 0


def test_words_of_ones_own_are_kept_by_name(portal) -> None:
    shown = portal.press(portal.open(), "telling")
    empty = portal.press(shown, "tell", words="  ")
    assert (empty.status_code, "Write something first." in empty.text) == (422, True)
    shown = portal.press(empty, "tell", words="The portal\0 is down.")
    assert "We have it" in shown.text
    words = SpokenWords.objects.of(portal.world.program).get()
    assert words.text == "The portal is down."
    assert words.contact == portal.world.people["Ana Keller"]


def test_rubbish_is_told_and_stores_nothing(portal) -> None:
    shown = portal.press(portal.open(), "questions")
    filled = {**fields(shown), shown.context["page"].questions[0].name: "eleven"}
    again = portal.press(shown, "send", **filled)
    assert (again.status_code, "0 to 10" in again.text) == (422, True)
    nothing = portal.press(shown, "send", ask=shown.context["page"].ask)
    assert nothing.status_code == 422
    assert NamedAnswer.objects.of(portal.world.program).count() == 0


def test_the_ask_of_somebody_else_is_not_opened_by_naming_it(portal) -> None:
    theirs = requested(portal.world, "Eva Lind")
    shown = portal.press(portal.open(), "questions")
    for ask in (str(theirs.pk), "", "x", "\0"):
        closed = portal.press(shown, "send", **{**fields(shown), "ask": ask})
        assert closed.status_code == 410
    assert NamedAnswer.objects.of(portal.world.program).count() == 0


def test_an_ask_by_mail_is_not_answered_in_the_portal(portal) -> None:
    world = portal.world
    pulse = world.pulse(launched_at=NOW, closes_at=NOW + timedelta(days=28), modes=["named"])
    asked = world.ask("Ana Keller", pulse=pulse, at=NOW, keys=("partnerscore",))
    shown = portal.open()
    filled = {"ask": str(asked.pk), f"q{asked.asked[0]}": "9"}
    assert portal.press(shown, "send", **filled).status_code == 410


def test_a_token_that_was_used_is_refused_with_a_word(portal) -> None:
    token = portal.token()
    portal.client.post(portal.address, {"token": token})
    again = portal.client.post(portal.address, {"token": token})
    assert again.status_code == 403
    assert "used_before" in again.text
    assert "Ana" not in again.text


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_a_token_that_says_nothing_is_refused(portal, token) -> None:
    refused = portal.client.post(portal.address, {"token": token})
    assert refused.status_code == 403
    assert f"frame-ancestors {PORTAL}" in refused["Content-Security-Policy"]


def test_a_visit_ends_after_half_an_hour_and_with_its_key(portal, monkeypatch) -> None:
    shown = portal.open()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=30))
    assert portal.press(shown, "questions").status_code == 403
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert portal.press(shown, "questions").status_code == 200
    end(portal.made.key, by=portal.world.priya, at=NOW)
    over = portal.press(shown, "questions")
    assert (over.status_code, "Your visit is over" in over.text) == (403, True)


def test_a_program_without_named_answers_asks_nothing(portal) -> None:
    portal.world.program.modes_offered = ["confidential"]
    portal.world.program.save()
    shown = portal.press(portal.open(), "questions")
    assert "There are no questions for you" in shown.text
    assert Invitation.objects.of(portal.world.program).count() == 0


def test_it_speaks_the_language_of_whoever_is_looking(portal) -> None:
    ana = portal.world.people["Ana Keller"]
    ana.language = "de"
    ana.save()
    shown = portal.press(portal.open(), "questions")
    assert "laufen über ein Portal" in shown.text
    assert '<html lang="de"' in shown.text


def test_the_loader_is_small_and_kept_for_minutes(portal) -> None:
    loader = portal.client.get("/widget/northwind/loader.js")
    assert loader["Content-Type"].startswith("text/javascript")
    assert loader["Cache-Control"] == "public, max-age=300"
    assert len(loader.content) < 2000
    assert not portal.client.cookies
    assert portal.client.get("/widget/nobody/loader.js").status_code == 404
    assert portal.client.get("/widget/nobody/frame").status_code == 404


def same(text: str) -> str:
    """Return a page without the mark of its visit, which is signed anew each time."""
    return MARK.sub("", text)
