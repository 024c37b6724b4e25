"""Users, their memberships, and all that lets them in."""

from partnerloop.accounts.models.links import MemberInvitation, SignInLink
from partnerloop.accounts.models.people import Membership, Role, User, UserManager
from partnerloop.accounts.models.sessions import SignInFailure, UserSession

__all__ = [
    "MemberInvitation",
    "Membership",
    "Role",
    "SignInFailure",
    "SignInLink",
    "User",
    "UserManager",
    "UserSession",
]
