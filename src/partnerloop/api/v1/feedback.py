"""Feedback: released comments with their state, and answering them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from partnerloop.accounts.models import Membership, Role
from partnerloop.actions.answering import CannotMove, NothingWritten, answer
from partnerloop.actions.inbox import items
from partnerloop.actions.models import FeedbackItem, State
from partnerloop.api.callers import Bearer, caller_of
from partnerloop.api.paging import Limit, sheet
from partnerloop.api.problems import Problem
from partnerloop.api.repeating import Key, reply_once, require_key
from partnerloop.api.v1.shapes import (
    AnsweredShape,
    AnswerShape,
    FeedbackListShape,
    FeedbackShape,
)
from partnerloop.core import clock
from partnerloop.integrations.keys.repeating import Asked
from partnerloop.integrations.models import KeyScope
from partnerloop.release.comments import words

router = Router(tags=["feedback"])


@router.get("/feedback", response=FeedbackListShape, auth=Bearer(KeyScope.FEEDBACK))
def list_feedback(
    request: HttpRequest,
    state: State | None = None,
    cursor: str = "",
    limit: Limit = 50,
) -> FeedbackListShape:
    """Return feedback items that the member may see, in an order that tells nothing."""
    program, member = caller_of(request)
    wanted = state.value if state else None
    seen = items(program, by=member, at=clock.now(), state=wanted)
    found = sheet(seen, of=f"feedback.{program.pk}", cursor=cursor, limit=limit)
    return FeedbackListShape(
        feedback=[_shape(item) for item in found.rows], next_cursor=found.next_cursor
    )


@router.post(
    "/feedback/{uuid:feedback_id}/answer",
    response={201: AnsweredShape},
    auth=Bearer(KeyScope.ANSWERS),
)
def answer_feedback(
    request: HttpRequest,
    response: HttpResponse,
    feedback_id: UUID,
    written: AnswerShape,
    idempotency_key: Key = "",
) -> Status[dict[str, Any]]:
    """Answer an item in the name of the member who made the key; a repeat answers once."""
    require_key(idempotency_key)
    _program, member = caller_of(request)
    if member.role == Role.EXECUTIVE:
        raise Problem(403, "Executives read; answering is for those who run the loop.")
    asked = Asked(idempotency_key, f"answer:{feedback_id}", written.text)
    return reply_once(
        request, response, asked, work=lambda: _answered(member, feedback_id, written.text)
    )


def _answered(member: Membership, feedback_id: UUID, text: str) -> dict[str, Any]:
    at = clock.now()
    item = items(member.program, by=member, at=at).filter(pk=feedback_id).first()
    if item is None:
        raise Problem(404, "There is no such feedback.")
    try:
        written = answer(item, text, by=member, at=at)
    except NothingWritten:
        raise Problem(422, "Write what they should read first.") from None
    except CannotMove:
        raise Problem(409, "This item can't be answered in its state.") from None
    shape = AnsweredShape(
        id=written.pk, feedback_id=item.pk, state=item.state, answered_at=written.at
    )
    return shape.model_dump(mode="json")


def _shape(item: FeedbackItem) -> FeedbackShape:
    said = words(item.comment)
    return FeedbackShape(
        id=item.pk,
        state=item.state,
        text=said.text,
        measure=said.measure,
        week=said.week,
        source=said.source,
        named=said.named,
        partner_id=said.partner_id,
        department=item.department.name if item.department else None,
        due_on=item.due_at.date(),
    )
