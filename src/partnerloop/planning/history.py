"""What was asked so far, of whom and when. Asks only: whether they were answered is not in it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from partnerloop.partners.models import Partner
from partnerloop.planning.budget import NEVER, Askable
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation, Pulse, Question, Wording

MEMORY = timedelta(days=730)  # older asks count as never: the questions have gone round since
PERIOD = timedelta(days=90)  # in which every dimension is to be asked about equally often


@dataclass
class History:
    """When people and partners were last asked, and about what."""

    person: dict[tuple[int, str], datetime] = field(default_factory=dict)
    company: dict[tuple[int, str], datetime] = field(default_factory=dict)
    last_rated: dict[int, frozenset[str]] = field(default_factory=dict)
    partner: dict[int, datetime] = field(default_factory=dict)
    dimension: dict[tuple[int, str], datetime] = field(default_factory=dict)
    load: Counter[str] = field(default_factory=Counter)
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


def history_of(program: Program, *, at: datetime, among: Collection[int] | None = None) -> History:
    """This will read which questions were asked of whom in the last two years.

    `among` are the partners whose asks are read; None reads those of all.
    """
    history = History(began=_began(program, at=at))
    company = {
        pk: parent or pk for pk, parent in Partner.objects.of(program).values_list("pk", "parent")
    }
    wordings = Wording.objects.of(program).select_related("question")
    question = {wording.pk: wording.question for wording in wordings}
    rows = Invitation.objects.of(program).since(at - MEMORY).filter(asked_at__lte=at)
    if among is not None:
        rows = rows.filter(partner__in=among)
    asks = rows.order_by("asked_at").values_list("contact_id", "partner_id", "asked", "asked_at")
    for contact, partner, asked, when in asks:
        history.partner[partner] = when
        rated = []
        for one in [question[wording] for wording in asked]:
            history.person[contact, one.key] = when
            history.company[company[partner], one.key] = when
            if one.kind == Question.Kind.RATED:
                history.dimension[partner, one.measure] = when
                rated.append(one.measure)
        history.last_rated[contact] = frozenset(rated)
        if when > at - PERIOD:
            history.load.update(rated)
    return history


def _began(program: Program, *, at: datetime) -> dict[int, datetime]:
    """Return since when each partner could have been asked: in the program, and asking begun.

    So nobody is overdue in a program that has never asked anybody, however long it is imported.
    """
    launched = Pulse.objects.of(program).launched().order_by("launched_at")
    first = launched.values_list("launched_at", flat=True).first() or at
    rows = Partner.objects.of(program).values_list("pk", "created_at")
    return {pk: max(first, created) for pk, created in rows}
