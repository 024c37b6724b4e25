"""Who stands in for whom, and whose partners went to whom in one act."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Expression

from partnerloop.accounts.models import Membership
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class CoverQuerySet(ScopedQuerySet["Cover"]):
    """Who stands in, and when."""

    def current(self, on: date | Expression) -> Self:
        """Keep what holds on a day; both ends count."""
        return self.filter(since__lte=on, until__gte=on, ended_at__isnull=True)

    def not_over(self, on: date) -> Self:
        """Keep what holds on a day or will later."""
        return self.filter(until__gte=on, ended_at__isnull=True)


class Cover(ProgramOwned):
    """During a vacation, one member sees and answers what another looks after."""

    away = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    cover = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()
    until = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = CoverQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["cover", "until"], name="cover_by_cover")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="cover_ends_later"),
            models.CheckConstraint(condition=~Q(away=F("cover")), name="cover_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.cover_id} for {self.away_id}"


class HandOver(ProgramOwned):
    """One act that gave partners of one member to another; what it changed, to take it back."""

    giver = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    taker = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    ended = models.JSONField()  # ids of assignments that ended
    made = models.JSONField()  # ids of assignments that began
    undone_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["HandOver"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "-at"], name="hand_over_by_time")]

    def __str__(self) -> str:
        return f"{self.giver_id} to {self.taker_id}"
