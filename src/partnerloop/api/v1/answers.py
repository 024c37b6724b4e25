"""Answering by another system, for example a form of the partner portal: by name only."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from partnerloop.accounts.models import Membership
from partnerloop.api.callers import Bearer
from partnerloop.api.problems import Problem
from partnerloop.api.repeating import Key, reply_once, require_key
from partnerloop.api.v1.asks import runner
from partnerloop.api.v1.people import person_of
from partnerloop.api.v1.shapes_of_asking import AnswersShape, PersonShape, StoredShape
from partnerloop.core import clock
from partnerloop.integrations.keys.repeating import Asked
from partnerloop.integrations.models import KeyScope
from partnerloop.loop.asking import NoModeOffered
from partnerloop.loop.receiving import receive
from partnerloop.loop.requesting import begin_own
from partnerloop.planning.reasons import NotAsked, Reason, sentence
from partnerloop.programs.models import Mode
from partnerloop.pulses.asked import AskedQuestion, asked_questions
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.responses.accepted import Submission
from partnerloop.responses.intake import AlreadyAnswered, InvitationExpired, NothingSaid

router = Router(tags=["asking"])
CLOSED = "The questions of this ask are closed."


@router.post("/answers", response={201: StoredShape}, auth=Bearer(KeyScope.ANSWER_BY_NAME))
def store_answers(
    request: HttpRequest,
    response: HttpResponse,
    said: AnswersShape,
    idempotency_key: Key = "",
) -> Status[dict[str, Any]]:
    """Store what one person said, under their name; a second answer to an ask changes the first."""
    require_key(idempotency_key)
    member = runner(request)
    asked = Asked(idempotency_key, "answers", said.model_dump_json())
    return reply_once(request, response, asked, work=lambda: _stored(said, by=member))


def _stored(said: AnswersShape, *, by: Membership) -> dict[str, Any]:
    keys = [one.question for one in said.answers] + [one.question for one in said.comments]
    if not keys:
        raise Problem(422, "There is no answer and no comment in it.")
    if len(keys) != len(set(keys)):
        raise Problem(422, "A question is answered twice.")
    if (said.ask_id is None) == (said.person is None):
        raise Problem(422, "Name either the ask or the person.")
    if said.person is not None:
        asked = _begun(said.person, keys, by=by)
    else:
        asked = _ask(said.ask_id, by=by)
    try:
        stored = receive(asked, _submission(said, asked), at=clock.now())
    except NothingSaid:
        raise Problem(422, "There is no answer and no comment in it.") from None
    except (InvitationExpired, AlreadyAnswered):
        raise Problem(409, CLOSED) from None
    shape = StoredShape(
        ask_id=asked.pk,
        contact_id=asked.contact_id,
        partner_id=asked.partner_id,
        mode="named",
        changed=stored.is_change,
        receipt_url=f"{settings.PARTNERLOOP_URL}/r/{stored.receipt_token}",
    )
    return shape.model_dump(mode="json")


def _begun(meant: PersonShape, keys: list[str], *, by: Membership) -> Invitation:
    contact, partner = person_of(meant, by=by)
    try:
        found = begin_own(contact, partner, keys=keys, at=clock.now())
    except NoModeOffered:
        told = "Answers by API count by name, and this program does not offer that."
        raise Problem(409, told) from None
    if isinstance(found, Reason):
        if found.key == NotAsked.NO_QUESTION:
            told = "One of these questions is not in the bank, or not for the role of this person."
            raise Problem(422, told)
        raise Problem(409, sentence(found, name=contact.name))
    return found


def _ask(ask_id: UUID | None, *, by: Membership) -> Invitation:
    """Return the ask that is answered. One by mail has a link of its own, which only they have."""
    rows = Invitation.objects.of(by.program_id).filter(pulse__way=Pulse.Way.PORTAL)
    found = rows.select_related("program", "pulse", "contact", "partner")
    ask = found.filter(pk=ask_id).first() if ask_id else None
    if ask is None:
        raise Problem(404, "There is no such ask in the portal.")
    return ask


def _submission(said: AnswersShape, asked: Invitation) -> Submission:
    questions = {one.key: one for one in asked_questions(asked.program_id, asked.asked)}
    return Submission(
        mode=Mode.NAMED,
        ratings={
            _question(questions, one.question, rated=True): (
                None if one.value == "cannot_judge" else one.value
            )
            for one in said.answers
        },
        words={_question(questions, one.question, rated=False): one.text for one in said.comments},
    )


def _question(questions: Mapping[str, AskedQuestion], key: str, *, rated: bool) -> int:
    found = questions.get(key)
    if found is None:
        raise Problem(422, f"This ask does not hold the question {key}.")
    if found.is_rated != rated:
        told = "a number" if found.is_rated else "words"
        raise Problem(422, f"The question {key} is answered by {told}.")
    return found.wording_id
