"""Choosing whom a pulse asks, and what: the engine chooses, from what it may know.

That is: how sure the model is (covariances of ledger and named answers), who was asked what and
when, and participation in sums. Never an answer that is not released, and never whether one person
answered: a question list that moved with it would tell.

Everybody gets one overall question, always the same, because only a metric that several colleagues
were asked becomes visible for a small company; then two dimensions, none of them from their last
ask, where an answer would tell most or a company's batch is nearly full.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from partnerloop.engine.interface import Ints
from partnerloop.engine.questions import LONGEST, Flags, Openings, pick_questions
from partnerloop.partners.models import Affiliation, ContactRole, Partner
from partnerloop.partners.segmenting import places
from partnerloop.planning.answering import usual_share
from partnerloop.planning.batches import open_batches
from partnerloop.planning.budget import Askable, Left
from partnerloop.planning.drawing import WHAT, draw
from partnerloop.planning.evening import even_asks, waits_of
from partnerloop.planning.history import History, history_of, last_asks
from partnerloop.planning.knowing import Knowledge, knowledge_of
from partnerloop.planning.reasons import NotAsked, Reason
from partnerloop.planning.shelf import Shelf, shelf_of
from partnerloop.planning.waiting import questions_waiting
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.models import COMPOSITE, Pulse, Question

DIMENSIONS_ASKED = 2
LEAST_RESPONSE = 0.05
WHY = {why: Reason(why) for why in (NotAsked.NO_QUESTION, NotAsked.NOT_DRAWN)}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person, the questions for them in the order they are asked, their chance, and why."""

    person: Askable
    questions: tuple[Question, ...]
    propensity: float
    reason: Reason
    takes_along: bool = False  # questions of an ask that waited

    @property
    def rated(self) -> tuple[Question, ...]:
        """Return what is rated besides the overall question."""
        rated = (q for q in self.questions if q.kind == Question.Kind.RATED)
        return tuple(question for question in rated if not question.is_overall)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return what the ratings besides the overall question measure."""
        return tuple(question.measure for question in self.rated)


@dataclass(frozen=True)
class Choice:
    """Who is asked what; who could be and is not, and why; how many there were to draw from."""

    chosen: list[Chosen]
    left: list[Left]
    could_be_asked: int


def choose(pulse: Pulse, people: Sequence[Askable], *, at: datetime) -> Choice:
    """This will choose people and questions; the same facts give the same choice all day."""
    shelf = shelf_of(pulse.program, at=at, named=pulse.questions)
    roles = {role for role in ContactRole.values if shelf.has_something_for(role)}
    able = [person for person in people if person.role in roles]
    left = [_left(one, NotAsked.NO_QUESTION) for one in people if one.role not in roles]
    if not able:
        return Choice(chosen=[], left=left, could_be_asked=0)
    where = places(pulse.program, on=at.date())
    knowledge = knowledge_of(pulse.program, able, where=where, at=at)
    recent = last_asks(pulse.program, at=at)
    drawn = draw(pulse, able, knowledge=knowledge, history=recent, where=where, at=at)
    asked = [able[place] for place in drawn.chosen]
    history = history_of(pulse.program, at=at, among=_families(pulse.program, asked), since=recent)
    dimensions = _dimensions(pulse, asked, drawn.chosen, knowledge, shelf, history, at=at)
    waited = _waited(pulse, asked, at=at)
    chosen = [
        Chosen(
            person=able[place],
            questions=questions_for(pulse, able[place], keys, shelf, history, waited),
            propensity=float(drawn.chances[place]),
            reason=drawn.reasons[place],
            takes_along=bool(waited.get(able[place].contact_id)),
        )
        for place, keys in zip(drawn.chosen, dimensions, strict=True)
    ]
    missed = np.ones(len(able), bool)
    missed[drawn.chosen] = False
    left += [_left(able[place], NotAsked.NOT_DRAWN) for place in np.flatnonzero(missed).tolist()]
    return Choice(chosen=chosen, left=left, could_be_asked=len(able))


def _waited(
    pulse: Pulse, asked: Sequence[Askable], *, at: datetime
) -> Mapping[int, Sequence[Question]]:
    """Return what waits to be asked of these people and is taken along.

    A pulse that is anonymous for everybody takes nothing: a question that one person gets would
    tell whose sealed answer it is.
    """
    if pulse.modes == [Mode.ANONYMOUS]:
        return {}
    return questions_waiting(pulse.program, asked, at=at)


def _families(program: Program, asked: Sequence[Askable]) -> frozenset[int]:
    """Return the partners of these people, with all partners of the same companies."""
    companies = {person.company_id for person in asked}
    rows = Partner.objects.of(program).values_list("pk", "parent_id")
    return frozenset(pk for pk, parent in rows if (parent or pk) in companies)


def _left(person: Askable, why: NotAsked) -> Left:
    return Left(person.contact_id, person.name, WHY[why])


def _dimensions(
    pulse: Pulse,
    asked: Sequence[Askable],
    rows: list[int],
    knowledge: Knowledge,
    shelf: Shelf,
    history: History,
    *,
    at: datetime,
) -> list[list[str]]:
    """Return which dimensions each person rates, as many as there are questions for."""
    measures, model = knowledge.fitted.measures, knowledge.fitted.model
    openings = _openings(pulse.program, asked, measures, shelf, history, at=at)
    allowed = openings.allowed
    if not measures or allowed is None:
        return [[] for _ in asked]
    picked: Ints = pick_questions(
        knowledge.known.take(np.array(rows, np.int64)),
        openings=openings,
        layout=model.layout,
        hyper=model.hyper,
        rng=np.random.default_rng([pulse.seed, WHAT]),
        count=min(DIMENSIONS_ASKED, len(measures)),
        response=max(usual_share(pulse.program, at=at).value, LEAST_RESPONSE),
    )
    return [
        [measures[column] for column in row if allowed[place, column]]
        for place, row in enumerate(picked.tolist())
    ]


def _openings(
    program: Program,
    asked: Sequence[Askable],
    measures: Sequence[str],
    shelf: Shelf,
    history: History,
    *,
    at: datetime,
) -> Openings:
    """Gather what each person could still add, dimension by dimension."""
    partners = [person.partner_id for person in asked]
    batches = open_batches(program, at=at, among=frozenset(partners))
    known = waits_of(program, at=at)
    staff = Affiliation.objects.of(program).current(at.date()).values_list("partner_id", flat=True)
    contacts = Counter(staff)
    by_role = {role: shelf.dimensions_for(role) for role in {person.role for person in asked}}
    different, home = np.unique(np.array(partners, np.int64), return_inverse=True)
    one_by_one = different.tolist()
    waits = [
        [min(history.days_without(key, partner=one, at=at), known[key]) for key in measures]
        for one in one_by_one
    ]
    people = [[batches.get((one, key), 0) for key in measures] for one in one_by_one]
    wait = np.array(waits, float)[home]
    is_free = np.array([key not in shelf.held for key in measures])
    return Openings(
        partner=different[home],
        contacts=np.array([contacts[one] for one in one_by_one], np.int64)[home],
        wait=wait,
        people=np.array(people, float)[home],
        inside=_each(
            [history.last_rated.get(person.contact_id, frozenset()) for person in asked], measures
        ),
        asked=np.array(even_asks(program, measures, at=at)),
        allowed=_each([by_role[person.role] for person in asked], measures)
        & (is_free | (wait > LONGEST)),
    )


def _each(sets: Sequence[frozenset[str]], measures: Sequence[str]) -> Flags:
    """Return which measures are in each set, (n, M); few different sets are held by many."""
    different = {one: place for place, one in enumerate(set(sets))}
    rows = np.array([[key in one for key in measures] for one in different])
    return np.asarray(rows[[different[one] for one in sets]])


def questions_for(
    pulse: Pulse,
    person: Askable,
    dimensions: Sequence[str],
    shelf: Shelf,
    history: History,
    waited: Mapping[int, Sequence[Question]],
) -> tuple[Question, ...]:
    """Return one overall question, two others, and the open ones of which a score picks one.

    What waited comes first, then what the pulse names; the dimensions fill what that leaves free.
    """
    role = person.role
    first = [q for q in waited.get(person.contact_id, ()) if q.kind == Question.Kind.RATED]
    named = history.longest_first(person, shelf.named_for(role, Question.Kind.RATED))
    named = [*first, *(q for q in named if q not in first)][:DIMENSIONS_ASKED]
    left = dimensions[: DIMENSIONS_ASKED - len(named)]
    able = [history.longest_first(person, shelf.rated_for(role, key)) for key in left]
    rated = [questions[0] for questions in able if questions]
    asked = [*shelf.overall_for(role), *named, *rated]
    if asked and pulse.asks_open_question:
        asked += _open(person, left, shelf, history)
    return tuple(asked)


def _open(
    person: Askable, dimensions: Sequence[str], shelf: Shelf, history: History
) -> list[Question]:
    """Return the open question that the pulse names, else the pair on one thing that was rated.

    A pair is one for a low and one for a high score; the person is shown one of them. Which thing
    it is about follows from asks alone, never from a score.
    """
    role = person.role
    named = shelf.named_for(role, Question.Kind.OPEN)
    if named:
        return history.longest_first(person, named)[:1]
    able = [key for key in dimensions if key not in shelf.held and shelf.followups[key]]
    if not able and COMPOSITE not in shelf.held:
        able = [COMPOSITE]
    among = [question for key in able for question in shelf.followups_for(role, key)]
    if not among:
        return []
    first = history.longest_first(person, among)[0]
    return shelf.followups_for(role, first.measure)
