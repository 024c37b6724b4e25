"""Signing in by a mailed link: used by a press, never by a look."""

from datetime import timedelta

import pytest

from partnerloop.accounts.models import Membership, Role, SignInLink
from partnerloop.accounts.signing_in import make_link
from partnerloop.core.models import Message
from tests.web.conftest import NOW
from tests.world import LONG_AGO, make_world


@pytest.fixture
def link(pages) -> str:
    return f"/s/{make_link(pages.world.priya.user, at=NOW)}"


def test_a_look_burns_nothing_and_a_press_lets_in(pages, client, link) -> None:
    for _ in range(3):
        assert "One press and you are in" in client.get(link).text
    assert client.post(link).url == "/"
    assert client.get("/").url == pages.url()


def test_a_link_works_once(client, link) -> None:
    client.post(link)
    client.post("/sign-out/")
    answer = client.post(link)
    assert answer.status_code == 410
    assert "This link no longer works" in answer.text
    assert client.get(link).status_code == 410


def test_an_old_link_is_refused(pages, client) -> None:
    token = make_link(pages.world.priya.user, at=NOW - timedelta(hours=1))
    assert client.post(f"/s/{token}").status_code == 410


def test_a_person_who_was_barred_stays_out(pages, client, link) -> None:
    user = pages.world.priya.user
    user.is_active = False
    user.save()
    assert client.post(link).status_code == 410


def test_members_are_mailed_a_link_and_strangers_get_the_same_page(pages, client) -> None:
    pages_shown = [
        client.post("/sign-in/", {"email": email}, follow=True)
        for email in ("Priya@Northwind.example", "nobody@else.example")
    ]
    assert all("a link is on its way" in page.text for page in pages_shown)
    letter = Message.objects.get()
    assert (letter.purpose, letter.to) == ("sign_in", "priya@northwind.example")
    assert letter.program_id == pages.world.program.pk


def test_nobody_is_flooded_with_links(pages, client) -> None:
    for _ in range(5):
        client.post("/sign-in/", {"email": "priya@northwind.example"})
    assert Message.objects.count() == SignInLink.objects.count() == 3


def test_what_is_no_address_is_said_so(pages, client) -> None:
    answer = client.post("/sign-in/", {"email": "priya"})
    assert answer.status_code == 400
    assert "not a whole e-mail address" in answer.text


@pytest.mark.parametrize(
    ("onward", "goes"),
    [
        ("/p/northwind/inbox/", "/p/northwind/inbox/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_signing_in_it_goes_on_to_a_page_of_ours_only(client, link, onward, goes) -> None:
    assert client.post(f"{link}?next={onward}").url == goes


def test_a_member_of_several_programs_chooses(pages, client, link) -> None:
    other = make_world("contoso")
    Membership.objects.create(
        program=other.program, user=pages.world.priya.user, role=Role.CHIEF, since=LONG_AGO.date()
    )
    page = client.post(link, follow=True).text
    assert "/p/northwind/" in page
    assert "/p/contoso/" in page


def test_a_member_of_none_is_told_whom_to_ask(pages, client, link) -> None:
    pages.world.priya.ended_on = NOW.date()
    pages.world.priya.save()
    assert "You belong to no program yet" in client.post(link, follow=True).text


def test_an_ended_membership_opens_nothing(pages, chief) -> None:
    pages.world.priya.ended_on = NOW.date()
    pages.world.priya.save()
    assert chief.get(pages.url()).status_code == 404


def test_signing_out_takes_a_press(chief, pages) -> None:
    assert chief.get("/sign-out/").status_code == 405
    chief.post("/sign-out/")
    assert chief.get(pages.url()).status_code == 302


def test_a_fragment_asked_for_without_a_session_sends_the_whole_page_to_sign_in(pages, client):
    answer = client.get(pages.url(), headers={"HX-Request": "true", "HX-Target": "today"})
    assert answer.headers["HX-Redirect"] == "/sign-in/"
