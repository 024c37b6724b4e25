"""Receiving an answer: one transaction from the form to the score.

Durable before the reply; the rest is done by the worker from one event.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from partnerloop.core import ids, outbox
from partnerloop.evidence.offering import offer
from partnerloop.evidence.taking import take
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Invitation
from partnerloop.release.veiling import draw_over_named
from partnerloop.responses.accepted import Accepted, Submission
from partnerloop.responses.drafting import forget
from partnerloop.responses.dropping import drop
from partnerloop.responses.intake import accept, chosen_mode
from partnerloop.responses.standing import standing
from partnerloop.scores.refresh import rescore, take_named


@dataclass(frozen=True, slots=True)
class Received:
    """What the person is told: under which promise it was stored, and where to look later."""

    mode: Mode
    receipt_token: str
    is_change: bool


def receive(invitation: Invitation, submission: Submission, *, at: datetime) -> Received:
    """Store a submission, take it as evidence, move the score it may move, and say it happened."""
    with transaction.atomic():
        stands = standing(invitation)
        offered = _offered(invitation, submission, at=at)
        if (stands.mode or chosen_mode(submission, offered)) == Mode.ANONYMOUS:
            # Nothing else follows: no evidence yet, no event, no score, nobody is told.
            token = drop(invitation, submission, stands=stands, at=at)
            forget(invitation)
            return Received(Mode.ANONYMOUS, token, is_change=False)
        accepted = accept(invitation, submission, stands=stands, offered=offered, at=at)
        if stands.has_draft:
            forget(invitation)
        named = take(accepted)
        if accepted.is_change and accepted.mode == Mode.NAMED:
            rescore(accepted.program_id, [accepted.partner_id], at=at)
        else:
            take_named(accepted.partner_id, named, at=at)
        moved = {answer.measure for answer in named}
        draw_over_named(accepted.program_id, accepted.partner_id, moved, at=at)
        _announce(accepted)
    return Received(accepted.mode, accepted.receipt_token, accepted.is_change)


def _offered(invitation: Invitation, submission: Submission, *, at: datetime) -> tuple[Mode, ...]:
    """Return the modes on offer. Being named needs no look at the colleagues: it always counts."""
    if submission.mode == Mode.NAMED and Mode.NAMED in invitation.pulse.modes:
        return (Mode.NAMED,)
    return offer(invitation, at=at).modes


def _announce(accepted: Accepted) -> None:
    """Put one event into the outbox; an unnamed rating alone causes none, nothing may react."""
    named = accepted.mode == Mode.NAMED
    if not named and not accepted.comment_ids:
        return
    payload = {
        "comments": [str(number) for number in accepted.comment_ids],
        "contact": accepted.contact_id,
        "partner": accepted.partner_id if named else None,
    }
    happening = outbox.Happening(
        kind="response.received",
        key=f"response:{ids.random_id()}",
        program_id=accepted.program_id,
        payload=payload,
    )
    outbox.publish(happening, at=accepted.at)
