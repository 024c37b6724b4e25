"""Asks that wait for their day, or for the contact budget."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from partnerloop.partners.models import Contact, LifecycleEvent, Partner
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
