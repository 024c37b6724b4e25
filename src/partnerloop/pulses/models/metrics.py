"""What a program measures: the composite, its dimensions, and the program's own metrics."""

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet

COMPOSITE = "partnerscore"


class MetricQuerySet(ScopedQuerySet["Metric"]):
    """Words for asking about what a program measures."""

    def in_use(self) -> Self:
        """Keep what is not retired, the composite included."""
        return self.filter(retired_at__isnull=True)

    def measured(self) -> Self:
        """Keep what the model scores: the dimensions, and the program's own metrics in use."""
        return self.in_use().exclude(kind=Metric.Kind.COMPOSITE)


class Metric(ProgramOwned):
    """The composite, one of its dimensions, or a program's own metric."""

    class Kind(models.TextChoices):
        COMPOSITE = "composite"
        DIMENSION = "dimension"
        OWN = "own"

    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    definition = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=Kind)
    position = models.PositiveSmallIntegerField()
    # Its share of the composite beside the 1 of each dimension; 0: it stands beside it.
    weight = models.DecimalField(
        max_digits=6, decimal_places=4, default=1, validators=[MinValueValidator(0)]
    )
    # Of an own metric: the language of these words, what a low and a high figure mean, the same in
    # other languages ({"de": {"name": ..., "definition": ..., "low": ..., "high": ...}}), and since
    # when nobody is asked about it. Its key and its answers stay for good.
    language = models.CharField(max_length=12, default="en")
    low = models.CharField(max_length=160, blank=True)
    high = models.CharField(max_length=160, blank=True)
    words = models.JSONField(default=dict, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    # Since when people have been asked about an own metric, the last time: a share of asks is
    # reckoned from there.
    since = models.DateTimeField(null=True, blank=True)

    objects = MetricQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["program", "key"], name="metric_key_once"),
            models.UniqueConstraint(fields=["program", "position"], name="metric_position_once"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="metric_weight_not_negative"),
            models.CheckConstraint(
                condition=Q(kind="own") | Q(retired_at__isnull=True),
                name="metric_only_own_is_retired",
            ),
        ]

    def __str__(self) -> str:
        return self.name
