"""Feedback items: one thing said that needs an answer, in exactly one state."""

from django.db import models
from django.db.models import Q

from partnerloop.accounts.models import Membership
from partnerloop.core import ids
from partnerloop.partners.models import Department, Partner
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.release.models import ReleasedComment


class State(models.TextChoices):
    """The seven states of a feedback item."""

    RECEIVED = "received", "Received"
    ROUTED = "routed", "Routed"
    ANSWERED = "answered", "Answered"
    PLANNED = "planned", "Planned"
    DONE = "done", "Done"
    DECLINED = "declined", "Declined"
    MERGED = "merged", "Merged"


OPEN_STATES = (State.RECEIVED, State.ROUTED)


class FeedbackItem(ProgramOwned):
    """One thing said that needs an answer. Nothing disappears: each is in exactly one state."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    comment = models.OneToOneField(
        ReleasedComment, on_delete=models.PROTECT, related_name="feedback_item"
    )
    partner = models.ForeignKey(Partner, null=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    department = models.ForeignKey(
        Department, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )

    objects = ScopedQuerySet["FeedbackItem"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["program", "state", "due_at"], name="feedback_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="feedback_merged_into_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} feedback item"


class FollowUp(ProgramOwned):
    """An answer to a feedback item that the respondent can see."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    feedback_item = models.ForeignKey(
        FeedbackItem, on_delete=models.CASCADE, related_name="follow_ups"
    )
    by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()

    objects = ScopedQuerySet["FollowUp"].as_manager()

    class Meta:
        ordering = ("at",)
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="follow_up_has_text")]

    def __str__(self) -> str:
        return self.text[:40]


class WriterReply(ProgramOwned):
    """What the writer of an item wrote back, scrubbed and dated by week where they are unnamed.

    Those of unnamed people are shown once a day together, so that no moment tells who wrote.
    """

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    feedback_item = models.ForeignKey(
        FeedbackItem, on_delete=models.CASCADE, related_name="replies"
    )
    text = models.TextField(max_length=2000)
    week = models.DateField()
    shown_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["WriterReply"].as_manager()

    class Meta:
        ordering = ("shown_at", "id")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="writer_reply_has_text")]

    def __str__(self) -> str:
        return self.text[:40]


class Transition(ProgramOwned):
    """A feedback item entered a state: who, when, and why where a reason is due."""

    feedback_item = models.ForeignKey(
        FeedbackItem, on_delete=models.CASCADE, related_name="transitions"
    )
    state = models.CharField(max_length=8, choices=State)
    by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    objects = ScopedQuerySet["Transition"].as_manager()

    class Meta:
        ordering = ("at",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="declined_with_a_reason"
            )
        ]

    def __str__(self) -> str:
        return self.state
