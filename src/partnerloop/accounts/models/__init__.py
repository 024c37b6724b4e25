"""Users, their memberships, and all that lets them in."""

from partnerloop.accounts.models.links import MemberInvitation, SignInLink
from partnerloop.accounts.models.people import Membership, Role, User, UserManager
from partnerloop.accounts.models.sessions import SignInFailure, UserSession
from partnerloop.accounts.models.sign_on import SignOn, SignOnIdentity

__all__ = [
    "MemberInvitation",
    "Membership",
    "Role",
    "SignInFailure",
    "SignInLink",
    "SignOn",
    "SignOnIdentity",
    "User",
    "UserManager",
    "UserSession",
]
