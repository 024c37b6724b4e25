"""Single sign-on of a program: who vouches for its members, and whom it vouched for."""

from django.db import models

from partnerloop.accounts.models.people import Membership, User
from partnerloop.programs.models import Program
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class SignOn(ProgramOwned):
    """The OpenID Connect provider of one program. It vouches for that program and no other."""

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="sign_on")
    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=300)
    secret_sealed = models.TextField()
    # When somebody last came in this way; before that nobody can be made to.
    worked_at = models.DateTimeField(null=True)
    # From then on members come in by this way only, but for one owner who may break the glass.
    enforced_at = models.DateTimeField(null=True)
    break_glass = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ScopedQuerySet["SignOn"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(enforced_at__isnull=True) | models.Q(worked_at__isnull=False),
                name="sign_on_enforced_once_it_worked",
            )
        ]

    def __str__(self) -> str:
        return f"single sign-on of program {self.program_id}"


class SignOnIdentity(ProgramOwned):
    """Whom the provider means by a subject; from the first time on the address does not matter."""

    subject_hash = models.CharField(max_length=64)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    objects = ScopedQuerySet["SignOnIdentity"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "subject_hash"], name="sign_on_subject_once"
            ),
            models.UniqueConstraint(fields=["program", "user"], name="sign_on_user_once"),
        ]

    def __str__(self) -> str:
        return f"identity of user {self.user_id}"
