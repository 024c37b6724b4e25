"""Webhooks: addresses that want to be told, and what each was told, with its fate."""

from django.db import models
from django.db.models import Q

from partnerloop.accounts.models import Membership
from partnerloop.core import ids
from partnerloop.core.models import Leased
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class EventType(models.TextChoices):
    """What an endpoint can be told. None of them follows from an unnamed arrival."""

    FEEDBACK_ANSWERED = "feedback.answered", "Feedback was answered"
    ALERT_OPENED = "alert.opened", "A partner changed beyond chance"


class WebhookEndpoint(ProgramOwned):
    """An address that is told of events, until it is paused or answers 410."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    url = models.URLField(max_length=500)
    secret_sealed = models.TextField()
    events = models.JSONField(default=list)
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=200, blank=True)

    objects = ScopedQuerySet["WebhookEndpoint"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(disabled_at__isnull=True, disabled_why="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_why="")),
                name="webhook_disabled_with_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def event_labels(self) -> list[str]:
        """Return what the endpoint is told, in words."""
        return [str(EventType(event).label) for event in self.events]


class WebhookDelivery(Leased, ProgramOwned):
    """One message to one endpoint. Its id is the webhook-id, the same at every try."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    # The event that caused it, so that a replayed reaction tells nobody twice.
    key = models.CharField(max_length=120)
    event_type = models.CharField(max_length=40, choices=EventType)
    body = models.TextField()
    status = models.PositiveSmallIntegerField(null=True)
    delivered_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["WebhookDelivery"].as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at"],
                name="delivery_waiting",
                condition=Q(finished_at__isnull=True),
            ),
            models.Index(fields=["endpoint", "-created_at"], name="delivery_by_age"),
        ]
        constraints = [models.UniqueConstraint(fields=["endpoint", "key"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.event_type} to {self.endpoint_id}"
