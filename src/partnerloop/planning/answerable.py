"""Ask only what you can answer: what is answered well enough, and who would have too much.

A topic of which fewer than seven in ten due items were answered, or on which something was due
since the last pulse and nobody was told anything, is asked about at its floor only, until that
changes or a member overrides it with a reason. Only released items count, never what waits.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.planning.models import TopicAnswering
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Pulse

ENOUGH = 0.7
FEWEST_DUE = 3  # one item that slipped holds nothing up
COMMENTS = 1 / 3  # of those who answer and are asked for words, so many write some
WEEKS = 2  # in which most answers to a pulse come
OVERRIDDEN_FOR = timedelta(days=91)


@dataclass(frozen=True, slots=True)
class Held:
    """A topic that is asked about at its floor only, and why."""

    topic: str
    due: int
    answered: int
    is_silent: bool  # enough was answered in time, but nobody was told since the last pulse


@dataclass(frozen=True, slots=True)
class Burden:
    """What a department would have to answer in two weeks; "" stands for what nobody is sent."""

    department: str
    waiting: int
    expected: int
    capacity: int | None

    @property
    def is_too_much(self) -> bool:
        """Return whether it is more than the department says it can answer."""
        return self.capacity is not None and self.waiting + self.expected > self.capacity


def held_topics(program: Program, *, at: datetime) -> frozenset[str]:
    """This will return the topics that are asked about at their floor only."""
    return frozenset(one.topic for one in held_back(program, at=at))


def held_back(program: Program, *, at: datetime) -> list[Held]:
    """This will tell which topics are held back, and why."""
    rows = TopicAnswering.objects.of(program).filter(due__gte=FEWEST_DUE)
    rows = rows.exclude(asked_until__gte=at.date()).order_by("topic")
    last = _last_pulse(program, at=at)
    found = []
    for row in rows:
        is_late = row.answered < ENOUGH * row.due
        is_silent = (
            last is not None
            and row.due_at is not None
            and row.due_at > last
            and (row.told_at is None or row.told_at < last)
        )
        if is_late or is_silent:
            found.append(Held(row.topic, row.due, row.answered, is_silent=not is_late))
    return found


@transaction.atomic
def ask_all_the_same(
    program: Program, topic: str, *, reason: str, by: Membership, at: datetime
) -> None:
    """This will ask about a held topic for a quarter; the reason stays with it."""
    rows = TopicAnswering.objects.of(program).filter(topic=topic)
    until = (at + OVERRIDDEN_FOR).date()
    if rows.update(asked_until=until, asked_because=reason[:300], asked_by=by):
        record_by(
            by,
            "topic.asked_all_the_same",
            target=f"topic:{topic}",
            at=at,
            fields=("asked_until", "asked_because"),
        )


def burden(program: Program, topics: Mapping[str, int], *, share: float) -> Sequence[Burden]:
    """This will forecast who would have to answer how much; `topics` counts people asked.

    A topic goes to the department that most of it was sent to; what waits there counts as well.
    """
    rows = TopicAnswering.objects.of(program).select_related("department")
    sent = {row.topic: row for row in rows}
    expected: dict[str, float] = defaultdict(float)
    for topic, people in topics.items():
        row = sent.get(topic)
        name = row.department.name if row and row.department else ""
        expected[name] += people * share * COMMENTS
    waiting: dict[str, int] = defaultdict(int)
    capacity: dict[str, int] = {}
    for row in sent.values():
        if row.department:
            waiting[row.department.name] += row.waiting
            capacity[row.department.name] = row.department.weekly_capacity * WEEKS
    return [
        Burden(name, waiting[name], round(people), capacity.get(name))
        for name, people in sorted(expected.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _last_pulse(program: Program, *, at: datetime) -> datetime | None:
    rows = Pulse.objects.of(program).launched().filter(launched_at__lte=at)
    return rows.order_by("-launched_at").values_list("launched_at", flat=True).first()
