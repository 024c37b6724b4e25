"""The answer page is the same whether it is drawn anew or its frame is filled."""

from dataclasses import replace

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerloop.web.components import Choice, Choices, Scale0to10
from partnerloop.web.respond import drawing
from partnerloop.web.respond.drawing import drawn
from partnerloop.web.respond.pages import (
    AnswerPage,
    FormError,
    Letterhead,
    Links,
    OnlyMode,
    OpenQuestion,
)
from tests.gallery import pages

AWKWARD = ["", "<b>&\"'", "{{ page.drawn }}", "mark0.", "١٢٣ \u202e", "Ana\n\nKeller\\1", "0", "q1"]
texts = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=12))
scales = st.builds(
    Scale0to10, texts, texts, texts, texts, st.sampled_from(["", "0", "7", "none"]), texts, texts
)
choices = st.builds(Choice, st.sampled_from(["named", "confidential"]), texts, texts, texts)
modes = st.one_of(
    st.none(),
    st.builds(OnlyMode, texts, texts, texts),
    st.builds(
        Choices, texts, texts, st.lists(choices, max_size=3), st.sampled_from(["", "named"]), texts
    ),
)
opens = st.builds(
    OpenQuestion, texts, texts, texts, texts, texts, texts, st.booleans(), watched=texts
)
answer_pages = st.builds(
    AnswerPage,
    st.builds(Letterhead, texts, texts, st.sampled_from(["en", "de", "ar"])),
    texts,
    st.lists(scales, max_size=4),
    st.one_of(st.none(), opens),
    modes,
    texts,
    texts,
    texts,
    texts,
    st.lists(st.builds(FormError, texts, texts), max_size=1),
    st.builds(Links, texts, texts, texts, texts, texts, texts),
    st.booleans(),
)


def anew(page: AnswerPage) -> str:
    return render_to_string("respond/answer.html", {"page": page})


@settings(max_examples=150, deadline=None)
@given(page=answer_pages, language=st.sampled_from(["en", "de", "fr"]))
def test_a_filled_frame_is_the_page(page, language):
    with translation.override(language):
        assert drawn(page) == anew(page)
        assert drawn(page) == anew(page)  # now from what was kept


def test_another_person_is_shown_the_same_frame_with_their_own_names():
    drawing._frame.cache_clear()
    ours = pages.answer_page()
    theirs = replace(
        ours, action="/a/other", answering_as="Answering for Bo.", why="You work on sales at Birk."
    )
    for page in (ours, theirs):
        html = drawn(page)
        assert page.action in html
        assert escape(page.answering_as) in html
    assert drawing._frame.cache_info().misses == 1
    assert "C. Ormond" not in drawn(theirs)


def test_nothing_personal_is_kept(monkeypatch):
    kept: list[object] = []
    seen = drawing._frame
    monkeypatch.setattr(drawing, "_frame", lambda page, told: kept.append(page) or seen(page, told))
    secret = "Ana Keller of Alder"
    line = OpenQuestion("q9", "Why?", secret, watched=secret)
    mode = Choice("named", "With your name", f"They see {secret}.")
    page = replace(
        pages.answer_page(Choices("mode", "Who?", [mode])),
        letterhead=Letterhead("Northwind", f"for {secret}"),
        open_question=line,
        answering_as=secret,
        why=secret,
    )
    assert secret in drawn(page)
    assert kept
    assert secret not in repr(kept) + repr(seen(kept[0], "en"))


def test_another_setting_of_the_program_is_another_frame():
    page = pages.answer_page()
    assert "Northwind" in drawn(page)
    renamed = replace(page, letterhead=replace(page.letterhead, vendor="Southwind"))
    assert "Southwind" in drawn(renamed)
    assert "Northwind" not in drawn(renamed).split("<main")[0]
