"""Who was asked and answered, without values. Guarded: responses, evidence, planning, release."""

from django.db import models

from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.pulses.models import Invitation


class Participation(ProgramOwned):
    """This invitation was answered, in this week."""

    invitation = models.OneToOneField(
        Invitation, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    week = models.DateField()

    objects = ScopedQuerySet["Participation"].as_manager()

    def __str__(self) -> str:
        return f"answered in the week of {self.week}"
