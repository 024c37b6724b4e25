"""How well topics are answered, written down a row each, and what follows for asking."""

from datetime import timedelta
from uuid import uuid4

import pytest

from partnerloop.actions.answering import answer
from partnerloop.actions.models import FeedbackItem
from partnerloop.actions.opening import open_items
from partnerloop.core.models import AuditEntry
from partnerloop.loop.accounting import note_answering
from partnerloop.loop.asking import launch
from partnerloop.partners.models import Department
from partnerloop.planning.answerable import ask_all_the_same, burden, held_back, held_topics
from partnerloop.planning.models import TopicAnswering
from partnerloop.planning.preview import plan, preview
from partnerloop.pulses.models import Question
from partnerloop.release.models import ReleasedComment
from tests.world import MONDAY, World

TOPIC = "communication"
LATER = MONDAY + timedelta(days=4)


def said(world: World, count: int, *, topic: str = TOPIC, at=MONDAY) -> list[FeedbackItem]:
    comments = [
        ReleasedComment.objects.create(
            program=world.program,
            comment_id=uuid4(),
            text=f"Words {number}",
            measure=topic,
            week=at.date(),
            released_at=at,
            label="one of your partners",
        )
        for number in range(count)
    ]
    return open_items(world.program, comments, at=at)


def test_what_is_due_and_answered_is_counted_by_topic(world: World) -> None:
    items = said(world, 4)
    said(world, 2, at=LATER - timedelta(hours=1))  # not due yet
    answer(items[0], "Thank you.", by=world.priya, at=MONDAY + timedelta(days=3))
    note_answering(world.program, LATER)
    row = TopicAnswering.objects.of(world.program).get()
    assert (row.topic, row.due, row.answered, row.waiting) == (TOPIC, 4, 1, 5)
    assert row.told_at == MONDAY + timedelta(days=3)
    note_answering(world.program, LATER + timedelta(days=120))
    row.refresh_from_db()
    assert (row.due, row.waiting) == (0, 0)


@pytest.mark.parametrize(("answered", "held"), [(6, True), (7, False)])
def test_below_seven_in_ten_a_topic_is_held(world: World, answered: int, held: bool) -> None:
    for item in said(world, 10)[:answered]:
        answer(item, "Thank you.", by=world.priya, at=MONDAY + timedelta(days=1))
    note_answering(world.program, LATER)
    assert (TOPIC in held_topics(world.program, at=LATER)) is held


def test_two_items_that_slipped_hold_nothing(world: World) -> None:
    said(world, 2)
    note_answering(world.program, LATER)
    assert held_back(world.program, at=LATER) == []


def test_something_due_and_nobody_told_since_the_last_pulse_holds(world: World) -> None:
    for item in said(world, 3):
        answer(item, "Thank you.", by=world.priya, at=MONDAY + timedelta(hours=1))
    launch(world.pulse(), by=world.priya, at=MONDAY + timedelta(hours=2))
    note_answering(world.program, LATER)
    [held] = held_back(world.program, at=LATER)
    assert (held.topic, held.is_silent) == (TOPIC, True)
    for item in said(world, 1, at=LATER):
        answer(item, "Thank you.", by=world.priya, at=LATER)
    note_answering(world.program, LATER)
    assert held_back(world.program, at=LATER) == []


def test_a_held_topic_is_asked_about_at_its_floor_only(world: World) -> None:
    said(world, 5)
    note_answering(world.program, LATER)
    asked = [each.questions for each in plan(world.pulse(), at=LATER).chosen]
    measures = {q.measure for questions in asked for q in questions}
    assert TOPIC not in measures
    launch(world.pulse("Other"), by=world.priya, at=LATER)
    long = LATER + timedelta(days=120)
    said(world, 5, at=long - timedelta(days=10))
    note_answering(world.program, long)
    due = [each.questions for each in plan(world.pulse("Long"), at=long).chosen]
    rated = {q.measure for questions in due for q in questions if q.kind == Question.Kind.RATED}
    words = {q.measure for questions in due for q in questions if q.kind == Question.Kind.OPEN}
    assert TOPIC in rated  # nobody there was asked about it for 105 days
    assert TOPIC not in words


def test_a_member_overrides_it_for_a_quarter_with_a_reason(world: World) -> None:
    said(world, 5)
    note_answering(world.program, LATER)
    ask_all_the_same(world.program, TOPIC, reason="New lead.", by=world.priya, at=LATER)
    assert held_topics(world.program, at=LATER) == frozenset()
    note_answering(world.program, LATER)  # the daily count forgets no reason
    row = TopicAnswering.objects.of(world.program).get()
    assert (row.asked_because, row.asked_by) == ("New lead.", world.priya)
    assert AuditEntry.objects.filter(action="topic.asked_all_the_same").count() == 1
    assert TOPIC in held_topics(world.program, at=LATER + timedelta(days=92))


def test_a_department_that_would_have_too_much_is_named(world: World) -> None:
    support = Department.objects.create(
        program=world.program, key="support", name="Support", weekly_capacity=3
    )
    FeedbackItem.objects.of(world.program).filter(
        pk__in=[item.pk for item in said(world, 4)]
    ).update(department=support)
    note_answering(world.program, MONDAY)
    few = burden(world.program, {TOPIC: 10, "conflict": 30}, share=0.3)
    loads = {one.department: (one.waiting, one.expected, one.is_too_much) for one in few}
    assert loads == {"Support": (4, 1, False), "": (0, 3, False)}
    [many] = burden(world.program, {TOPIC: 40}, share=0.3)
    assert (many.waiting, many.expected, many.capacity, many.is_too_much) == (4, 4, 6, True)


def test_the_preview_forecasts_comments(world: World) -> None:
    seen = preview(world.pulse(), at=MONDAY)
    assert sum(one.expected for one in seen.burden) == round(7 * 0.3 / 3)
    assert preview(world.pulse("None", asks_open_question=False), at=MONDAY).burden == []
