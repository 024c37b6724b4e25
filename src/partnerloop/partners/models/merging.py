"""Merge: two rows that turned out to be one partner or person, as one act that can be undone."""

from django.db import models
from django.db.models import Q

from partnerloop.accounts.models import Membership
from partnerloop.partners.models.partner import Partner
from partnerloop.partners.models.people import Contact
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class Merge(ProgramOwned):
    """One row was taken into another; `moves` tells each row that was moved, and how it was."""

    kept_partner = models.ForeignKey(
        Partner, null=True, on_delete=models.CASCADE, related_name="merges_into_it"
    )
    merged_partner = models.ForeignKey(
        Partner, null=True, on_delete=models.CASCADE, related_name="merges_away"
    )
    kept_contact = models.ForeignKey(
        Contact, null=True, on_delete=models.CASCADE, related_name="merges_into_it"
    )
    merged_contact = models.ForeignKey(
        Contact, null=True, on_delete=models.CASCADE, related_name="merges_away"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    moves = models.JSONField(default=list)  # [table, key, before, after]: keys and days, no names
    undone_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Merge"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kept_partner__isnull=False,
                    merged_partner__isnull=False,
                    kept_contact__isnull=True,
                    merged_contact__isnull=True,
                )
                | Q(
                    kept_partner__isnull=True,
                    merged_partner__isnull=True,
                    kept_contact__isnull=False,
                    merged_contact__isnull=False,
                ),
                name="merge_of_partners_or_of_contacts",
            ),
            models.UniqueConstraint(
                fields=["merged_partner"],
                condition=Q(undone_at__isnull=True),
                name="merge_partner_once",
            ),
            models.UniqueConstraint(
                fields=["merged_contact"],
                condition=Q(undone_at__isnull=True),
                name="merge_contact_once",
            ),
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"
