"""What is noticed: changes of a metric beyond chance, and signals that crossed a set limit."""

import re
from decimal import Decimal
from hashlib import blake2b
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.text import slugify

from partnerloop.accounts.models import Membership
from partnerloop.core import ids
from partnerloop.partners.models import Partner
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet

LONGEST_NAME = 26  # with what stands around it, the name of an event has at most 40 letters


class SignalLimitQuerySet(ScopedQuerySet["SignalLimit"]):
    """The words in which limits are looked for."""

    def current(self) -> Self:
        """Keep those that nobody stopped."""
        return self.filter(stopped_at__isnull=True)


class SignalLimit(ProgramOwned):
    """What a kind of signal must not cross, counted over some days, and what follows if it does."""

    class Count(models.TextChoices):
        SUM = "sum", "Sum"
        MEAN = "mean", "Mean"
        LAST = "last", "Last value"

    class Side(models.TextChoices):
        BELOW = "below", "Below"
        ABOVE = "above", "Above"

    class Then(models.TextChoices):
        ALERT = "alert", "An alert"
        PULSE = "pulse", "A pulse"

    kind = models.CharField(max_length=60)
    count = models.CharField(max_length=4, choices=Count)
    days = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=5, choices=Side)
    number = models.DecimalField(max_digits=18, decimal_places=3)
    then = models.CharField(max_length=5, choices=Then)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = SignalLimitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "kind", "side", "then"],
                condition=Q(stopped_at__isnull=True),
                name="signal_limit_once",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=366), name="signal_limit_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.side} {self.number}"

    @property
    def event(self) -> str:
        """Return the name of the event that a crossing is, for pulses that ask after it."""
        name = re.sub(r"[^a-z0-9]+", "_", slugify(self.kind))
        if len(name) > LONGEST_NAME or not name:
            mark = blake2b(self.kind.encode(), digest_size=3).hexdigest()
            name = f"{name[: LONGEST_NAME - 7]}_{mark}"
        return f"signal_{name}_{self.side}"

    def is_crossed_by(self, value: Decimal) -> bool:
        """Return whether a value lies on the wrong side; the number itself is still right."""
        return value < self.number if self.side == self.Side.BELOW else value > self.number


class Crossing(ProgramOwned):
    """A partner's signal crossed a limit on a day; `back_on` is the day it was right again."""

    limit = models.ForeignKey(SignalLimit, on_delete=models.CASCADE, related_name="crossings")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    value = models.DecimalField(max_digits=18, decimal_places=3)
    crossed_on = models.DateField()
    back_on = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet["Crossing"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["limit", "partner"],
                condition=Q(back_on__isnull=True),
                name="crossing_open_once",
            ),
            models.UniqueConstraint(
                fields=["limit", "partner", "crossed_on"], name="crossing_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} on {self.crossed_on}"


class Alert(ProgramOwned):
    """A change beyond chance, open until the figures no longer bear it out; or a signal's crossing.

    A crossing is a count or a measured value, so it has no range; its `measure` is the signal.
    """

    class Kind(models.TextChoices):
        DROP = "drop", "Fell"
        RISE = "rise", "Rose"
        GROWTH = "growth", "Open to growth"
        SIGNAL = "signal", "Signal crossed a limit"

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=60)
    kind = models.CharField(max_length=6, choices=Kind)
    crossing = models.OneToOneField(
        Crossing, null=True, blank=True, on_delete=models.CASCADE, related_name="alert"
    )
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    before_on = models.DateField()
    # Weight for ordering Today: how far beyond chance, in standard deviations.
    strength = models.FloatField()

    objects = ScopedQuerySet["Alert"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "-opened_on"], name="alert_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "measure", "kind"],
                condition=Q(closed_on__isnull=True, crossing__isnull=True),
                name="alert_open_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="signal", crossing__isnull=False)
                | (~Q(kind="signal") & Q(crossing__isnull=True)),
                name="alert_of_signal_has_crossing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.measure}"
