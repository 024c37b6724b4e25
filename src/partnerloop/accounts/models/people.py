"""Users of the installation and their memberships of programs."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class UserManager(BaseUserManager["User"]):
    """Makes users; there is no superuser: rights come from memberships only."""

    def create_user(self, email: str, *, name: str, at: datetime, **fields: Any) -> "User":
        """Create a user without a password; sign-in is by link until one is set."""
        user = self.model(email=email.strip().lower(), name=name, created_at=at, **fields)
        user.set_unusable_password()
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who signs in. Installation-wide; what they may see hangs on memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(
        max_length=5, blank=True, choices=[("", "System"), ("light", "Light"), ("dark", "Dark")]
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may see and do."""

    OWNER = "owner", "Owner"
    CHIEF = "chief", "Channel chief"
    MANAGER = "manager", "Partner manager"
    LEAD = "lead", "Department lead"
    EXECUTIVE = "executive", "Executive"


class Membership(ProgramOwned):
    """A user's place in one program: a Member."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    since = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet["Membership"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "user"],
                condition=Q(ended_on__isnull=True),
                name="membership_one_active",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("since")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def sees_all_partners(self) -> bool:
        """Return whether this member sees every partner, not only the own ones."""
        return self.role in (Role.OWNER, Role.CHIEF, Role.EXECUTIVE)

    @property
    def runs_program(self) -> bool:
        """Return whether this member may send pulses and change settings."""
        return self.role in (Role.OWNER, Role.CHIEF)
