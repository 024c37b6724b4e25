"""Where people are signed in, and attempts that failed."""

import uuid

from django.db import models

from partnerloop.accounts.models.people import User


class UserSession(models.Model):
    """A browser in which a user is signed in, as its page lists it; ended with its session."""

    class Door(models.TextChoices):
        LINK = "link", "mailed link"
        PASSWORD = "password", "password"
        PASSKEY = "passkey", "passkey"
        SIGN_ON = "sign_on", "single sign-on"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    door = models.CharField(max_length=8, choices=Door)
    browser = models.CharField(max_length=60)
    began_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"session of user {self.user_id}"


class SignInFailure(models.Model):
    """One failed attempt, by hash of what it is counted for; forgotten after an hour."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="sign_in_failure_counted")]

    def __str__(self) -> str:
        return "failed attempt"
