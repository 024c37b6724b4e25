"""The questions that a program asks at the moment, and for whom they are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from partnerloop.planning.answerable import held_topics
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COMPOSITE, Metric, Question
from partnerloop.pulses.wording import askable

# Of these the engine chooses; all other items are asked where a pulse names them.
CHOSEN = (Question.Purpose.OVERALL, Question.Purpose.DIMENSION)
NOT_FOR_PARTNERS = (
    Question.Purpose.CUSTOMER,
    Question.Purpose.PREDICTION,
    Question.Purpose.MIRROR,
)


@dataclass(frozen=True)
class Shelf:
    """What can be asked now; dimensions in their order."""

    overall: list[Question]
    dimensions: list[str]
    rated: dict[str, list[Question]]
    followups: dict[str, list[Question]]
    named: list[Question] = field(default_factory=list)
    held: frozenset[str] = frozenset()  # topics that are asked about at their floor only
    # what suits a role is looked up for each person asked, and is the same for all of a role
    fitting: dict[tuple[str, str, str], list[Question]] = field(default_factory=dict)

    def rated_for(self, role: str, dimension: str) -> list[Question]:
        """Return the rated questions on a dimension that suit a role."""
        return self._suiting("rated", role, dimension, self.rated)

    def followups_for(self, role: str, measure: str) -> list[Question]:
        """Return the open questions on what was rated that suit a role."""
        return self._suiting("followups", role, measure, self.followups)

    def named_for(self, role: str, kind: Question.Kind) -> list[Question]:
        """Return the questions of a kind that the pulse names and that suit a role."""
        found = self.fitting.get(("named", role, kind))
        if found is None:
            found = [q for q in self.named if q.kind == kind and suits(q, role)]
            self.fitting["named", role, kind] = found
        return found

    def _suiting(
        self, name: str, role: str, measure: str, among: dict[str, list[Question]]
    ) -> list[Question]:
        found = self.fitting.get((name, role, measure))
        if found is None:
            found = [question for question in among[measure] if suits(question, role)]
            self.fitting[name, role, measure] = found
        return found

    def dimensions_for(self, role: str) -> frozenset[str]:
        """Return the dimensions that have a rated question for a role."""
        return frozenset(
            key for key in self.dimensions if any(suits(q, role) for q in self.rated[key])
        )

    def overall_for(self, role: str) -> list[Question]:
        """Return the one overall question of a role, or none: always the same while it is kept."""
        found = self.fitting.get(("overall", role, ""))
        if found is None:
            found = [question for question in self.overall if suits(question, role)][:1]
            self.fitting["overall", role, ""] = found
        return found

    def has_something_for(self, role: str) -> bool:
        """Return whether a role can be asked to rate anything, what a pulse names included."""
        named = any(suits(q, role) for q in self.named if q.kind == Question.Kind.RATED)
        return bool(named or self.overall_for(role) or self.dimensions_for(role))


def shelf_of(program: Program, *, at: datetime, named: Sequence[str] = ()) -> Shelf:
    """This will read the questions that are not retired; `named` are those a pulse asks for."""
    rows = Question.objects.of(program).exclude(retired_at__lte=at).order_by("pk")
    rows = rows.filter(pk__in=askable(program)).filter(metric__retired_at__isnull=True)
    keys = Metric.objects.of(program).measured()
    shelf = Shelf(
        overall=[],
        dimensions=list(keys.values_list("key", flat=True)),
        rated=defaultdict(list),
        followups=defaultdict(list),
        held=held_topics(program, at=at),
    )
    asked_for = rows.filter(key__in=list(named)).exclude(purpose__in=NOT_FOR_PARTNERS)
    shelf.named.extend(asked_for.exclude(is_overall=True))
    for question in rows.filter(purpose__in=CHOSEN):
        if question.is_overall:
            shelf.overall.append(question)
        elif question.kind == Question.Kind.RATED:
            shelf.rated[question.measure].append(question)
        else:
            shelf.followups[question.measure].append(question)
    shelf.overall.sort(key=lambda question: question.measure != COMPOSITE)
    for pair in shelf.followups.values():
        pair.sort(key=lambda question: question.follows != "low")
    return shelf


def suits(question: Question, role: str) -> bool:
    """Return whether a question may be asked of a role; no roles named means everybody."""
    return not question.roles or role in question.roles
