"""Inviting people into a program: asked by a member, accepted once by whoever reads the mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import MemberInvitation, Membership, Role, User
from partnerloop.core import ids
from partnerloop.core.models import record_audit
from partnerloop.programs.models import Program

LIFETIME = timedelta(days=7)
LONGEST_NAME = 120


class CannotBeInvited(ValueError):
    """Why this person cannot be invited, in a sentence for the one who asked."""


class MayNotInvite(PermissionError):
    """Who asks may not give this role."""


class InvitationNotOpen(Exception):
    """The invitation was accepted, revoked, has run out, or never existed."""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with the token of its link, which is kept nowhere: mail it now."""

    invitation: MemberInvitation
    token: str


@transaction.atomic
def invite(program: Program, *, email: str, role: str, by: Membership, at: datetime) -> Invited:
    """This will open an invitation for an address, or renew the one that is open.

    `integrations.email.inviting.mail_invitation` puts it into the mail.
    """
    address = email.strip().lower()
    _demand_right(program, role=role, by=by)
    try:
        validate_email(address)
    except ValidationError:
        raise CannotBeInvited("This is not a whole e-mail address.") from None
    places = Membership.objects.of(program).filter(ended_on__isnull=True)
    if places.filter(user__email__iexact=address).exists():
        raise CannotBeInvited("This person is a member already.")
    try:
        return _opened(program, address=address, role=role, by=by, at=at)
    except IntegrityError:
        raise CannotBeInvited("This person was invited at the same moment.") from None


@transaction.atomic
def resend_invitation(invitation: MemberInvitation, *, by: Membership, at: datetime) -> Invited:
    """This will renew an invitation for another week; the mail before opens nothing."""
    _demand_right(invitation.program, role=invitation.role, by=by)
    token = ids.new_token()
    found = _unanswered(invitation).update(
        token_hash=ids.token_hash(token), expires_at=at + LIFETIME, invited_by=by
    )
    if not found:
        raise InvitationNotOpen
    _note("member.invitation_sent_again", invitation, by=by, at=at)
    invitation.refresh_from_db()
    return Invited(invitation, token)


@transaction.atomic
def renew_for_operator(email: str, *, at: datetime) -> str | None:
    """This will renew the latest open invitation of an address and return its token, or None.

    For whoever runs the server, where no mail server carries the link.
    """
    rows = MemberInvitation.objects.across_programs().filter(email__iexact=email.strip())
    latest = rows.filter(accepted_at__isnull=True, revoked_at__isnull=True).order_by("-created_at")
    found, token = latest.first(), ids.new_token()
    if found is None or not _unanswered(found).update(
        token_hash=ids.token_hash(token), expires_at=at + LIFETIME
    ):
        return None
    record_audit(
        "member.invitation_sent_again",
        at=at,
        actor="system",
        target=f"invitation:{found.pk}",
        program_id=found.program_id,
        fields=("role",),
    )
    return token


@transaction.atomic
def revoke_invitation(invitation: MemberInvitation, *, by: Membership, at: datetime) -> None:
    """This will take an invitation back; its link opens nothing from now on."""
    _demand_right(invitation.program, role=invitation.role, by=by)
    if not _unanswered(invitation).update(revoked_at=at):
        raise InvitationNotOpen
    _note("member.invitation_revoked", invitation, by=by, at=at)


def unanswered(program: Program) -> QuerySet[MemberInvitation]:
    """Return the invitations that nobody accepted or took back, run out or not, newest first."""
    rows = MemberInvitation.objects.of(program).select_related("invited_by__user")
    return rows.filter(accepted_at__isnull=True, revoked_at__isnull=True).order_by("-created_at")


def find_open(token: str, *, at: datetime) -> MemberInvitation:
    """Return the invitation of a link, or raise `InvitationNotOpen`; looking changes nothing."""
    rows = MemberInvitation.objects.across_programs().select_related("program", "invited_by__user")
    found = rows.filter(token_hash=ids.token_hash(token)).first()
    if found is None or not found.is_open(at):
        raise InvitationNotOpen
    return found


@transaction.atomic
def accept(token: str, *, name: str, at: datetime) -> Membership:
    """This will make a member of whoever holds the mailed link; of two at once, one is in.

    A person known here keeps the name they gave themselves.
    """
    invitation = find_open(token, at=at)
    user = User.objects.filter(email__iexact=invitation.email).first()
    if user is not None and not user.is_active:
        raise InvitationNotOpen
    if not _unanswered(invitation).update(accepted_at=at):
        raise InvitationNotOpen
    if user is None:
        called = name.strip()[:LONGEST_NAME] or invitation.email.partition("@")[0]
        user = User.objects.create_user(invitation.email, name=called, at=at)
    member, _new = Membership.objects.of(invitation.program).get_or_create(
        program=invitation.program,
        user=user,
        ended_on=None,
        defaults={"role": invitation.role, "since": at.date()},
    )
    MemberInvitation.objects.of(invitation.program).filter(pk=invitation.pk).update(
        accepted_by=member
    )
    _note("member.joined", invitation, by=member, at=at)
    return member


def _opened(program: Program, *, address: str, role: str, by: Membership, at: datetime) -> Invited:
    token = ids.new_token()
    given = {
        "role": role,
        "token_hash": ids.token_hash(token),
        "invited_by": by,
        "created_at": at,
        "expires_at": at + LIFETIME,
    }
    waiting = unanswered(program).filter(email__iexact=address).first()
    if waiting is None:
        waiting = MemberInvitation.objects.create(program=program, email=address, **given)
    else:
        _demand_right(program, role=waiting.role, by=by)
        _unanswered(waiting).update(**given)
        waiting.refresh_from_db()
    _note("member.invited", waiting, by=by, at=at)
    return Invited(waiting, token)


def may_give(role: str, *, by: Membership) -> bool:
    """Return whether a member may give this role: owners every one, chiefs all but owner."""
    if by.role == Role.OWNER:
        return role in Role.values
    return by.role == Role.CHIEF and role in Role.values and role != Role.OWNER


def _demand_right(program: Program, *, role: str, by: Membership) -> None:
    if by.program_id != program.pk or by.ended_on is not None or not may_give(role, by=by):
        raise MayNotInvite("Owners invite everybody, channel chiefs everybody but owners.")


def _unanswered(invitation: MemberInvitation) -> QuerySet[MemberInvitation]:
    rows = MemberInvitation.objects.of(invitation.program_id)
    return rows.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True)


def _note(action: str, invitation: MemberInvitation, *, by: Membership, at: datetime) -> None:
    record_by(by, action, target=f"invitation:{invitation.pk}", at=at, fields=("role",))
