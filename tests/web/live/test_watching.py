"""Live pages: a ticket for the stream, and a state to compare where no stream opens."""

import pytest

from partnerloop.core import live, outbox
from tests.web.conftest import NOW


def test_a_ticket_is_for_this_program_and_reader(pages, chief, settings) -> None:
    told = chief.get(pages.url("live/ticket/"))
    ticket, _ = live.opened(told.json()["ticket"], at=NOW)
    assert ticket.program_id == pages.world.program.pk
    assert ticket.viewer == f"user:{pages.world.priya.user_id}"
    assert told.json()["stream"] == f"{settings.PARTNERLOOP_LIVE_URL}/live"
    assert "no-store" in told.headers["Cache-Control"]


def test_an_unchanged_state_has_no_body(pages, chief, django_assert_max_num_queries) -> None:
    first = chief.get(pages.url("live/state/"))
    with django_assert_max_num_queries(4):
        again = chief.get(
            pages.url("live/state/"), headers={"If-None-Match": first.headers["ETag"]}
        )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("topic", ["scorecard", "today", "inbox"])
def test_a_change_is_told_as_a_topic_without_a_figure(pages, chief, topic) -> None:
    before = chief.get(pages.url("live/state/"))
    outbox.touch(pages.world.program.pk, topic)
    after = chief.get(pages.url("live/state/"), headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert f"{topic}.1" in after.text


def test_a_page_names_where_its_ticket_and_state_are(pages, chief) -> None:
    page = chief.get(pages.url()).text
    assert f'data-live-ticket="{pages.url("live/ticket/")}"' in page
    assert f'data-live-state="{pages.url("live/state/")}"' in page
    assert "live:scorecard from:body" in page


@pytest.mark.parametrize("path", ["", "partners/", "live/state/"])
def test_no_shared_cache_keeps_a_members_page(pages, chief, path) -> None:
    headers = chief.get(pages.url(path)).headers
    assert "private" in headers["Cache-Control"]
    assert "HX-Target" in headers["Vary"]
