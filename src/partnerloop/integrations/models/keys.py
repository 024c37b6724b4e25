"""Keys of the API, stored hashed, and the answers of requests that may be sent twice."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from partnerloop.accounts.models import Membership
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class KeyScope(models.TextChoices):
    """What a key may be used for."""

    PROGRAM = "program:read", "Read the program"
    PARTNERS = "partners:read", "Read partners and their released figures"
    CONTACTS = "contacts:read", "Read contacts"
    FEEDBACK = "feedback:read", "Read feedback"
    ANSWERS = "feedback:answer", "Answer feedback"
    ALERTS = "alerts:read", "Read alerts"
    ASKED = "asks:read", "Read who was asked, and why"
    ASKS = "asks:write", "Ask a person, within the contact budget"
    ANSWER_BY_NAME = "answers:write", "Store answers that people gave by name"
    IMPORTS = "imports:write", "Import files, and undo imports"
    EVENTS = "events:write", "Report events"
    SIGNALS = "signals:write", "Report signals"


class ApiKey(ProgramOwned):
    """A key of one program. It sees what the member who made it may see, and nothing more."""

    name = models.CharField(max_length=80)
    # Public: tells keys apart on the page, and finds the row without comparing secrets.
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # The rate limit: how many calls came in the minute that began then.
    minute = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField(default=0)

    objects = ScopedQuerySet["ApiKey"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "-created_at"], name="api_key_by_age")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_key_expires_later"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="api_key_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def works(self, at: datetime) -> bool:
        """Return whether the key opens anything at a moment."""
        return self.revoked_at is None and at < self.expires_at

    @property
    def scope_labels(self) -> list[str]:
        """Return what the key may be used for, in words."""
        return [str(KeyScope(scope).label) for scope in self.scopes]


class IdempotencyRecord(ProgramOwned):
    """What a POST with an Idempotency-Key was answered, kept a day so that a repeat hears it."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    route = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet["IdempotencyRecord"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["api_key", "key"], name="idempotency_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.status}"
