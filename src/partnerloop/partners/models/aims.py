"""Targets that a program sets itself or a partner, and signals other than answers."""

from django.db import models
from django.db.models import Q

from partnerloop.partners.models.partner import Partner
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class Measure(models.TextChoices):
    """What a target is set for: revenue, or one of the eight metrics."""

    REVENUE = "revenue", "Revenue"
    PARTNERSCORE = "partnerscore", "PartnerScore"
    COMMUNICATION = "communication", "Communication"
    CONFLICT = "conflict", "Conflict (low and well handled)"
    COOPERATION = "cooperation", "Cooperation"
    CREDIBILITY = "credibility", "Credibility"
    MUTUAL_INTEREST = "mutual_interest", "Mutual interest"
    SOCIAL_BONDING = "social_bonding", "Social bonding"
    COMMITMENT = "commitment", "Commitment"


class Target(ProgramOwned):
    """A figure to reach by a day, for one partner, or for the whole program where none is named."""

    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.CASCADE, related_name="targets"
    )
    measure = models.CharField(max_length=16, choices=Measure)
    due_on = models.DateField()
    # 0-10 for a metric; for revenue whole units of the currency
    value = models.DecimalField(max_digits=18, decimal_places=3)
    currency = models.CharField(max_length=3, blank=True)

    objects = ScopedQuerySet["Target"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "partner", "measure", "due_on"],
                name="target_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["program", "measure", "due_on"],
                condition=Q(partner__isnull=True),
                name="target_of_program_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(measure=Measure.REVENUE, value__gte=0)
                | (~Q(measure=Measure.REVENUE) & Q(value__gte=0, value__lte=10)),
                name="target_within_scale",
            ),
            models.CheckConstraint(
                condition=~Q(measure=Measure.REVENUE) | ~Q(currency=""),
                name="target_of_revenue_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.value} by {self.due_on}"


class Signal(ProgramOwned):
    """Something a partner did, or that happened to it, other than an answer: a login, a ticket."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="signals")
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    value = models.DecimalField(max_digits=18, decimal_places=3, default=1)

    objects = ScopedQuerySet["Signal"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "kind", "-at"], name="signal_by_kind")]
        constraints = [
            models.UniqueConstraint(fields=["partner", "kind", "at"], name="signal_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
