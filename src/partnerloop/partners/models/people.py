"""People at partners, who may work for several and move; and the partners' own customers."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Expression
from django.db.models.functions import Lower

from partnerloop.accounts.models import Membership
from partnerloop.partners.models.partner import Partner
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class ContactRole(models.TextChoices):
    """What a contact works on."""

    SALES = "sales", "Sales"
    MARKETING = "marketing", "Marketing"
    TECHNICAL = "technical", "Technical"
    EXECUTIVE = "executive", "Executive"
    OPERATIONS = "operations", "Operations"


class Contact(ProgramOwned):
    """A person. Who entered or re-addressed them, and when, decides whether they are seasoned."""

    name = models.CharField(max_length=200)
    email = models.EmailField()
    language = models.CharField(max_length=12, blank=True)
    # The person chose it: no file and no other system changes it any more.
    language_chosen_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    addressed_at = models.DateTimeField()
    addressed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    stopped_at = models.DateTimeField(null=True, blank=True)  # asked us to stop asking

    objects = ScopedQuerySet["Contact"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("program", Lower("email"), name="contact_email_once"),
        ]

    def __str__(self) -> str:
        return self.name


class AffiliationQuerySet(ScopedQuerySet["Affiliation"]):
    """Who works where, and when."""

    def current(self, on: date | Expression) -> Self:
        """Keep the affiliations that hold on a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


class Affiliation(ProgramOwned):
    """A contact works for a partner, in a role, from a day until a day."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="affiliations")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="affiliations")
    role = models.CharField(max_length=10, choices=ContactRole)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "partner"],
                condition=Q(until__isnull=True),
                name="affiliation_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="affiliation_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} at {self.partner_id}"


class Customer(ProgramOwned):
    """An end customer of a partner."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="customers")
    name = models.CharField(max_length=200)

    objects = ScopedQuerySet["Customer"].as_manager()

    def __str__(self) -> str:
        return self.name
