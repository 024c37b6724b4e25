"""What was asked so far, of whom and when. Asks only: whether they were answered is not in it."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Self

from django.db.models import Count, TextField
from django.db.models.functions import Cast

from partnerloop.core.moments import Moments, last_written, written
from partnerloop.partners.models import Partner
from partnerloop.planning.budget import NEVER, Askable
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation, Pulse, Question, Wording

MEMORY = timedelta(days=730)  # older asks count as never: the questions have gone round since
LISTED = 2000  # partners that a query names one by one
UNASKED: Mapping[str, datetime] = {}
PERIOD = timedelta(days=90)  # in which every dimension is to be asked about equally often


@dataclass
class History:
    """When people and partners were last asked, and about what."""

    person: dict[int, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    company: dict[int, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    last_rated: dict[int, frozenset[str]] = field(default_factory=dict)
    partner: dict[int, datetime] = field(default_factory=dict)
    dimension: dict[tuple[int, str], datetime] = field(default_factory=dict)
    began: dict[int, datetime] = field(default_factory=dict)

    def longest_first(self, who: Askable, questions: Sequence[Question]) -> list[Question]:
        """Sort by the longest wait of the person for a question, then of the company."""
        if len(questions) < 2:
            return list(questions)
        own = self.person.get(who.contact_id, UNASKED)
        company = self.company.get(who.company_id, UNASKED)
        return sorted(
            questions, key=lambda q: (own.get(q.key, NEVER), company.get(q.key, NEVER), q.id)
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
    last = rows.order_by().values_list("partner_id").annotate(last=last_written("asked_at"))
    moments = Moments()
    return History(
        began=_began(program, at=at), partner={partner: moments[text] for partner, text in last}
    )


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
    alike: set[tuple[int, str, datetime]] = set()  # what colleagues were asked at the same time
    for contact, partner, text, when in _asks(program, at=at, among=among):
        asked = lists.get(text)
        if asked is None:
            asked = lists[text] = _Asked.of(question[wording] for wording in json.loads(text))
        own = history.person[contact]
        for key in asked.keys:
            own[key] = when
        history.last_rated[contact] = asked.rated
        if (partner, text, when) not in alike:
            alike.add((partner, text, when))
            history.partner[partner] = when
            history.company[company[partner]].update(dict.fromkeys(asked.keys, when))
            history.dimension.update({(partner, measure): when for measure in asked.rated})
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
    rows = rows.annotate(text=Cast("asked", TextField()), moment=written("asked_at")).order_by()
    columns = ("contact_id", "partner_id", "text", "moment")
    if among is None:
        found = list(rows.values_list(*columns))
    else:
        listed, found = sorted(among), []
        for start in range(0, len(listed), LISTED):
            part = rows.filter(partner__in=listed[start : start + LISTED])
            found += part.values_list(*columns)
    moments = Moments()
    dated = [(contact, partner, text, moments[when]) for contact, partner, text, when in found]
    return sorted(dated, key=itemgetter(3))


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
