"""Taking in what a person sent: values as given, the identity split off, once per invitation.

A second submission by the same link changes what the first one said and adds nothing. The mode of
the first one stays: a promise is not renegotiated after the answer.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import models

from partnerloop.core import ids
from partnerloop.core.clock import week_of
from partnerloop.core.storing import KEEPS_THE_OLDER, add
from partnerloop.partners.models import SegmentAttribute, SegmentKey
from partnerloop.partners.segmenting import Place
from partnerloop.programs.models import Mode
from partnerloop.programs.prepared import Given, Prepared
from partnerloop.pulses.asked import AskedQuestion, asked_questions
from partnerloop.pulses.models import COUNTED_WAYS, Invitation
from partnerloop.responses.accepted import Accepted, AcceptedAnswer, Submission
from partnerloop.responses.identities import Identity, ModeChoice, Pseudonym, Receipt
from partnerloop.responses.models import Answer, Comment, Response
from partnerloop.responses.participation import Participation
from partnerloop.responses.standing import Standing, receipt_token

PROGRAM = Given("program", models.BigIntegerField())
PARTNER = Given("partner", models.BigIntegerField())
PLACE = Prepared(
    lambda: (
        SegmentAttribute.objects.of(PROGRAM)
        .current(Given("on", models.DateField()))
        .filter(partner=PARTNER)
        .exclude(key=SegmentKey.TAG)
        .values_list("key", "value")
    )
)
PSEUDONYM = Prepared(
    lambda: (
        Pseudonym.objects.of(PROGRAM)
        .filter(
            partner=PARTNER,
            contact=Given("contact", models.BigIntegerField()),
            mode=Given("mode", models.CharField()),
        )
        .values_list("value")
    )
)

TAKES_THE_MODE = "ON CONFLICT (contact_id, partner_id) DO UPDATE SET mode = excluded.mode"


class NothingSaid(Exception):
    """A submission held no rating and no words; there is nothing to store."""


class InvitationExpired(Exception):
    """The link is older than its pulse allows."""


class AlreadyAnswered(Exception):
    """The link was used, and what it brought in can no longer be changed by it."""


class ModeNotOffered(Exception):
    """The submission asks for a mode that its pulse does not offer to this person."""


def accept(
    invitation: Invitation,
    submission: Submission,
    *,
    stands: Standing,
    offered: tuple[Mode, ...],
    at: datetime,
) -> Accepted:
    """Store a submission; call it inside the transaction that also takes the evidence.

    `stands` is what the link brought in before, `offered` the modes whose sentence was shown.
    """
    if at >= invitation.expires_at:
        raise InvitationExpired
    asked = {q.wording_id: q for q in asked_questions(invitation.program_id, invitation.asked)}
    ratings, words = heard(submission, asked)
    if stands.response_id is None:
        if not ratings and not words:
            raise NothingSaid
        if stands.is_spent:
            raise AlreadyAnswered
        mode = chosen_mode(submission, offered)
        response = _begin(invitation, mode, at=at)
        # elsewhere a name is all that is offered: nothing was chosen
        if stands.usual_mode != mode and invitation.pulse.way in COUNTED_WAYS:
            remember_mode(invitation, mode)
        answers = _write_answers(response, ratings, asked)
        comments = _write_words(response, words, at=at)
    else:
        response = Response.objects.of(invitation.program_id).get(pk=stands.response_id)
        answers = _change_answers(response, ratings, asked)
        comments = _add_words(response, words, at=at)
    return Accepted(
        response_id=response.pk,
        program_id=invitation.program_id,
        partner_id=invitation.partner_id,
        contact_id=invitation.contact_id if response.mode == Mode.NAMED else None,
        rater=_pseudonym(invitation, Mode(response.mode)),
        mode=Mode(response.mode),
        role=invitation.role,
        place=response.place,
        day=response.day,
        at=at,
        answers=answers,
        comment_ids=comments,
        receipt_token=receipt_token(response.pk),
        is_change=stands.response_id is not None,
    )


def accept_words(invitation: Invitation, text: str, *, number: UUID, at: datetime) -> UUID | None:
    """Store words that answer no question without who wrote them; None where they are in already.

    No identity is written at all: only the receipt, whose token follows from `number`, leads back.
    """
    program = invitation.program_id
    response, is_new = Response.objects.of(program).get_or_create(
        pk=number,
        defaults={
            "program_id": program,
            "pulse_id": invitation.pulse_id,
            "partner_id": invitation.partner_id,
            "mode": Mode.CONFIDENTIAL,
            "day": at.date(),
            "place": _place(invitation, at=at),
        },
    )
    if not is_new:
        return None
    Receipt.objects.create(
        program_id=program, response=response, token_hash=ids.token_hash(receipt_token(number))
    )
    comment = Comment.objects.create(
        program_id=program, response=response, text=text.strip()[:2000], day=at.date()
    )
    return comment.pk


def heard(
    submission: Submission, asked: Mapping[int, AskedQuestion]
) -> tuple[dict[int, int | None], dict[int, str]]:
    """Return the ratings and words of a submission that belong to what was asked."""
    ratings = {w: v for w, v in submission.ratings.items() if w in asked and asked[w].is_rated}
    words = {w: t.strip() for w, t in submission.words.items() if w in asked and t.strip()}
    return ratings, words


def chosen_mode(submission: Submission, offered: tuple[Mode, ...]) -> Mode:
    """Return the mode that a submission counts in: where none was chosen, one that protects."""
    if submission.mode is None:
        usual = (Mode.CONFIDENTIAL, Mode.ANONYMOUS, *offered)
        return next(mode for mode in usual if mode in offered)
    if submission.mode not in offered:
        raise ModeNotOffered(submission.mode)
    return submission.mode


def remember_mode(invitation: Invitation, mode: Mode) -> None:
    """Keep how a person answered last, for the next time they are asked."""
    chosen = ModeChoice(
        program_id=invitation.program_id,
        contact_id=invitation.contact_id,
        partner_id=invitation.partner_id,
        mode=mode,
    )
    add([chosen], otherwise=TAKES_THE_MODE)


def _begin(invitation: Invitation, mode: Mode, *, at: datetime) -> Response:
    """Write the response and, apart from it, who it is from and that this person answered."""
    named = mode == Mode.NAMED
    program = invitation.program_id
    response = Response(
        program_id=program,
        pulse_id=invitation.pulse_id,
        partner_id=invitation.partner_id,
        mode=mode,
        day=at.date(),
        received_at=at if named else None,
        role=invitation.role if named else "",
        place=_place(invitation, at=at),
    )
    receipt, link = ids.token_hash(receipt_token(response.pk)), invitation.pk
    week = week_of(at.date())
    add([response])
    add([Identity(program_id=program, response_id=response.pk, invitation_id=link)])
    add([Receipt(program_id=program, response_id=response.pk, token_hash=receipt)])
    add([Participation(program_id=program, invitation_id=link, week=week)])
    return response


def _place(invitation: Invitation, *, at: datetime) -> Place:
    rows = PLACE.ask(program=invitation.program_id, partner=invitation.partner_id, on=at.date())
    place: Place = dict(rows)  # type: ignore[assignment]
    return place


def _pseudonym(invitation: Invitation, mode: Mode) -> UUID:
    whose = {
        "program": invitation.program_id,
        "contact": invitation.contact_id,
        "partner": invitation.partner_id,
        "mode": mode,
    }
    known = PSEUDONYM.first(**whose)
    if known is None:
        fresh = Pseudonym(
            program_id=invitation.program_id,
            contact_id=invitation.contact_id,
            partner_id=invitation.partner_id,
            mode=mode,
        )
        # another answer of the same person may have been faster: then its name holds
        add([fresh], otherwise=KEEPS_THE_OLDER)
        [known] = PSEUDONYM.ask(**whose)
    return known[0]


def _write_answers(
    response: Response, ratings: dict[int, int | None], asked: dict[int, AskedQuestion]
) -> tuple[AcceptedAnswer, ...]:
    rows = [
        Answer(program_id=response.program_id, response_id=response.pk, wording_id=w, value=v)
        for w, v in ratings.items()
    ]
    add(rows)
    return tuple(_accepted(row, asked) for row in rows)


def _change_answers(
    response: Response, ratings: dict[int, int | None], asked: dict[int, AskedQuestion]
) -> tuple[AcceptedAnswer, ...]:
    """Overwrite the values that were given before, keeping their ids, and add new ones."""
    Answer.objects.bulk_create(
        [
            Answer(program_id=response.program_id, response_id=response.pk, wording_id=w, value=v)
            for w, v in ratings.items()
        ],
        update_conflicts=True,
        update_fields=["value"],
        unique_fields=["response", "wording"],
    )
    kept = Answer.objects.of(response.program_id).filter(response=response, wording__in=ratings)
    return tuple(_accepted(row, asked) for row in kept)


def _accepted(row: Answer, asked: dict[int, AskedQuestion]) -> AcceptedAnswer:
    question = asked[row.wording_id]
    return AcceptedAnswer(row.pk, question.measure, question.is_reversed, row.value)


def _write_words(response: Response, words: dict[int, str], *, at: datetime) -> tuple[UUID, ...]:
    rows = _comments(response, words, at=at)
    add(rows)
    return tuple(row.pk for row in rows)


def _add_words(response: Response, words: dict[int, str], *, at: datetime) -> tuple[UUID, ...]:
    """Add comments; one already stored keeps its words, others may have read it."""
    Comment.objects.bulk_create(_comments(response, words, at=at), ignore_conflicts=True)
    kept = Comment.objects.of(response.program_id).filter(response=response, wording__in=words)
    return tuple(kept.values_list("pk", flat=True))


def _comments(response: Response, words: dict[int, str], *, at: datetime) -> list[Comment]:
    return [
        Comment(
            program_id=response.program_id,
            response_id=response.pk,
            wording_id=w,
            text=text[:2000],
            day=at.date(),
        )
        for w, text in words.items()
    ]
