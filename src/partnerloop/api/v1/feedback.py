"""Feedback: released comments with their state, and answering them."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from ninja.params.functions import Header

from partnerloop.accounts.models import Membership, Role
from partnerloop.actions.answering import CannotMove, NothingWritten, answer
from partnerloop.actions.inbox import items
from partnerloop.actions.models import FeedbackItem, State
from partnerloop.api.callers import Bearer, caller_of, key_of
from partnerloop.api.paging import Limit, sheet
from partnerloop.api.problems import Problem
from partnerloop.api.v1.shapes import (
    AnsweredShape,
    AnswerShape,
    FeedbackListShape,
    FeedbackShape,
)
from partnerloop.core import clock
from partnerloop.integrations.keys.repeating import Asked, KeyUsedOtherwise, once
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
    idempotency_key: Annotated[str, Header(max_length=255)] = "",
) -> Status[dict[str, Any]]:
    """Answer an item in the name of the member who made the key; a repeat answers once."""
    if not idempotency_key:
        raise Problem(400, "Send an Idempotency-Key, so that a repeat does not answer twice.")
    _program, member = caller_of(request)
    if member.role == Role.EXECUTIVE:
        raise Problem(403, "Executives read; answering is for those who run the loop.")
    asked = Asked(idempotency_key, f"answer:{feedback_id}", written.text)
    try:
        heard = once(
            asked,
            by=key_of(request),
            at=clock.now(),
            work=lambda: _answered(member, feedback_id, written.text),
        )
    except KeyUsedOtherwise:
        raise Problem(422, "This Idempotency-Key came before with another request.") from None
    if heard.is_repeat:
        response.headers["Idempotent-Replayed"] = "true"
    return Status(heard.status, heard.body)


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
