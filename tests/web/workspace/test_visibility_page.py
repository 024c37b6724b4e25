"""The page that tells how much a program will see, and the links to it."""

from datetime import timedelta

from django.test import Client

from partnerloop.accounts.models import Role
from tests.web.conftest import NOW


def test_an_empty_program_reads_an_estimate_and_no_figures_of_today(pages, chief: Client) -> None:
    page = chief.get(pages.url("settings/visibility/"))
    assert page.status_code == 200
    assert "Nobody has answered yet" in page.text
    assert "An estimate, until answers came in for half a year." in page.text
    assert "Now, by a batch" not in page.text
    assert "All companies" in page.text


def test_once_somebody_answered_it_tells_what_is_seen_now(pages, chief: Client, say) -> None:
    say("Gita Rao", {"partnerscore": 6}, at=NOW - timedelta(hours=1))
    page = chief.get(pages.url("settings/visibility/"))
    assert "Now, by a batch" in page.text
    assert "points, then ±" in page.text


def test_settings_and_the_choice_of_modes_lead_to_it(pages, chief: Client) -> None:
    link = f'href="{pages.url("settings/visibility/")}"'
    assert link in chief.get(pages.url("settings/")).text
    assert link in chief.get(pages.url("pulses/new/")).text


def test_it_is_for_those_who_run_the_program(pages) -> None:
    manager = pages.as_member(pages.manager("Mo Reed", of="Birk"))
    executive = pages.as_member(pages.member("Ex Ecutive", Role.EXECUTIVE))
    for client in (manager, executive):
        assert client.get(pages.url("settings/visibility/")).status_code == 403
