"""How well the loop closes: answered in time, by whom, and where things stand now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import QuerySet

from partnerloop.accounts.models import Membership
from partnerloop.actions.inbox import items
from partnerloop.actions.models import OPEN_STATES, FeedbackItem, State, Transition
from partnerloop.core.words import counted, one_decimal
from partnerloop.programs.models import Program

WINDOW = timedelta(days=90)
HEARD_BACK = (State.ANSWERED, State.PLANNED, State.DONE, State.DECLINED, State.MERGED)


@dataclass(frozen=True, slots=True)
class Load:
    """What waits at one department; "" for what is not routed yet."""

    department: str
    waiting: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Health:
    """The loop in figures, over ninety days and now."""

    received: int
    answered: int
    median: timedelta | None
    loads: Sequence[Load]

    @property
    def share(self) -> float | None:
        """Return which part of what was received has been answered; None of nothing."""
        return self.answered / self.received if self.received else None

    @property
    def median_in_words(self) -> str:
        """Return the median in hours or days: 5 hours, 1.6 days; nothing of nothing."""
        if self.median is None:
            return ""
        hours = self.median.total_seconds() / 3600
        if hours < 24:
            return counted(max(1, round(hours)), "hour", "hours")
        return f"{one_decimal(hours / 24)} days"

    @property
    def waiting(self) -> int:
        """Return how many items wait for an answer."""
        return sum(load.waiting for load in self.loads)

    @property
    def overdue(self) -> int:
        """Return how many of them have waited too long."""
        return sum(load.overdue for load in self.loads)


@dataclass(frozen=True, slots=True)
class Standing:
    """Items of one kind that stand at one state: how many, the oldest, how many too late."""

    state: State
    title: str
    count: int
    since: datetime
    overdue: int


def health(program: Program, *, by: Membership, at: datetime) -> Health:
    """This will measure the loop over the items that a member may see."""
    seen = items(program, by=by, at=at)
    recent = seen.filter(received_at__gt=at - WINDOW).order_by()
    states = list(recent.values_list("pk", "state", "received_at"))
    heard = {pk: received for pk, state, received in states if state in HEARD_BACK}
    first: dict[object, datetime] = {}
    steps = Transition.objects.of(program).filter(
        feedback_item__in=recent.values("pk"), state__in=HEARD_BACK
    )
    for item_id, moment in steps.order_by("-at").values_list("feedback_item_id", "at"):
        first[item_id] = moment
    waits = [
        (first[pk] - received).total_seconds() for pk, received in heard.items() if pk in first
    ]
    return Health(
        received=len(states),
        answered=len(heard),
        median=timedelta(seconds=median(waits)) if waits else None,
        loads=_loads(seen.filter(state__in=OPEN_STATES), at=at),
    )


def standings(program: Program, *, by: Membership, at: datetime) -> list[Standing]:
    """This will group what is being worked on by state, and by department or metric."""
    seen = items(program, by=by, at=at).filter(received_at__gt=at - WINDOW).order_by()
    groups: dict[tuple[State, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = seen.values_list("state", "department__name", "comment__measure", *TIMES)
    for state, department, measure, received, due in rows:
        title = department if state == State.ROUTED and department else measure
        groups[(State(state), title)].append((received, due))
    return [
        Standing(
            state=state,
            title=title,
            count=len(times),
            since=min(received for received, _ in times),
            overdue=sum(due < at for _, due in times) if state in OPEN_STATES else 0,
        )
        for (state, title), times in sorted(groups.items(), key=lambda pair: -len(pair[1]))
    ]


TIMES = ("received_at", "due_at")


def _loads(waiting: QuerySet[FeedbackItem], *, at: datetime) -> list[Load]:
    groups: dict[str, list[datetime]] = defaultdict(list)
    for department, due in waiting.order_by().values_list("department__name", "due_at"):
        groups[department or ""].append(due)
    loads = [Load(name, len(dues), sum(due < at for due in dues)) for name, dues in groups.items()]
    return sorted(loads, key=lambda load: (-load.overdue, -load.waiting, load.department))
