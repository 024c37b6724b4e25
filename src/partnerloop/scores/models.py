"""The model's state and estimates, for scores, release, planning, insights and alerts only."""

from django.db import models
from django.db.models import Q

from partnerloop.partners.models import Partner
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class PartnerScore(ProgramOwned):
    """A partner's model state and estimates: a function of ledger and named answers alone."""

    partner = models.OneToOneField(
        Partner, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    fit_version = models.PositiveIntegerField()
    state = models.BinaryField()
    as_of = models.DateField()
    # {measure: [mean, sd, low, high]}, points 0-10, 90 %; the composite under "partnerscore"
    estimates = models.JSONField()
    # Who spoke and when, by measure, for bands and age limits; see scores.basis
    basis = models.JSONField(default=dict)
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
    """What the estimates of a partner were in one week: trends show what was known then."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    week = models.DateField()
    estimates = models.JSONField()

    objects = ScopedQuerySet["Snapshot"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "week"], name="snapshot_by_week")]
        constraints = [
            models.UniqueConstraint(fields=["partner", "week"], name="snapshot_once_a_week")
        ]

    def __str__(self) -> str:
        return f"week of {self.week}"


class Fit(ProgramOwned):
    """What a refit learned from the whole program: one row per version, the newest counts."""

    version = models.PositiveIntegerField()
    fitted_on = models.DateField()
    segments = models.JSONField()
    # What was measured: [key, weight in the composite], in the order of the model's arrays. A state
    # is read with the layout of its own version, whatever the program measures by now.
    metrics = models.JSONField()
    parameters = models.TextField()

    objects = ScopedQuerySet["Fit"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "version"], name="fit_once")]

    def __str__(self) -> str:
        return f"fit {self.version} of {self.fitted_on}"
