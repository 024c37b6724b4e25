"""Members of a program: their roles, and how a membership ends. Nobody locks the program."""

from datetime import datetime

from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership, Role
from partnerloop.partners.models import Cover, Department, PartnerAssignment


class MembershipKept(ValueError):
    """A membership can't change so; the message says why."""


@transaction.atomic
def change_role(member: Membership, role: str, *, by: Membership, at: datetime) -> bool:
    """Give a member another role; return whether that was new."""
    if role not in Role.values:
        raise MembershipKept("There is no such role.")
    if member.role == role:
        return False
    _check(member, by=by)
    if Role.OWNER in (role, member.role) and by.role != Role.OWNER:
        raise MembershipKept("Only an owner makes somebody an owner, or ends that.")
    if role in (Role.LEAD, Role.EXECUTIVE) and _partners(member, at=at):
        raise MembershipKept(f"{member.user.name} looks after partners: hand them over first.")
    if member.role == Role.OWNER:
        _keep_an_owner(member)
    member.role = role
    member.save(update_fields=["role"])
    _note("member.role_changed", member, by=by, at=at, fields=("role",))
    return True


@transaction.atomic
def end_membership(member: Membership, *, by: Membership, at: datetime) -> None:
    """Let nobody in by this membership from now on; keys that act for it end with it."""
    _check(member, by=by)
    if member.role == Role.OWNER:
        if by.role != Role.OWNER:
            raise MembershipKept("Only an owner ends the membership of an owner.")
        _keep_an_owner(member)
    if _partners(member, at=at):
        raise MembershipKept(f"{member.user.name} looks after partners: hand them over first.")
    member.ended_on = max(at.date(), member.since)
    member.save(update_fields=["ended_on"])
    Department.objects.of(member.program_id).filter(lead=member).update(lead=None)
    covers = Cover.objects.of(member.program_id).filter(ended_at__isnull=True)
    covers.filter(away=member).update(ended_at=at)
    covers.filter(cover=member).update(ended_at=at)
    _note("member.ended", member, by=by, at=at, fields=("ended_on",))


def _check(member: Membership, *, by: Membership) -> None:
    if member.program_id != by.program_id or member.ended_on is not None:
        raise MembershipKept("This membership has ended.")


def _partners(member: Membership, *, at: datetime) -> bool:
    current = PartnerAssignment.objects.of(member.program_id).current(at.date())
    return current.filter(member=member).exists()


def _keep_an_owner(member: Membership) -> None:
    """Refuse where nobody would be left who may make owners; two who try at once wait here."""
    owners = Membership.objects.of(member.program_id).select_for_update()
    left = [one for one in owners.filter(role=Role.OWNER, ended_on__isnull=True) if one != member]
    if not left:
        raise MembershipKept("This is the last owner. Make somebody else an owner first.")


def _note(
    action: str, member: Membership, *, by: Membership, at: datetime, fields: tuple[str, ...]
) -> None:
    record_by(by, action, target=f"member:{member.pk}", at=at, fields=fields)
