"""Why a person may be asked, or sent campaigns: the lawful basis, by purpose."""

from django.db import models

from partnerloop.partners.models.people import Contact
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class LawfulBasis(ProgramOwned):
    """On which ground a program writes to a person for a purpose, since when."""

    class Purpose(models.TextChoices):
        FEEDBACK = "feedback", "Asking for feedback"
        CAMPAIGNS = "campaigns", "Campaigns"
        COMMUNITY = "community", "Ideas and discussion"

    class Basis(models.TextChoices):
        INTEREST = "interest", "Legitimate interest"
        CONTRACT = "contract", "Contract"
        CONSENT = "consent", "Consent"
        OBJECTED = "objected", "Objected"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose)
    basis = models.CharField(max_length=8, choices=Basis)
    since = models.DateField()

    objects = ScopedQuerySet["LawfulBasis"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "purpose"], name="lawful_basis_once")
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.basis}"
