import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from partnerloop.web.components import Column, Move, Row, Table, Who
from partnerloop.web.shell import direction, initial
from tests.gallery import cast, pages

VOID = {"meta", "link", "input", "br", "img", "hr"}


class Page(HTMLParser):
    """Reads a page and notes what is wrong with its markup."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.referred: set[str] = set()
        self.headings: list[int] = []
        self.attributes: set[str] = set()
        self.feed(html)
        self.wrong += [f"never closed: {tag}" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"closed out of order: {tag} at {self.getpos()}")

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.attributes |= set(known)
        if "id" in known:
            self.ids.append(known["id"] or "")
        for name in ("for", "popovertarget", "aria-describedby", "aria-labelledby"):
            self.referred |= set((known.get(name) or "").split())
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


def every_page() -> dict[str, str]:
    return {"gallery": pages.gallery()} | pages.respondent()


@pytest.mark.parametrize("name", every_page())
def test_every_page_is_well_formed_and_runs_under_the_strict_policy(name):
    html = every_page()[name]
    page = Page(html)
    assert page.wrong == []
    assert "style" not in page.attributes
    assert not {a for a in page.attributes if a.startswith("on")}
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert cast.NASTY not in html
    assert "{{" not in html
    assert "{%" not in html


@pytest.mark.parametrize("name", every_page())
def test_every_page_has_one_title_no_skipped_heading_and_whole_references(name):
    page = Page(every_page()[name])
    assert page.headings.count(1) == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(after <= before + 1 for before, after in steps)
    assert sorted(page.ids) == sorted(set(page.ids))
    assert page.referred <= set(page.ids)


def test_the_theme_of_the_reader_is_set_by_the_server():
    dark = replace(cast.SHELL, theme="dark")
    assert 'data-theme="dark"' in pages.gallery(shell=dark)
    assert "data-theme" not in pages.gallery()


def test_the_page_of_a_right_to_left_language_says_so():
    assert '<html lang="ar" dir="rtl">' in pages.respondent()["answer-awkward"]
    assert (direction("ar"), direction("he-IL"), direction("de")) == ("rtl", "rtl", "ltr")


def test_a_card_without_a_figure_says_why_and_shows_no_zero():
    card = pages.gallery().split(f">{cast.LONG}</a>")[1].split("</li>")[0]
    assert "No recent answers." in card
    assert "Unknown" in card
    assert "0.0" not in card


def test_a_step_with_many_loops_shows_the_first_and_counts_the_rest():
    html = pages.gallery()
    assert "Objective 3" in html
    assert "Objective 4" not in html
    assert "and 2 more" in html


def test_a_change_is_named_by_its_printed_figure():
    assert [Move(p).word for p in (0.42, -1.66, 0.04, None)] == [
        "Rose 0.4",
        "Fell 1.7",
        "No clear change",
        "No clear change",
    ]
    assert Move(0.04).direction == "flat"


@pytest.mark.parametrize(
    ("who", "initials"),
    [
        (Who("Priya Raman"), "PR"),
        (Who("Ana Maria de la Cruz"), "AC"),
        (Who("Cher"), "C"),
        (Who("Alder & Finch Systems", kind="firm"), "AF"),
        (Who("(unknown)"), "?"),
        (Who(""), "?"),
    ],
)
def test_initials_stand_for_a_name(who, initials):
    assert who.initials == initials


def test_a_vendor_is_signed_by_its_first_letter_or_digit():
    assert [initial(n) for n in ("northwind", "„3com“", "–")] == ["N", "3", "?"]


def test_a_table_refuses_a_row_that_does_not_fit():
    with pytest.raises(ValueError, match="cells"):
        Table("t", (Column("a"), Column("b")), (Row("x", ("1", "2")),))
