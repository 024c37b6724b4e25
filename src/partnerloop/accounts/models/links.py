"""What is mailed to let somebody in: sign-in links of users, invitations to a program."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from partnerloop.accounts.models.people import Membership, Role, User
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class SignInLink(models.Model):
    """A one-time capability to sign in as one user; stored hashed, burned by use."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link for user {self.user_id}"


class MemberInvitation(ProgramOwned):
    """An invitation to become a member, by mail: for one address, one role, once, for a week."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role)
    # Sent again it gets a new token, and the mail before opens nothing.
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["MemberInvitation"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "program",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="member_invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="member_invitation_accepted_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation to program {self.program_id} ({self.get_role_display()})"

    def is_open(self, at: datetime) -> bool:
        """Return whether it can be accepted now."""
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at
