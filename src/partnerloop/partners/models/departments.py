"""Departments of the vendor that answer feedback."""

from django.db import models

from partnerloop.accounts.models import Membership
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class Department(ProgramOwned):
    """A department with a lead and a weekly capacity: ask only what you can answer."""

    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    lead = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    weekly_capacity = models.PositiveSmallIntegerField(default=10)

    objects = ScopedQuerySet["Department"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "key"], name="department_key_once")
        ]

    def __str__(self) -> str:
        return self.name
