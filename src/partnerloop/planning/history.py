"""What was asked so far, of whom and when. Asks only: whether they were answered is not in it."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Self

from django.db.models import Count, Max, TextField
from django.db.models.functions import Cast

from partnerloop.partners.models import Partner
from partnerloop.planning.budget import NEVER, Askable
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation, Pulse, Question, Wording

MEMORY = timedelta(days=730)  # older asks count as never: the questions have gone round since
LISTED = 2000  # partners that a query names one by one
PERIOD = timedelta(days=90)  # in which every dimension is to be asked about equally often


@dataclass
class History:
    """When people and partners were last asked, and about what."""

    person: dict[tuple[int, str], datetime] = field(default_factory=dict)
    company: dict[tuple[int, str], datetime] = field(default_factory=dict)
    last_rated: dict[int, frozenset[str]] = field(default_factory=dict)
    partner: dict[int, datetime] = field(default_factory=dict)
    dimension: dict[tuple[int, str], datetime] = field(default_factory=dict)
    began: dict[int, datetime] = field(default_factory=dict)

    def wait(self, who: Askable, question: Question) -> tuple[datetime, datetime]:
        """Sort by the longest wait of the person for a question, then of the company."""
        return (
            self.person.get((who.contact_id, question.key), NEVER),
            self.company.get((who.company_id, question.key), NEVER),
        )

    def days_without_ask(self, partner: int, *, at: datetime) -> int:
        """Return for how many whole days nobody of a partner was asked."""
        last = max(self.partner.get(partner, NEVER), self.began[partner])
        return (at.date() - last.date()).days

    def days_without(self, dimension: str, *, partner: int, at: datetime) -> int:
        """Return for how many whole days nobody of a partner was asked about a dimension."""
        last = max(self.dimension.get((partner, dimension), NEVER), self.began[partner])
        return (at.date() - last.date()).days


def last_asks(program: Program, *, at: datetime) -> History:
    """This will read when somebody of each partner was last asked, and nothing more of it."""
    rows = Invitation.objects.of(program).since(at - MEMORY).filter(asked_at__lte=at)
    last = rows.order_by().values_list("partner_id").annotate(last=Max("asked_at"))
    return History(began=_began(program, at=at), partner=dict(last))


def history_of(
    program: Program,
    *,
    at: datetime,
    among: Collection[int] | None = None,
    since: History | None = None,
) -> History:
    """This will read which questions were asked of whom in the last two years.

    `among` are the partners whose asks are read; None reads those of all. `since` has read before
    since when each partner could be asked.
    """
    history = History(began=since.began if since else _began(program, at=at))
    company = {
        pk: parent or pk for pk, parent in Partner.objects.of(program).values_list("pk", "parent")
    }
    lists: dict[str, _Asked] = {}
    wordings = Wording.objects.of(program).select_related("question")
    question = {wording.pk: wording.question for wording in wordings}
    for contact, partner, text, when in _asks(program, at=at, among=among):
        asked = lists.get(text)
        if asked is None:
            asked = lists[text] = _Asked.of(question[wording] for wording in json.loads(text))
        history.partner[partner] = when
        for key in asked.keys:
            history.person[contact, key] = when
            history.company[company[partner], key] = when
        for measure in asked.rated:
            history.dimension[partner, measure] = when
        history.last_rated[contact] = asked.rated
    return history


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one list of questions holds; few different ones are asked, of many people each."""

    keys: tuple[str, ...]
    rated: frozenset[str]

    @classmethod
    def of(cls, questions: Iterable[Question]) -> Self:
        listed = list(questions)
        rated = (one.measure for one in listed if one.kind == Question.Kind.RATED)
        return cls(tuple(one.key for one in listed), frozenset(rated))


def _asks(
    program: Program, *, at: datetime, among: Collection[int] | None
) -> Iterable[tuple[int, int, str, datetime]]:
    """Read asks in order of time: of everybody, or of the people of some partners."""
    rows = Invitation.objects.of(program).since(at - MEMORY).filter(asked_at__lte=at)
    rows = rows.annotate(text=Cast("asked", TextField())).order_by()
    columns = ("contact_id", "partner_id", "text", "asked_at")
    if among is None:
        found = list(rows.values_list(*columns))
    else:
        listed, found = sorted(among), []
        for start in range(0, len(listed), LISTED):
            part = rows.filter(partner__in=listed[start : start + LISTED])
            found += part.values_list(*columns)
    return sorted(found, key=itemgetter(3))


def asked_of_late(program: Program, *, at: datetime) -> Counter[str]:
    """This will count the asks about each thing that was rated in the running period."""
    wordings = Wording.objects.of(program).filter(question__kind=Question.Kind.RATED)
    measure = dict(wordings.values_list("pk", "question__measure"))
    rows = Invitation.objects.of(program).filter(asked_at__gt=at - PERIOD, asked_at__lte=at)
    found = Counter[str]()
    # few different lists of questions are asked, and many people get each
    for asked, count in rows.order_by().values_list("asked").annotate(count=Count("pk")):
        for wording in asked:
            if wording in measure:
                found[measure[wording]] += count
    return found


def _began(program: Program, *, at: datetime) -> dict[int, datetime]:
    """Return since when each partner could have been asked: in the program, and asking begun.

    So nobody is overdue in a program that has never asked anybody, however long it is imported.
    """
    launched = Pulse.objects.of(program).launched().order_by("launched_at")
    first = launched.values_list("launched_at", flat=True).first() or at
    rows = Partner.objects.of(program).values_list("pk", "created_at")
    return {pk: max(first, created) for pk, created in rows}
