"""Templates hold no style and no script of their own: the page's policy would not run them."""

import re

import pytest

from tests.architecture.tree import PACKAGE, short, templates

# Mail programs know no style sheets, so mails alone carry their style.
MAILS = tuple(path for path in templates() if {"mail", "mails", "email"} & set(path.parts))
PAGES = tuple(path for path in templates() if path not in MAILS)

FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "text that isn't escaped": re.compile(r"\|\s*safe\b|autoescape\s+off"),
    "an address of another site": re.compile(r"(?:src|href|action)=[\"']https?://", re.IGNORECASE),
}


@pytest.mark.parametrize("complaint", sorted(FORBIDDEN))
def test_no_page_holds(complaint) -> None:
    held = [short(path) for path in PAGES if FORBIDDEN[complaint].search(path.read_text())]
    assert held == [], complaint


@pytest.mark.parametrize("complaint", ["a script without src", "an event attribute"])
def test_no_mail_holds(complaint) -> None:
    held = [short(path) for path in MAILS if FORBIDDEN[complaint].search(path.read_text())]
    assert held == [], complaint


@pytest.mark.parametrize(
    ("complaint", "html"),
    [
        ("a style attribute", '<p style="color: red">'),
        ("a style element", "<style>"),
        ("a script without src", "<script>alert(1)</script>"),
        ("an event attribute", '<a onclick="go()">'),
        ("a javascript: address", '<a href="javascript:go()">'),
        ("text that isn't escaped", "{{ words|safe }}"),
        ("an address of another site", '<script src="https://cdn.example/x.js"></script>'),
    ],
)
def test_the_rule_would_notice(complaint, html) -> None:
    assert FORBIDDEN[complaint].search(html)


# Markup is put together in code only here, from numbers, fixed parts and escaped words.
DRAWING = (
    "web/charts/",
    "web/components/",
    "web/icons.py",
    "web/respond/drawing.py",
    "web/templatetags/partnerloop.py",
)


def test_only_the_parts_that_draw_declare_their_own_markup_safe() -> None:
    used = {
        short(path).removeprefix("src/partnerloop/")
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\b(?:mark_safe|SafeString|SafeData)\b", path.read_text())
    }
    assert {name for name in used if not name.startswith(DRAWING)} == set()
