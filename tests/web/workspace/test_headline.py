"""The first line of the first screen counts changes, and apart from them what is open to growth."""

from dataclasses import replace
from datetime import timedelta

import pytest

from partnerloop.core.words import Figure
from partnerloop.web.components import Change, Reading
from partnerloop.web.workspace.changes import headline
from tests.world import MONDAY

NOW = Reading("Now", Figure(mean=6.0, low=5.5, high=6.5))
MOVED = Change("Birk", url="#", metric="PartnerScore", move=None, before=None, after=NOW)
OPEN = replace(MOVED, headline="Cedar", growth="Open to growth")


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ([], "A quiet week: nothing changed beyond chance"),
        ([MOVED], "One thing changed beyond chance"),
        ([MOVED] * 4, "Four things changed beyond chance"),
        ([MOVED] * 4 + [OPEN], "Four things changed beyond chance, one place is open to growth"),
        ([OPEN], "A quiet week: nothing changed beyond chance, one place is open to growth"),
        ([MOVED, OPEN, OPEN], "One thing changed beyond chance, two places are open to growth"),
    ],
)
def test_it_counts_changes_and_places_open_to_growth_apart(found, says) -> None:
    assert headline(found) == says


def test_before_anybody_was_asked_no_week_is_called_quiet(pages, chief) -> None:
    page = chief.get(pages.url())
    assert "Nobody has been asked yet" in page.text
    assert "A quiet week" not in page.text
    assert pages.url("start/") in page.text


def test_it_is_told_anew_with_the_list_that_it_counts(pages, chief) -> None:
    pages.world.pulse(launched_at=MONDAY, closes_at=MONDAY + timedelta(days=20), modes=["named"])
    part = chief.get(pages.url(), headers={"HX-Request": "true", "HX-Target": "today"})
    assert '<h1 id="headline" hx-swap-oob="true">A quiet week' in part.text
    assert 'hx-swap-oob="true"' not in chief.get(pages.url()).text


def test_a_standing_pulse_is_listed_as_asked(pages, chief) -> None:
    began = MONDAY - timedelta(days=300)
    pages.world.pulse("Standing pulse", launched_at=began, closes_at=None, modes=["named"])
    pages.world.pulse("Over", launched_at=began, closes_at=began + timedelta(days=9))
    asked = chief.get(pages.url()).context["steps"][0]
    assert [loop.title for loop in asked.loops] == ["Standing pulse"]
    assert "no end set" in chief.get(pages.url("pulses/")).text
