"""The questions that a program asks at the moment, and for whom they are."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from partnerloop.programs.models import Program
from partnerloop.pulses.models import COMPOSITE, Metric, Question


@dataclass(frozen=True)
class Shelf:
    """What can be asked now; dimensions in their order."""

    overall: list[Question]
    dimensions: list[str]
    rated: dict[str, list[Question]]
    followups: dict[str, list[Question]]

    def dimensions_for(self, role: str) -> frozenset[str]:
        """Return the dimensions that have a rated question for a role."""
        return frozenset(
            key for key in self.dimensions if any(suits(q, role) for q in self.rated[key])
        )

    def overall_for(self, role: str) -> list[Question]:
        """Return the one overall question of a role, or none: always the same while it is kept."""
        return [question for question in self.overall if suits(question, role)][:1]

    def has_something_for(self, role: str) -> bool:
        """Return whether a role can be asked to rate anything."""
        return bool(self.overall_for(role) or self.dimensions_for(role))


def shelf_of(program: Program, *, at: datetime) -> Shelf:
    """This will read the questions that are not retired."""
    rows = Question.objects.of(program).exclude(retired_at__lte=at).order_by("pk")
    keys = Metric.objects.of(program).filter(kind=Metric.Kind.DIMENSION)
    shelf = Shelf(
        overall=[],
        dimensions=list(keys.values_list("key", flat=True)),
        rated=defaultdict(list),
        followups=defaultdict(list),
    )
    for question in rows:
        if question.is_overall:
            shelf.overall.append(question)
        elif question.kind == Question.Kind.RATED:
            shelf.rated[question.measure].append(question)
        else:
            shelf.followups[question.measure].append(question)
    shelf.overall.sort(key=lambda question: question.measure != COMPOSITE)
    return shelf


def suits(question: Question, role: str) -> bool:
    """Return whether a question may be asked of a role; no roles named means everybody."""
    return not question.roles or role in question.roles
