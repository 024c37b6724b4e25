"""The page of an invitation: it says who invites to what, and only its button accepts."""

import re

import pytest

from partnerloop.accounts.inviting import invite, revoke_invitation
from partnerloop.accounts.models import Membership, Role, User
from partnerloop.core.models import Message
from partnerloop.integrations.email.inviting import mail_invitation
from tests.web.conftest import NOW


@pytest.fixture
def invited(pages):
    made = invite(
        pages.world.program,
        email="mara@northwind.example",
        role=Role.MANAGER,
        by=pages.world.priya,
        at=NOW,
    )
    mail_invitation(made, at=NOW)
    return made


@pytest.fixture
def link(invited) -> str:
    letter = Message.objects.get()
    assert letter.to == "mara@northwind.example"
    return re.search(r"/join/\w+", letter.text)[0]


def test_a_new_person_joins_with_a_press_and_is_in(pages, client, link) -> None:
    for _ in range(2):
        page = client.get(link).text
        assert "invites you as Partner manager" in page
    assert Membership.objects.of(pages.world.program).count() == 1
    assert client.post(link, {"name": "Mara Lind"}).url == pages.url()
    assert client.get(pages.url()).status_code == 200
    assert client.post(link, {"name": "Mara Lind"}).status_code == 410


def test_without_a_name_nothing_is_accepted(pages, client, link) -> None:
    answer = client.post(link, {"name": " "})
    assert answer.status_code == 400
    assert "Write your name." in answer.text
    assert not User.objects.filter(email="mara@northwind.example").exists()


def test_a_person_known_here_joins_and_then_signs_in_as_always(pages, client, link) -> None:
    User.objects.create_user("mara@northwind.example", name="Mara", at=NOW)
    answer = client.post(link)
    assert answer.url == "/sign-in/?next=%2Fp%2Fnorthwind%2F"
    assert "_auth_user_id" not in client.session


def test_a_link_taken_back_says_what_to_do(pages, client, invited, link) -> None:
    revoke_invitation(invited.invitation, by=pages.world.priya, at=NOW)
    answer = client.get(link)
    assert answer.status_code == 410
    assert "can send another" in answer.text
    assert client.get("/join/unknown").status_code == 410
