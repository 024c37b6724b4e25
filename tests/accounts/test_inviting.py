"""Invitations of members: by mail, for one role, accepted once, sent anew, taken back."""

from datetime import timedelta

import pytest

from partnerloop.accounts.inviting import (
    LIFETIME,
    CannotBeInvited,
    InvitationNotOpen,
    MayNotInvite,
    accept,
    find_open,
    invite,
    resend_invitation,
    revoke_invitation,
    unanswered,
)
from partnerloop.accounts.models import MemberInvitation, Membership, Role, User
from partnerloop.core.models import AuditEntry
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db
ADDRESS = "Mara@Northwind.example"


@pytest.fixture
def world() -> World:
    made = make_world("northwind")
    made.priya.role = Role.OWNER
    made.priya.save()
    return made


def invited(world: World, *, role: str = Role.MANAGER, by: Membership | None = None):
    return invite(world.program, email=ADDRESS, role=role, by=by or world.priya, at=MONDAY)


def test_whoever_holds_the_link_becomes_a_member_once(world) -> None:
    token = invited(world).token
    member = accept(token, name="Mara Lind", at=MONDAY)
    assert (member.role, member.user.email) == ("manager", "mara@northwind.example")
    assert member.user.name == "Mara Lind"
    with pytest.raises(InvitationNotOpen):
        accept(token, name="Mara Lind", at=MONDAY)
    assert Membership.objects.of(world.program).count() == 2


def test_looking_accepts_nothing(world) -> None:
    token = invited(world).token
    for _ in range(3):
        assert find_open(token, at=MONDAY).accepted_at is None
    assert not User.objects.filter(email="mara@northwind.example").exists()


def test_the_token_itself_is_kept_nowhere(world) -> None:
    token = invited(world).token
    kept = MemberInvitation.objects.of(world.program).values().get()
    assert token not in str(kept)


def test_it_ends_after_a_week(world) -> None:
    token = invited(world).token
    assert find_open(token, at=MONDAY + LIFETIME - timedelta(seconds=1))
    with pytest.raises(InvitationNotOpen):
        accept(token, name="Mara", at=MONDAY + LIFETIME)


def test_sent_again_the_mail_before_opens_nothing(world) -> None:
    first = invited(world)
    later = MONDAY + timedelta(days=8)
    second = resend_invitation(first.invitation, by=world.priya, at=later)
    with pytest.raises(InvitationNotOpen):
        find_open(first.token, at=later)
    assert find_open(second.token, at=later).pk == first.invitation.pk


def test_inviting_an_address_again_renews_its_invitation_with_the_new_role(world) -> None:
    invited(world)
    again = invited(world, role=Role.LEAD)
    assert [row.role for row in unanswered(world.program)] == ["lead"]
    assert accept(again.token, name="Mara", at=MONDAY).role == "lead"


def test_taken_back_it_opens_nothing_and_is_gone_from_the_list(world) -> None:
    made = invited(world)
    revoke_invitation(made.invitation, by=world.priya, at=MONDAY)
    with pytest.raises(InvitationNotOpen):
        accept(made.token, name="Mara", at=MONDAY)
    with pytest.raises(InvitationNotOpen):
        resend_invitation(made.invitation, by=world.priya, at=MONDAY)
    assert not unanswered(world.program).exists()


def test_a_member_is_not_invited_again(world) -> None:
    with pytest.raises(CannotBeInvited, match="member already"):
        invite(world.program, email=world.priya.user.email, role="lead", by=world.priya, at=MONDAY)


def test_what_is_no_address_is_refused_plainly(world) -> None:
    with pytest.raises(CannotBeInvited, match="whole e-mail address"):
        invite(world.program, email="mara", role=Role.LEAD, by=world.priya, at=MONDAY)


@pytest.mark.parametrize(
    ("asks", "gives", "allowed"),
    [
        (Role.OWNER, Role.OWNER, True),
        (Role.CHIEF, Role.MANAGER, True),
        (Role.CHIEF, Role.OWNER, False),
        (Role.MANAGER, Role.MANAGER, False),
        (Role.LEAD, Role.EXECUTIVE, False),
        (Role.EXECUTIVE, Role.EXECUTIVE, False),
        (Role.OWNER, "emperor", False),
    ],
)
def test_nobody_gives_a_role_above_their_right(world, asks, gives, allowed) -> None:
    world.priya.role = asks
    world.priya.save()
    if allowed:
        assert invited(world, role=gives).invitation.role == gives
    else:
        with pytest.raises(MayNotInvite):
            invited(world, role=gives)


def test_a_chief_cannot_lower_or_renew_what_an_owner_gave(world) -> None:
    made = invited(world, role=Role.OWNER)
    world.priya.role = Role.CHIEF
    world.priya.save()
    for attempt in (
        lambda: invited(world, role=Role.LEAD),
        lambda: resend_invitation(made.invitation, by=world.priya, at=MONDAY),
        lambda: revoke_invitation(made.invitation, by=world.priya, at=MONDAY),
    ):
        with pytest.raises(MayNotInvite):
            attempt()


def test_a_member_of_another_program_invites_nobody_here(world) -> None:
    stranger = make_world("contoso").priya
    stranger.role = Role.OWNER
    with pytest.raises(MayNotInvite):
        invited(world, by=stranger)


def test_a_person_known_here_keeps_the_name_and_account(world) -> None:
    known = User.objects.create_user(ADDRESS, name="Mara Lind", at=MONDAY)
    member = accept(invited(world).token, name="Somebody else", at=MONDAY)
    assert (member.user_id, member.user.name) == (known.pk, "Mara Lind")


def test_a_barred_person_does_not_come_back_by_invitation(world) -> None:
    User.objects.create_user(ADDRESS, name="Mara", at=MONDAY, is_active=False)
    token = invited(world).token
    with pytest.raises(InvitationNotOpen):
        accept(token, name="Mara", at=MONDAY)


def test_the_audit_log_tells_who_invited_without_the_address(world) -> None:
    accept(invited(world).token, name="Mara", at=MONDAY)
    rows = AuditEntry.objects.filter(program_id=world.program.pk, action__startswith="member.")
    told = list(rows.order_by("action").values("action", "target", "fields", "actor"))
    assert [row["action"] for row in told] == ["member.invited", "member.joined"]
    assert "mara" not in str(told).lower()
