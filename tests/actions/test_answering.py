"""Feedback items: one state each, every move with a who and a when, nothing disappears."""

import uuid
from datetime import timedelta

import pytest

from partnerloop.actions.answering import (
    CannotMove,
    NothingWritten,
    ReasonMissing,
    answer,
    decline,
    finish,
    merge,
    plan,
    route,
)
from partnerloop.actions.inbox import became, items
from partnerloop.actions.models import FeedbackItem, FollowUp, State
from partnerloop.actions.opening import open_items
from partnerloop.core.models import Event
from partnerloop.partners.models import Department
from partnerloop.release.models import ReleasedComment
from tests.world import MONDAY, World, make_world

HOUR = timedelta(hours=1)


@pytest.fixture
def world(db) -> World:
    return make_world()


def said(world: World, text: str) -> FeedbackItem:
    comment = ReleasedComment.objects.create(
        program=world.program,
        comment_id=uuid.uuid4(),
        text=text,
        week=MONDAY.date(),
        released_at=MONDAY,
        label="one of your partners",
    )
    return open_items(world.program, [comment], at=MONDAY)[0]


def test_every_comment_opens_one_item_with_a_due_time(world):
    item = said(world, "Slow")
    assert item.state == State.RECEIVED
    assert item.due_at == MONDAY + 48 * HOUR
    assert open_items(world.program, [item.comment], at=MONDAY) == []


def test_answering_tells_the_writer_and_keeps_a_trace(world):
    item = said(world, "Slow")
    answer(item, " We will. ", by=world.priya, at=MONDAY + HOUR)
    item.refresh_from_db()
    assert item.state == State.ANSWERED
    trace = [(t.state, t.by) for t in item.transitions.all()]
    assert trace == [("received", None), ("answered", world.priya)]
    outcome = became(world.program, [item.comment.comment_id])[item.comment.comment_id]
    assert [one.text for one in outcome.answers] == ["We will."]
    assert Event.objects.get().kind == "feedback.answered"


def test_declining_needs_a_reason_and_answering_needs_words(world):
    item = said(world, "Slow")
    with pytest.raises(ReasonMissing):
        decline(item, "  ", by=world.priya, at=MONDAY)
    with pytest.raises(NothingWritten):
        answer(item, "", by=world.priya, at=MONDAY)
    item.refresh_from_db()
    assert item.state == State.RECEIVED
    assert not FollowUp.objects.of(world.program).exists()


def test_a_department_takes_over_and_its_lead_becomes_the_owner(world):
    support = Department.objects.create(
        program=world.program, key="support", name="Support", lead=world.priya
    )
    item = said(world, "Slow")
    route(item, support, by=world.priya, at=MONDAY)
    item.refresh_from_db()
    assert (item.state, item.department, item.owner) == (State.ROUTED, support, world.priya)


def test_a_merged_item_shows_the_answers_of_the_other(world):
    one, two = said(world, "Slow"), said(world, "Late")
    merge(two, one, by=world.priya, at=MONDAY)
    plan(one, "In spring.", by=world.priya, at=MONDAY + HOUR)
    outcome = became(world.program, [two.comment.comment_id])[two.comment.comment_id]
    assert outcome.state == State.PLANNED
    assert [one.text for one in outcome.answers] == ["In spring."]


def test_it_refuses_steps_that_make_no_sense(world):
    one, two = said(world, "Slow"), said(world, "Late")
    finish(one, "Done.", by=world.priya, at=MONDAY)
    with pytest.raises(CannotMove):
        decline(one, "Too late", by=world.priya, at=MONDAY)
    with pytest.raises(CannotMove):
        merge(two, two, by=world.priya, at=MONDAY)
    merge(two, one, by=world.priya, at=MONDAY)
    with pytest.raises(CannotMove):
        answer(two, "Again", by=world.priya, at=MONDAY)


def test_each_item_is_in_exactly_one_state(world):
    for number in range(6):
        said(world, f"Comment {number}")
    by_state = [items(world.program, by=world.priya, at=MONDAY, state=s).count() for s in State]
    assert sum(by_state) == FeedbackItem.objects.of(world.program).count() == 6
