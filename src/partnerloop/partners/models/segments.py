"""Segment: a saved filter over partners' attributes."""

from django.db import models

from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class Segment(ProgramOwned):
    """A saved filter: for each key the values that match; keys are joined by "and"."""

    name = models.CharField(max_length=100)
    # {"tier": ["gold", "silver"], "region": ["NA"]}; empty means every partner
    filter = models.JSONField(default=dict, blank=True)

    objects = ScopedQuerySet["Segment"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "name"], name="segment_name_once")
        ]

    def __str__(self) -> str:
        return self.name
