"""Deals, monthly revenue and costs: integer minor units and a currency; rates are imported."""

from django.db import models
from django.db.models import Q

from partnerloop.partners.models.partner import Partner
from partnerloop.partners.models.people import Customer
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class Deal(ProgramOwned):
    """A piece of business that a partner brought (sourced) or helped with (influenced)."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="deals")
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.SET_NULL, related_name="deals"
    )
    name = models.CharField(max_length=200)
    stage = models.CharField(
        max_length=12,
        choices=[
            ("registered", "Registered"),
            ("qualified", "Qualified"),
            ("proposed", "Proposed"),
            ("won", "Won"),
            ("lost", "Lost"),
        ],
    )
    share = models.CharField(
        max_length=10, choices=[("sourced", "Sourced"), ("influenced", "Influenced")]
    )
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    registration_decided_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet["Deal"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__isnull=True) | ~Q(currency=""),
                name="deal_amount_has_currency",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Revenue(ProgramOwned):
    """What a partner sold in one month (its first day), in one currency."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="revenue")
    month = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    objects = ScopedQuerySet["Revenue"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "month", "currency"], name="revenue_once_a_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="revenue_month_is_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.amount_minor} {self.currency}"


class CostKind(models.TextChoices):
    """What a vendor spends on a partner."""

    MDF = "mdf", "MDF"
    INCENTIVE = "incentive", "Incentives"
    DISCOUNT = "discount", "Discounts"
    ENABLEMENT = "enablement", "Enablement"
    PEOPLE = "people", "People's time"


class Cost(ProgramOwned):
    """What a partner cost in one month (its first day), by kind, in one currency."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="costs")
    month = models.DateField()
    kind = models.CharField(max_length=12, choices=CostKind)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    objects = ScopedQuerySet["Cost"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "month", "kind", "currency"], name="cost_once_a_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="cost_month_is_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.kind} {self.amount_minor} {self.currency}"


class ExchangeRate(ProgramOwned):
    """One unit of `base` was worth `value` units of `quote` on a day. No rate means "unknown"."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=8)

    objects = ScopedQuerySet["ExchangeRate"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "base", "quote", "on"], name="exchange_rate_once_a_day"
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.on}"

    @property
    def plain_value(self) -> str:
        """Return the value without the noughts that it is stored with."""
        return format(self.value.normalize(), "f")
