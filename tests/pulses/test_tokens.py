"""The links in invitations."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from partnerloop.pulses.models import Invitation
from partnerloop.pulses.tokens import (
    InvitationUnknown,
    find_invitation,
    invitation_token,
    is_open,
    stop_url,
)
from tests.world import MONDAY, make_world


@pytest.fixture
def invitation(db: None) -> Invitation:
    world = make_world()
    return world.ask("Ana Keller", pulse=world.pulse(), at=MONDAY, keys=("ease",))


def test_a_token_finds_its_invitation_and_nothing_else(invitation: Invitation) -> None:
    token = invitation_token(invitation.pk)
    assert find_invitation(token) == invitation
    for wrong in ("", token[:-1], token + "A", invitation.token_hash, str(invitation.pk)):
        with pytest.raises(InvitationUnknown):
            find_invitation(wrong)


def test_the_token_is_the_same_each_time_and_is_not_stored(invitation: Invitation) -> None:
    token = invitation_token(invitation.pk)
    assert token == invitation_token(invitation.pk)
    assert len(token) == 32
    stored = Invitation.objects.across_programs().values().get()
    assert token not in str(stored)


def test_a_token_follows_from_the_key_of_links_alone(
    invitation: Invitation, settings: Settings
) -> None:
    token = invitation_token(invitation.pk)
    settings.SECRET_KEY = "another key of this installation, long enough"
    assert invitation_token(invitation.pk) == token
    settings.PARTNERLOOP_LINK_KEY = "another key of this installation, long enough"
    assert invitation_token(invitation.pk) != token
    assert find_invitation(token) == invitation  # links that were sent go on working


def test_an_expired_link_is_found_but_not_open(invitation: Invitation) -> None:
    assert is_open(invitation, at=MONDAY + timedelta(days=27))
    assert not is_open(invitation, at=MONDAY + timedelta(days=28))


def test_one_click_to_stop_hangs_below_the_answer_page() -> None:
    assert stop_url("abc") == "http://localhost:8000/a/abc/stop"
