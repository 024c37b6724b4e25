"""Asking one person on request: within the contact budget, with the decision and its reason."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from partnerloop.accounts.models import Membership
from partnerloop.api.callers import Bearer, caller_of
from partnerloop.api.problems import Problem
from partnerloop.api.repeating import Key, reply_once, require_key
from partnerloop.api.v1.people import person_of
from partnerloop.api.v1.shapes_of_asking import (
    AskRequestShape,
    AskShape,
    DecisionShape,
    QuestionShape,
)
from partnerloop.core import clock
from partnerloop.integrations.keys.repeating import Asked
from partnerloop.integrations.models import KeyScope
from partnerloop.loop.asking import NoModeOffered
from partnerloop.loop.requesting import Request, ask_one, promise_of
from partnerloop.planning.reasons import Asked as Why
from partnerloop.planning.reasons import Reason, sentence
from partnerloop.planning.single import askable
from partnerloop.pulses.asked import asked_questions
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.pulses.wording import with_vendor

router = Router(tags=["asking"])
WAYS = {"mail": Pulse.Way.REQUEST, "portal": Pulse.Way.PORTAL}


@router.post("/asks", response={201: DecisionShape}, auth=Bearer(KeyScope.ASKS))
def request_ask(
    request: HttpRequest,
    response: HttpResponse,
    wanted: AskRequestShape,
    idempotency_key: Key = "",
) -> Status[dict[str, Any]]:
    """Ask one contact, if the contact budget allows it; the answer says why, or why not."""
    require_key(idempotency_key)
    member = runner(request)
    asked = Asked(idempotency_key, "asks", wanted.model_dump_json())
    return reply_once(request, response, asked, work=lambda: _decided(wanted, by=member))


def runner(request: HttpRequest) -> Membership:
    """Return the member of a key that may aim a question at one person."""
    _program, member = caller_of(request)
    if not member.runs_program:
        told = "Asking one person is for owners and channel chiefs: nobody picks who is heard."
        raise Problem(403, told)
    return member


def ask_shape(asked: Invitation) -> AskShape:
    """Return an ask with its questions in the person's words."""
    questions = asked_questions(asked.program_id, asked.asked)
    vendor = asked.program.vendor_name
    return AskShape(
        ask_id=asked.pk,
        expires_at=asked.expires_at,
        language=questions[0].language,
        promise=promise_of(asked),
        questions=[
            QuestionShape(
                key=one.key,
                kind="rated" if one.is_rated else "open",
                text=with_vendor(one.text, vendor=vendor),
                low=one.low,
                high=one.high,
                follows=one.follows,
            )
            for one in questions
        ],
    )


def _decided(wanted: AskRequestShape, *, by: Membership) -> dict[str, Any]:
    at = clock.now()
    contact, partner = person_of(wanted.person, by=by)
    known = {question.key for question in askable(by.program, wanted.questions, at=at)}
    unknown = [key for key in wanted.questions if key not in known]
    if unknown:
        raise Problem(422, f"The bank has no such question: {', '.join(unknown)}.")
    try:
        asking = Request(contact, partner, WAYS[wanted.way], wanted.questions)
        found = ask_one(asking, by=by, at=at)
    except NoModeOffered:
        told = "Asks on request are answered by name, and this program does not offer that."
        raise Problem(409, told) from None
    was_asked = isinstance(found, Invitation)
    reason = Reason(Why.REQUESTED) if isinstance(found, Invitation) else found
    shape = DecisionShape(
        decision="asked" if was_asked else "not_asked",
        contact_id=contact.pk,
        partner_id=partner.pk,
        reason=reason.key,
        because=sentence(reason, name=contact.name),
        possible_from=reason.next,
        ask=ask_shape(found) if isinstance(found, Invitation) else None,
    )
    return shape.model_dump(mode="json")
