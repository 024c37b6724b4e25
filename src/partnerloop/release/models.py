"""What has been made visible: comments as released copies. Nothing above reads the originals."""

from typing import Self

from django.db import models
from django.db.models import Q

from partnerloop.accounts.models import Membership
from partnerloop.core import ids
from partnerloop.partners.models import Contact, ContactRole, Partner
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class ReleasedComment(ProgramOwned):
    """A comment in the inbox: a named one with its writer, others scrubbed and dated by week."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    # That of the original, for delivering replies; it leads nowhere without the guarded tables.
    comment_id = models.UUIDField(unique=True)
    text = models.TextField(max_length=2000)
    measure = models.CharField(max_length=60, blank=True)
    week = models.DateField()
    released_at = models.DateTimeField()
    # Only of named people.
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=10, choices=ContactRole, blank=True)
    partner = models.ForeignKey(Partner, null=True, on_delete=models.CASCADE, related_name="+")
    # Of all others: the smallest publishable segment, in words.
    label = models.CharField(max_length=120, blank=True)

    objects = ScopedQuerySet["ReleasedComment"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["program", "-week"], name="released_by_week"),
            models.Index(fields=["partner", "-week"], name="released_by_partner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=True) | Q(partner__isnull=False),
                name="released_named_has_partner",
            ),
            models.CheckConstraint(
                condition=~Q(label="") | Q(partner__isnull=False),
                name="released_unnamed_has_label",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class HeldComment(ProgramOwned):
    """A confidential comment that waits to be released shuffled with others; nobody is shown it."""

    comment_id = models.UUIDField(primary_key=True)
    release_by = models.DateField()

    objects = ScopedQuerySet["HeldComment"].as_manager()

    def __str__(self) -> str:
        return "held comment"


class ProgramWeek(ProgramOwned):
    """What the program's figures were in one week, as they went through the gate: for trends."""

    week = models.DateField()
    # {measure: [mean, low, high]}; what could not be shown is not in it
    figures = models.JSONField()
    # how many of those asked answered, in words, as of the week's start
    answering = models.CharField(max_length=60, blank=True)
    # whom the asking reaches, as `coverage` tells it all week; of the newest week kept only
    coverage = models.JSONField(null=True)

    objects = ScopedQuerySet["ProgramWeek"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "week"], name="program_week_once")
        ]

    def __str__(self) -> str:
        return f"week of {self.week}"


class VeilQuerySet(ScopedQuerySet["Veil"]):
    """Words for asking about veils."""

    def open(self) -> Self:
        """Keep the veils that nobody has lifted yet."""
        return self.filter(settled_at__isnull=True)

    def guessed(self) -> Self:
        """Keep the veils that a guess lifted, with the figure that it is held against."""
        return self.filter(guess__isnull=False, mean__isnull=False)


class Veil(ProgramOwned):
    """A figure that one manager does not see before one guess at it, or a word to skip it.

    Figures of a partner of which the guess is made from the figure are veiled with it.
    """

    class Sureness(models.TextChoices):
        UNSURE = "unsure", "Just guessing"
        FAIRLY = "fairly", "Fairly sure"
        VERY = "very", "Very sure"

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=60)
    since = models.DateField()
    settled_at = models.DateTimeField(null=True)
    guess = models.PositiveSmallIntegerField(null=True)  # none where it was skipped
    sureness = models.CharField(max_length=6, blank=True, choices=Sureness)
    # What the gate gave out at that moment; none where it had no figure of the partner's own.
    mean = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

    objects = VeilQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["partner", "settled_at"], name="veil_by_partner")]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "partner"],
                condition=Q(settled_at__isnull=True),
                name="veil_one_open",
            ),
            models.CheckConstraint(
                condition=Q(guess__isnull=True) | Q(guess__lte=10, settled_at__isnull=False),
                name="veil_guess_settles",
            ),
        ]

    def __str__(self) -> str:
        return f"veil over {self.measure}"


class AttackResult(ProgramOwned):
    """What `partnerloop attack` could find out: one line of the page on promises.

    The guesses come from simulated worlds under the program's own rules, so that they tell nothing
    of anybody's answers; of the program's own answers only how many were found for sure.
    """

    on = models.DateField()
    targets = models.PositiveIntegerField()
    sure = models.PositiveIntegerField()
    # Whole per cent of exact best guesses: knowing the true score; without help; with one person
    # of the batch helping; with all but one helping.
    honest = models.PositiveSmallIntegerField()
    alone = models.PositiveSmallIntegerField()
    one_helper = models.PositiveSmallIntegerField()
    most_help = models.PositiveSmallIntegerField()
    own_sure = models.PositiveIntegerField(default=0)

    objects = ScopedQuerySet["AttackResult"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "-on"], name="attack_result_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(honest__lte=100, alone__lte=100, one_helper__lte=100)
                & Q(most_help__lte=100),
                name="attack_result_in_per_cent",
            )
        ]

    def __str__(self) -> str:
        return f"attack of {self.on}"
