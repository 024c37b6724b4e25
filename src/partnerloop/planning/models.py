"""Asks that wait for their day or the contact budget; how well each topic is answered."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from partnerloop.accounts.models import Membership
from partnerloop.partners.models import Contact, Department, LifecycleEvent, Partner, Topic
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.pulses.models import Invitation, Pulse


class WaitingAskQuerySet(ScopedQuerySet["WaitingAsk"]):
    """Words for asking about asks that wait."""

    def due(self, on: date) -> Self:
        """Keep what still waits and whose day has come, the oldest first."""
        found = self.filter(state=WaitingAsk.State.WAITING, due_on__lte=on)
        return found.order_by("due_on", "pk")


class WaitingAsk(ProgramOwned):
    """One ask that an event calls for. It ends as an invitation, or closed with its reason."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        ASKED = "asked", "Asked"
        OVERTAKEN = "overtaken", "Overtaken"
        DROPPED = "dropped", "Not possible"

    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="waiting")
    event = models.ForeignKey(LifecycleEvent, on_delete=models.CASCADE, related_name="asks")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="waiting_asks")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="waiting_asks")
    propensity = models.FloatField(validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])
    due_on = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    # What held it up last, in a key of planning.reasons.
    reason = models.CharField(max_length=40, blank=True)
    # The ask it became; another pulse's where it was merged into that.
    invitation = models.ForeignKey(
        Invitation, null=True, on_delete=models.SET_NULL, related_name="waited"
    )
    closed_on = models.DateField(null=True)

    objects = WaitingAskQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "state", "due_on"], name="waiting_ask_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["pulse", "event", "contact"], name="waiting_ask_once_an_event"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", closed_on__isnull=True)
                | (~Q(state="waiting") & Q(closed_on__isnull=False)),
                name="waiting_ask_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(propensity__gt=0, propensity__lte=1),
                name="waiting_ask_propensity_is_a_chance",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} ask of contact {self.contact_id}"


class TopicAnswering(ProgramOwned):
    """How well one topic is answered: written by the loop each day, read by what asks.

    A topic is what a question measures. Only items that were due count, of the last ninety days.
    """

    topic = models.CharField(max_length=60)
    due = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    told_at = models.DateTimeField(null=True)  # when somebody was last answered on it
    due_at = models.DateTimeField(null=True)  # when the newest of what was due had been due
    waiting = models.PositiveIntegerField()
    department = models.ForeignKey(
        Department, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    counted_on = models.DateField()
    # Asked about all the same, until a day, with a reason.
    asked_until = models.DateField(null=True)
    asked_because = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedQuerySet["TopicAnswering"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "topic"], name="topic_answering_once"),
            models.CheckConstraint(
                condition=Q(answered__lte=F("due")), name="topic_answering_of_what_was_due"
            ),
            models.CheckConstraint(
                condition=Q(asked_until__isnull=True) | ~Q(asked_because=""),
                name="topic_answering_overridden_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.answered} of {self.due}"


class OtherMail(ProgramOwned):
    """A campaign or idea mail to a person: the second counter of the contact budget."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="other_mails")
    topic = models.CharField(max_length=10, choices=Topic)
    at = models.DateTimeField()
    key = models.CharField(max_length=120)  # of what sends it: the same mail counts once

    objects = ScopedQuerySet["OtherMail"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "at"], name="other_mail_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["contact", "key"], name="other_mail_once"),
            models.CheckConstraint(
                condition=~Q(topic="questions"), name="other_mail_asks_no_question"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} mail to contact {self.contact_id}"
