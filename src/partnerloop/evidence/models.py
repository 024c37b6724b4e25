"""Evidence: named answers and the ledger of atoms, the only values anything above may depend on.

`PendingAnswer` is the waiting room of confidential answers: read by the tick alone.
"""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from partnerloop.core import ids
from partnerloop.partners.models import Contact, ContactRole, Partner
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.pulses.models import Pulse


class NamedAnswer(ProgramOwned):
    """A named person's value for one measure, higher is better; it counts at once."""

    id = models.UUIDField(primary_key=True, editable=False)  # that of the answer
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    rater = models.UUIDField()
    role = models.CharField(max_length=10, choices=ContactRole)
    measure = models.CharField(max_length=60)
    value = models.PositiveSmallIntegerField()
    # The moment it was given: the model takes answers in the order in which they came.
    at = models.DateTimeField()
    place = models.JSONField(default=dict)

    objects = ScopedQuerySet["NamedAnswer"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["partner", "at"], name="named_answer_by_partner")]
        constraints = [
            models.CheckConstraint(condition=Q(value__lte=10), name="named_answer_from_0_to_10")
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.value}"


class PendingAnswer(ProgramOwned):
    """A confidential value that waits for its one atom; the row goes 35 days after."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    # A corrected answer waits anew after it was counted, so this is no key.
    answer_id = models.UUIDField(db_index=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    pseudonym = models.UUIDField()
    measure = models.CharField(max_length=60)
    value = models.PositiveSmallIntegerField()
    day = models.DateField()
    # Where it waits: "" for its company, else a level of the segment path, since a week.
    pool = models.CharField(max_length=320, blank=True)
    pool_level = models.PositiveSmallIntegerField(default=0)
    waits_since = models.DateField()
    consumed_in = models.DateField(null=True)

    objects = ScopedQuerySet["PendingAnswer"].as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["program", "partner", "measure"],
                name="pending_by_company",
                condition=Q(consumed_in__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pseudonym", "measure"],
                condition=Q(consumed_in__isnull=True),
                name="pending_one_per_person_and_measure",
            ),
            models.CheckConstraint(condition=Q(value__lte=10), name="pending_from_0_to_10"),
        ]

    def __str__(self) -> str:
        return "pending"


class LooseAnswer(ProgramOwned):
    """An anonymous value without writer, company or day; deleted when its round is counted.

    The rows of a round are written anew, with new ids and shuffled, whenever some are added.
    """

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="+")
    cell = models.CharField(max_length=120)
    measure = models.CharField(max_length=60)
    value = models.PositiveSmallIntegerField()

    objects = ScopedQuerySet["LooseAnswer"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__lte=10), name="loose_answer_from_0_to_10")
        ]

    def __str__(self) -> str:
        return "loose answer"


class Atom(ProgramOwned):
    """An immutable blurred batch mean of confidential answers: a line of the append-only ledger."""

    class Kind(models.TextChoices):
        COMPANY = "company"
        POOL = "pool"
        ANONYMOUS = "anonymous"

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    partner = models.ForeignKey(Partner, null=True, on_delete=models.CASCADE, related_name="+")
    # Frozen at emission: the segment path of a pool, or of the company at that time.
    scope = models.JSONField(default=dict)
    measure = models.CharField(max_length=60)
    week = models.DateField()
    band = models.CharField(max_length=8)
    value = models.DecimalField(max_digits=3, decimal_places=1)
    blur_sd = models.DecimalField(max_digits=4, decimal_places=3)
    rule_version = models.PositiveSmallIntegerField()

    objects = ScopedQuerySet["Atom"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "week"], name="atom_by_week")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="company", partner__isnull=False)
                | (~Q(kind="company") & Q(partner__isnull=True)),
                name="atom_company_has_partner",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=Decimal(10)), name="atom_from_0_to_10"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.value} in the week of {self.week}"
