"""How well each topic is answered: handed down to planning as a row a day, never imported there."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from partnerloop.actions.health import HEARD_BACK, WINDOW
from partnerloop.actions.models import OPEN_STATES, FeedbackItem, Transition
from partnerloop.planning.models import TopicAnswering
from partnerloop.programs.models import Program


@dataclass
class _Tally:
    due: int = 0
    answered: int = 0
    waiting: int = 0
    due_at: datetime | None = None
    departments: Counter[int] = field(default_factory=Counter)

    @property
    def department(self) -> int | None:
        """Return where most of it was sent."""
        most = self.departments.most_common(1)
        return most[0][0] if most else None


@transaction.atomic
def note_answering(program: Program, at: datetime) -> None:
    """This will count, by topic, what was due and was answered, what waits, and who answers it.

    Of ninety days. What was answered after its day counts as answered: late is better than never,
    and the person was told. An item without a topic holds nothing up.
    """
    tallies = _tallies(program, at=at)
    told = _told(program)
    rows = TopicAnswering.objects.of(program)
    for topic, tally in sorted(tallies.items()):
        counted = {
            "due": tally.due,
            "answered": tally.answered,
            "waiting": tally.waiting,
            "department_id": tally.department,
            "told_at": told.get(topic),
            "due_at": tally.due_at,
            "counted_on": at.date(),
        }
        rows.update_or_create(
            topic=topic, defaults=counted, create_defaults={**counted, "program": program}
        )
    gone = rows.exclude(topic__in=list(tallies))
    gone.update(due=0, answered=0, waiting=0, counted_on=at.date())


def _tallies(program: Program, *, at: datetime) -> dict[str, _Tally]:
    recent = FeedbackItem.objects.of(program).filter(received_at__gt=at - WINDOW)
    rows = recent.exclude(comment__measure="").order_by()
    found: dict[str, _Tally] = defaultdict(_Tally)
    for topic, state, due_at, department in rows.values_list(
        "comment__measure", "state", "due_at", "department_id"
    ):
        tally = found[topic]
        tally.waiting += state in OPEN_STATES
        if state in HEARD_BACK or due_at <= at:
            tally.due += 1
            tally.answered += state in HEARD_BACK
            tally.due_at = max(tally.due_at or due_at, due_at)
        if department is not None:
            tally.departments[department] += 1
    return found


def _told(program: Program) -> dict[str, datetime]:
    """Return when somebody last heard back on each topic."""
    steps = Transition.objects.of(program).filter(state__in=HEARD_BACK)
    rows = steps.values("feedback_item__comment__measure").annotate(last=Max("at")).order_by()
    return {row["feedback_item__comment__measure"]: row["last"] for row in rows}
