"""What became of the demo program's comments: answered, planned, done, declined, or waiting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.random import Generator

from partnerloop.accounts.models import Membership
from partnerloop.actions.models import FeedbackItem, FollowUp, State, Transition
from partnerloop.demo.comments import words
from partnerloop.demo.writing.asks import Topic
from partnerloop.demo.writing.ecosystem import Ecosystem
from partnerloop.demo.writing.staff import Staff
from partnerloop.partners.models import Department
from partnerloop.release.models import ReleasedComment

BATCH = 500
DEPARTMENTS = {
    "communication": "marketing",
    "conflict": "finance",
    "cooperation": "marketing",
    "credibility": "supply",
    "mutual_interest": "marketing",
    "commitment": "product",
}
HOURS, HOURS_SPREAD = 26.0, 0.8
"""Median time to an answer, and its spread on the logarithm."""
LEFT_LYING = 0.24
OLDEST_OPEN = timedelta(days=15)
OVERDUE = timedelta(days=3)
"""At least one older item waits: a newcomer sees what overdue looks like."""
PLANNED, DONE, DECLINED, MERGED = 0.16, 0.65, 0.05, 0.02


@dataclass(slots=True)
class Rows:
    """The rows to be written, table by table."""

    items: list[FeedbackItem] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)


def write_feedback(
    released: Sequence[ReleasedComment],
    topics: dict[UUID, Topic],
    staff: Staff,
    ecosystem: Ecosystem,
    *,
    at: datetime,
    rng: Generator,
) -> None:
    """This will open an item for every released comment and let the vendor's people work on it."""
    desk = _Desk(staff, ecosystem, at=at, rng=rng)
    ordered = sorted(released, key=lambda row: (row.released_at, str(row.comment_id)))
    overlooked = next(
        (row for row in ordered if OVERDUE < at - row.released_at < OLDEST_OPEN), None
    )
    for comment in ordered:
        desk.work_on(comment, topics[comment.comment_id], overlooked=comment is overlooked)
    FeedbackItem.objects.bulk_create(desk.rows.items, batch_size=BATCH)
    FollowUp.objects.bulk_create(desk.rows.follow_ups, batch_size=BATCH)
    Transition.objects.bulk_create(desk.rows.transitions, batch_size=BATCH)


class _Desk:
    """Everybody at the vendor who answers, and what they did so far."""

    def __init__(self, staff: Staff, ecosystem: Ecosystem, *, at: datetime, rng: Generator) -> None:
        pairs = zip(ecosystem.partners, ecosystem.managers, strict=True)
        self.staff, self.at, self.rng = staff, at, rng
        self.managers = {partner.pk: manager for partner, manager in pairs}
        self.rows = Rows()
        self.answered: dict[Topic, FeedbackItem] = {}

    def work_on(self, comment: ReleasedComment, topic: Topic, *, overlooked: bool) -> None:
        """Open one item and move it as far as its age allows; an overlooked one waits."""
        item, owner = self._open(comment, topic)
        draws = self.rng.random(5)
        hours = float(self.rng.lognormal(np.log(HOURS), HOURS_SPREAD))
        age = self.at - item.received_at
        lies = overlooked or (draws[0] < LEFT_LYING and age < OLDEST_OPEN)
        answered_at = item.received_at + timedelta(hours=min(hours, 24.0 * 14))
        if draws[1] < 0.5:
            self._route(item, topic)
        if lies or answered_at >= self.at:
            return
        similar = self.answered.get(topic)
        if draws[2] < MERGED and similar is not None:
            item.merged_into = similar
            self._move(item, State.MERGED, owner, answered_at)
        elif draws[2] < MERGED + DECLINED and topic.level == "middle":
            reason = self._one(words().declined)
            self._say(item, State.DECLINED, reason, owner, answered_at, reason=reason)
        else:
            self._answer(item, topic, owner, answered_at, draws)

    def _answer(
        self,
        item: FeedbackItem,
        topic: Topic,
        owner: Membership,
        answered_at: datetime,
        draws: np.ndarray,
    ) -> None:
        reply = self._one(words().replies[topic.metric][topic.level])
        self._say(item, State.ANSWERED, reply, owner, answered_at)
        self.answered[topic] = item
        if topic.level == "high" or draws[3] >= PLANNED:
            return
        planned_at = answered_at + timedelta(days=2 + 5 * draws[4])
        done_at = planned_at + timedelta(days=20 + 40 * draws[4])
        if planned_at < self.at:
            self._say(item, State.PLANNED, self._one(words().planned), owner, planned_at)
            if done_at < self.at and draws[3] < PLANNED * DONE:
                self._say(item, State.DONE, self._one(words().done), owner, done_at)

    def _open(self, comment: ReleasedComment, topic: Topic) -> tuple[FeedbackItem, Membership]:
        manager = self.managers.get(comment.partner_id or 0)
        department = self._department(topic)
        owner = manager or (department and department.lead) or self.staff.chief
        item = FeedbackItem(
            program=self.staff.program,
            comment=comment,
            partner_id=comment.partner_id,
            owner=owner,
            received_at=comment.released_at,
            due_at=comment.released_at + timedelta(hours=self.staff.program.answer_within_hours),
        )
        self.rows.items.append(item)
        self._move(item, State.RECEIVED, None, item.received_at)
        return item, owner

    def _route(self, item: FeedbackItem, topic: Topic) -> None:
        routed_at = item.received_at + timedelta(hours=1 + 3 * float(self.rng.random()))
        department = self._department(topic)
        if routed_at >= self.at or department is None:
            return
        item.department, item.owner = department, department.lead
        self._move(item, State.ROUTED, self.staff.chief, routed_at, reason=department.name)

    def _department(self, topic: Topic) -> Department | None:
        """Return who can do something about it; a relation is for those who are in it."""
        key = DEPARTMENTS.get(topic.metric)
        return self.staff.departments[key] if key else None

    def _say(
        self,
        item: FeedbackItem,
        state: State,
        text: str,
        by: Membership,
        at: datetime,
        *,
        reason: str = "",
    ) -> None:
        writer = item.owner or by
        self.rows.follow_ups.append(
            FollowUp(program=self.staff.program, feedback_item=item, by=writer, text=text, at=at)
        )
        self._move(item, state, writer, at, reason=reason)

    def _move(
        self,
        item: FeedbackItem,
        state: State,
        by: Membership | None,
        at: datetime,
        *,
        reason: str = "",
    ) -> None:
        item.state = state
        self.rows.transitions.append(
            Transition(
                program=self.staff.program,
                feedback_item=item,
                state=state,
                by=by,
                at=at,
                reason=reason,
            )
        )

    def _one(self, among: Sequence[str]) -> str:
        return among[int(self.rng.integers(len(among)))]
