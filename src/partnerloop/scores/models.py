"""The model's state and estimates, for scores, release, planning, insights and alerts only."""

from django.db import models
from django.db.models import Q

from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class PartnerScore(ProgramOwned):
    """A partner's model state and estimates: a function of ledger and named answers alone."""

    partner = models.OneToOneField(
        Partner, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    state = models.BinaryField()
    as_of = models.DateField()
    # {measure: [mean, sd, low, high, answers, last_day]}, the composite under "partnerscore"
    estimates = models.JSONField()
    composite_mean = models.FloatField()
    composite_low = models.FloatField()
    composite_high = models.FloatField()

    objects = ScopedQuerySet["PartnerScore"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(composite_low__lte=models.F("composite_mean"))
                & Q(composite_mean__lte=models.F("composite_high")),
                name="score_mean_inside_range",
            )
        ]

    def __str__(self) -> str:
        return f"score of partner {self.partner_id}"


class Snapshot(ProgramOwned):
    """What the estimates of a partner, or of the whole program, were in one week: for trends."""

    partner = models.ForeignKey(Partner, null=True, on_delete=models.CASCADE, related_name="+")
    week = models.DateField()
    estimates = models.JSONField()

    objects = ScopedQuerySet["Snapshot"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "week"], name="snapshot_by_week")]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "week"],
                condition=Q(partner__isnull=False),
                name="snapshot_once_a_week",
            ),
            models.UniqueConstraint(
                fields=["program", "week"],
                condition=Q(partner__isnull=True),
                name="snapshot_program_once_a_week",
            ),
        ]

    def __str__(self) -> str:
        return f"week of {self.week}"


class Fit(models.Model):
    """Hyperparameters, segment means and role offsets of a program's last refit."""

    program = models.OneToOneField(
        Program, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    fitted_on = models.DateField()
    parameters = models.JSONField()

    def __str__(self) -> str:
        return f"fit of {self.fitted_on}"
