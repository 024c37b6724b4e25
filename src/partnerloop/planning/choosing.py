"""Choosing what each person is asked: round robin, until the engine chooses.

Everybody gets one overall question, always the same, because only a metric that several colleagues
were asked becomes visible for a small company. Two dimensions follow, those which this person, then
this company, has waited for longest; so colleagues who start together stay together, and batches
fill. Of the dimensions that nobody at a company was asked, the ones least used in this pulse come
first, which keeps the program's asks even. It looks at asks only, never at answers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from partnerloop.partners.models import Partner
from partnerloop.planning.budget import NEVER, Askable, Left
from partnerloop.planning.reasons import NotAsked, Reason
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COMPOSITE, Invitation, Metric, Question, Wording

DIMENSIONS_ASKED = 2
MEMORY = timedelta(days=730)  # older asks count as never: the questions have gone round since


@dataclass(frozen=True)
class Chosen:
    """A person and the questions for them, in the order they are asked."""

    person: Askable
    questions: tuple[Question, ...]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return the dimensions rated, without the overall question."""
        rated = (q for q in self.questions if q.kind == Question.Kind.RATED and not q.is_overall)
        return tuple(question.measure for question in rated)


@dataclass(frozen=True)
class Choice:
    """Who is asked what, and whom nothing on the shelf suits."""

    chosen: list[Chosen]
    left: list[Left]


def choose(
    program: Program, people: Iterable[Askable], *, open_question: bool, at: datetime
) -> Choice:
    """This will give each person their questions; the same people and asks give the same choice."""
    shelf = shelf_of(program, at=at)
    rota = Rota(shelf=shelf, history=history_of(program, at=at))
    choice = Choice(chosen=[], left=[])
    for person in people:
        questions = rota.turn(person, open_question=open_question)
        if questions:
            choice.chosen.append(Chosen(person, tuple(questions)))
        else:
            nothing = Reason(NotAsked.NO_QUESTION)
            choice.left.append(Left(person.contact_id, person.name, nothing))
    return choice


@dataclass(frozen=True)
class Shelf:
    """The questions a program asks at the moment, dimensions in their order."""

    overall: list[Question]
    dimensions: list[str]
    rated: dict[str, list[Question]]
    followups: dict[str, list[Question]]


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


@dataclass
class History:
    """When each person and each company was last asked a question, or about a measure."""

    person: dict[tuple[int, str], datetime] = field(default_factory=dict)
    company: dict[tuple[int, str], datetime] = field(default_factory=dict)

    def note(self, contact: int, company: int, question: Question, *, when: datetime) -> None:
        for subject in (f"question:{question.key}", f"{question.kind}:{question.measure}"):
            self.person[contact, subject] = max(when, self.person.get((contact, subject), when))
            self.company[company, subject] = max(when, self.company.get((company, subject), when))

    def wait(self, who: Askable, subject: str) -> tuple[datetime, datetime]:
        """Sort by the longest wait of the person, then of the company."""
        return (
            self.person.get((who.contact_id, subject), NEVER),
            self.company.get((who.company_id, subject), NEVER),
        )


def history_of(program: Program, *, at: datetime) -> History:
    """This will read which questions were asked of whom in the last two years."""
    company = {
        pk: parent or pk for pk, parent in Partner.objects.of(program).values_list("pk", "parent")
    }
    wordings = Wording.objects.of(program).select_related("question")
    question = {wording.pk: wording.question for wording in wordings}
    rows = Invitation.objects.of(program).since(at - MEMORY).filter(asked_at__lte=at)
    history = History()
    for contact, partner, asked, when in rows.values_list(
        "contact_id", "partner_id", "asked", "asked_at"
    ):
        for place, wording in enumerate(asked):
            # what was put first had waited longest; keeping that order closes the round evenly
            moment = when + timedelta(microseconds=place)
            history.note(contact, company[partner], question[wording], when=moment)
    return history


@dataclass
class Rota:
    """Whose turn each question is, within one pulse."""

    shelf: Shelf
    history: History
    load: Counter[str] = field(default_factory=Counter)
    order: dict[int, list[str]] = field(default_factory=dict)

    def turn(self, person: Askable, *, open_question: bool) -> list[Question]:
        """Return one overall question, two dimensions, and an open one that follows them."""
        overall = [question for question in self.shelf.overall if suits(question, person.role)][:1]
        dimensions = self._dimensions(person)
        self.load.update(dimensions)
        rated = [self._longest(person, self.shelf.rated[key]) for key in dimensions]
        asked = [*overall, *(question for question in rated if question)]
        if asked and open_question:
            followups = [q for key in dimensions for q in self.shelf.followups[key]]
            asked += filter(None, [self._longest(person, followups)])
        return asked

    def _dimensions(self, person: Askable) -> list[str]:
        if person.company_id not in self.order:
            self.order[person.company_id] = sorted(
                self.shelf.dimensions, key=lambda key: self.load[key]
            )
        order = self.order[person.company_id]
        possible = [
            key for key in order if any(suits(q, person.role) for q in self.shelf.rated[key])
        ]
        # sorted() keeps the company's order where both waited equally long
        waiting = sorted(possible, key=lambda key: self.history.wait(person, f"rated:{key}"))
        return waiting[:DIMENSIONS_ASKED]

    def _longest(self, person: Askable, among: Sequence[Question]) -> Question | None:
        fitting = [question for question in among if suits(question, person.role)]
        return min(
            fitting,
            key=lambda q: (self.history.wait(person, f"question:{q.key}"), q.pk),
            default=None,
        )


def suits(question: Question, role: str) -> bool:
    """Return whether a question may be asked of a role; no roles named means everybody."""
    return not question.roles or role in question.roles
