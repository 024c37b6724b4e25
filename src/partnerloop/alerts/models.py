"""Alert: a change of a partner's metric beyond chance, with what it was and what it became."""

from django.db import models

from partnerloop.core import ids
from partnerloop.partners.models import Partner
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class Alert(ProgramOwned):
    """A change beyond chance. It is open until the figures no longer bear it out."""

    class Kind(models.TextChoices):
        DROP = "drop", "Fell"
        RISE = "rise", "Rose"
        GROWTH = "growth", "Open to growth"

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=60)
    kind = models.CharField(max_length=6, choices=Kind)
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
                condition=models.Q(closed_on__isnull=True),
                name="alert_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.measure}"
