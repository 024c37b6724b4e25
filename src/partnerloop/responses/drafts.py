"""The table of drafts: what was sent without saying who may know it was whom, for two days."""

from django.db import models

from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.pulses.models import Invitation


class Draft(ProgramOwned):
    """What somebody filled in and sent by a link without choosing a mode; sealed, one per link.

    `due_at` is a whole hour: no finer moment is kept of what may stay unnamed.
    """

    invitation = models.OneToOneField(
        Invitation, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    sealed = models.TextField()
    due_at = models.DateTimeField(db_index=True)

    objects = ScopedQuerySet["Draft"].as_manager()

    def __str__(self) -> str:
        return "draft"
