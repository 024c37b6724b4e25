import gzip
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from partnerloop.web.components import Scale0to10
from partnerloop.web.respond.notices import unknown_link
from partnerloop.web.respond.pages import AnswerPage, Letterhead, OpenQuestion
from tests.gallery import pages

FIRST_VISIT = 10_000
"""Bytes, gzipped: the page and every file it needs before anything is cached."""


def rendered(page: AnswerPage) -> str:
    return render_to_string("respond/answer.html", {"page": page})


def test_an_answer_page_is_light_on_the_first_visit():
    html = rendered(pages.answer_page())
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', html)
    assert {"partnerloop/tokens.css", "partnerloop/common.css"} <= set(files)
    read = [Path(str(finders.find(name))).read_bytes() for name in files]
    assert sum(len(gzip.compress(part)) for part in [html.encode(), *read]) < FIRST_VISIT


@pytest.mark.django_db
def test_pages_for_partners_travel_compressed(client):
    squeezed = client.get("/a/nothing", headers={"accept-encoding": "gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in squeezed.headers["Vary"]
    plain = client.get("/a/nothing")
    assert gzip.decompress(squeezed.content).decode() == plain.text
    assert len(squeezed.content) < len(plain.content)
    others = client.get("/sign-in/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in others.headers  # a session's secrets stand on them


def test_an_answer_page_needs_no_script_and_sets_no_cookie():
    html = rendered(pages.answer_page())
    assert re.findall(r"<script[^>]*>", html) == re.findall(r"<script src=[^>]* defer>", html)
    assert 'name="how"' in html  # empty where no script runs, and the answer counts all the same
    assert "csrfmiddlewaretoken" not in html


def test_nothing_is_chosen_but_what_was_tapped_in_the_mail():
    html = rendered(pages.answer_page())
    assert re.findall(r'name="(\w+)" value="(\w+)" checked', html) == [("q1", "7"), ("q3", "none")]


def test_no_question_is_required():
    assert "required" not in rendered(pages.answer_page())


def test_every_question_can_be_said_to_be_beyond_judging():
    html = rendered(pages.answer_page())
    assert len(re.findall(r'value="none"', html)) == 3
    assert html.count("I can’t judge this") == 3


def test_a_single_mode_is_told_and_not_asked():
    html = pages.respondent()["answer-only-named"]
    assert '<input type="hidden" name="mode" value="named">' in html
    assert "The people at Northwind see your name and answer." in html
    assert 'type="radio" name="mode"' not in html


def test_an_error_says_what_is_wrong_and_leads_there():
    html = pages.respondent()["answer-awkward"]
    assert '<a href="#open">Your line is too long.</a>' in html
    assert 'aria-invalid="true"' in html
    assert "Too long by 3 letters." in html


def test_what_was_written_survives_an_error():
    html = pages.respondent()["answer-awkward"]
    written = html.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0]
    assert unescape(written.strip()) == pages.cast.NASTY


@pytest.mark.parametrize(
    ("ratings", "line", "title"),
    [
        (3, True, "Three ratings and one line, under a minute"),
        (1, False, "One rating, under a minute"),
        (0, True, "One line, under a minute"),
    ],
)
def test_the_title_says_how_much_is_asked(ratings, line, title):
    page = AnswerPage(
        Letterhead("Northwind"),
        "/a/x8",
        [Scale0to10(f"q{n}", "How?", "bad", "good") for n in range(ratings)],
        OpenQuestion("open", "Why?") if line else None,
    )
    assert page.title == title


def test_a_way_out_that_does_not_exist_is_left_out():
    html = rendered(replace(pages.answer_page(), links=type(pages.LINKS)(stop="/s/x8")))
    assert "Stop asking me" in html
    assert "Tell us now" not in html
    assert "Ask me less often" not in html


def test_an_unknown_link_does_not_say_whether_it_ever_was_one():
    page = unknown_link()
    assert "expired" not in page.title + page.text
    assert page.letterhead.vendor == "Partnerloop"


def test_a_receipt_shows_state_talk_and_check():
    html = pages.respondent()["receipt"]
    assert 'class="chip done"' in html
    assert 'action="/r/7/check"' in html
    assert 'formaction="/r/7/sign"' in html
    assert "Erase what I said" in html


def test_a_receipt_without_words_explains_itself():
    assert "You left no words" in pages.respondent()["receipt-bare"]
