"""What a program wants to learn and reach, and what each department needs to know."""

from django.db import models
from django.db.models import Q

from partnerloop.accounts.models import Membership
from partnerloop.partners.models.departments import Department
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class Objective(ProgramOwned):
    """Something to learn or reach, with a sponsor; questions and pulses hang on it."""

    title = models.CharField(max_length=120)
    why = models.CharField(max_length=300, blank=True)
    sponsor = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The key of a metric, which may be the program's own, and where its figure shall be by a day;
    # all may be open.
    measure = models.CharField(max_length=40, blank=True)
    target = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    # Keys of questions, and of the template that its pulses are made of.
    questions = models.JSONField(default=list, blank=True)
    template = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Objective"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(target__gte=0, target__lte=10),
                name="objective_target_within_scale",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | ~Q(measure=""),
                name="objective_target_has_measure",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Need(ProgramOwned):
    """The one question that a department needs answered, and when it approved the objectives."""

    department = models.OneToOneField(Department, on_delete=models.CASCADE, related_name="need")
    words = models.CharField(max_length=300)
    told_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Need"].as_manager()

    def __str__(self) -> str:
        return self.words
