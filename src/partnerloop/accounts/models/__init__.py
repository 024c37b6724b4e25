"""Users, their memberships, and all that lets them in."""

from partnerloop.accounts.models.links import MemberInvitation, SignInLink
from partnerloop.accounts.models.people import Membership, Role, User, UserManager

__all__ = [
    "MemberInvitation",
    "Membership",
    "Role",
    "SignInLink",
    "User",
    "UserManager",
]
