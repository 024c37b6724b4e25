"""The ids that other systems know our rows by. After a merge several point at one row."""

from django.db import models
from django.db.models import Q

from partnerloop.partners.models.money import Deal
from partnerloop.partners.models.partner import Partner
from partnerloop.partners.models.people import Contact, Customer
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet

TARGETS = ("partner", "contact", "customer", "deal")
ONE_TARGET = Q()
for _kind in TARGETS:
    ONE_TARGET |= Q(kind=_kind, **{f"{other}__isnull": other != _kind for other in TARGETS})


class ExternalId(ProgramOwned):
    """One (source, id) of one kind of row, unique in its program."""

    source = models.CharField(max_length=40)
    value = models.CharField(max_length=200)
    kind = models.CharField(
        max_length=8,
        choices=[
            ("partner", "Partner"),
            ("contact", "Contact"),
            ("customer", "Customer"),
            ("deal", "Deal"),
        ],
    )
    partner = models.ForeignKey(
        Partner, null=True, on_delete=models.CASCADE, related_name="external_ids"
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.CASCADE, related_name="external_ids"
    )
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.CASCADE, related_name="external_ids"
    )
    deal = models.ForeignKey(Deal, null=True, on_delete=models.CASCADE, related_name="external_ids")

    objects = ScopedQuerySet["ExternalId"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "kind", "source", "value"], name="external_id_once"
            ),
            models.CheckConstraint(
                condition=ONE_TARGET,
                name="external_id_one_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.value}"
