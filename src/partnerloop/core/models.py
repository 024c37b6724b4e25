"""Installation-wide tables of the machine room: events, messages, leases, live topics, audit.

Rooms above point at their own rows from here only by value, never by foreign key: `core` knows
nobody. `program_id` is therefore a plain number; rows of a deleted program are swept by their age.
"""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from partnerloop.core import ids


class Leased(models.Model):
    """A row of work that at most one worker holds at a time, until its lease ends."""

    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class Event(Leased):
    """Something that happened and that others react to; `loop/reactions.py` reads it."""

    kind = models.CharField(max_length=60)
    # Idempotency: the same happening is recorded once, however often it is reported.
    key = models.CharField(max_length=120, unique=True)
    program_id = models.PositiveBigIntegerField(null=True)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at"],
                name="event_waiting",
                condition=Q(finished_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Message(Leased):
    """A mail to be sent. Rooms write it; only `integrations` sends it.

    Once really sent, body and address are emptied: a shelf of mails would tell who answered.
    """

    class Purpose(models.TextChoices):
        INVITATION = "invitation"
        REMINDER = "reminder"
        RECEIPT = "receipt"
        REPLY = "reply"
        PORTAL = "portal"
        SIGN_IN = "sign_in"
        NOTICE = "notice"
        TEST = "test"

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    key = models.CharField(max_length=120, unique=True)
    program_id = models.PositiveBigIntegerField(null=True)
    purpose = models.CharField(max_length=12, choices=Purpose)
    # What it is about, e.g. "pulse:12": counts per pulse are read from here.
    subject_ref = models.CharField(max_length=60, blank=True)
    to = models.CharField(max_length=320)
    to_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at"],
                name="message_waiting",
                condition=Q(finished_at__isnull=True),
            ),
            models.Index(fields=["program_id", "subject_ref"], name="message_about"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} message"


class Lease(models.Model):
    """The right to be the only one who does a thing, e.g. the scheduler, until it ends."""

    name = models.CharField(max_length=60, primary_key=True)
    holder = models.CharField(max_length=64)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ScheduledRun(models.Model):
    """When a task of `loop/schedule.py` last ran; a row per task."""

    task = models.CharField(max_length=60, primary_key=True)
    ran_at = models.DateTimeField()
    failure = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.task


class LiveTopic(models.Model):
    """A change counter that live pages watch. It carries a topic, never a figure."""

    program_id = models.PositiveBigIntegerField()
    topic = models.CharField(max_length=40)
    counter = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program_id", "topic"], name="live_topic_once")
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.counter}"


class AuditEntry(models.Model):
    """Who changed which field of what, when, from where. No personal value, no answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    program_id = models.PositiveBigIntegerField(null=True)
    actor = models.CharField(max_length=60)  # "user:7", "system", "contact"
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=80)
    fields = models.JSONField(default=list)
    origin = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["program_id", "-at"], name="audit_by_program")]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


def record_audit(
    action: str,
    *,
    at: datetime,
    actor: str,
    target: str,
    program_id: int | None = None,
    fields: tuple[str, ...] = (),
    origin: str = "",
) -> None:
    """Write one audit row; call it inside the transaction of the change."""
    AuditEntry.objects.create(
        at=at,
        program_id=program_id,
        actor=actor,
        action=action,
        target=target,
        fields=list(fields),
        origin=origin,
    )
