"""Taking in many past responses at once: of a demo program, later of imported feedback.

The same rows as `intake` writes, without its questions: the caller vouches that each invitation was
open, answered once, and that the mode was offered.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from partnerloop.core import ids
from partnerloop.core.clock import week_of
from partnerloop.partners.segmenting import Place
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.asked import AskedQuestion, asked_questions
from partnerloop.pulses.models import Invitation
from partnerloop.responses.accepted import Accepted, AcceptedAnswer
from partnerloop.responses.dropping import LooseValue
from partnerloop.responses.identities import Identity, Pseudonym, Receipt
from partnerloop.responses.models import (
    AnonymousComment,
    AnonymousReceipt,
    Answer,
    Comment,
    Response,
)
from partnerloop.responses.participation import Participation
from partnerloop.responses.standing import receipt_token

BATCH = 500


@dataclass(frozen=True, slots=True)
class PastResponse:
    """What one person sent, when, and what their partner was then."""

    invitation: Invitation
    mode: Mode
    ratings: dict[int, int | None]
    words: dict[int, str]
    place: Place
    at: datetime


@dataclass(slots=True)
class _Rows:
    """The rows to be written, table by table."""

    responses: list[Response]
    identities: list[Identity]
    receipts: list[Receipt]
    participations: list[Participation]
    answers: list[Answer]
    comments: list[Comment]


@transaction.atomic
def store_past(
    program: Program, past: Sequence[PastResponse], *, new_id: Callable[[], UUID] = ids.random_id
) -> list[Accepted]:
    """Store responses and return them as evidence takes them, in the order given."""
    raters = _pseudonyms(program, past, new_id=new_id)
    rows = _Rows([], [], [], [], [], [])
    accepted = [_lay_out(program, one, rows, raters, new_id=new_id) for one in past]
    Response.objects.bulk_create(rows.responses, batch_size=BATCH)
    Answer.objects.bulk_create(rows.answers, batch_size=BATCH)
    Comment.objects.bulk_create(rows.comments, batch_size=BATCH)
    Identity.objects.bulk_create(rows.identities, batch_size=BATCH)
    Receipt.objects.bulk_create(rows.receipts, batch_size=BATCH)
    # By random id, not by arrival: the order of rows must not pair who answered with what was said.
    rows.participations.sort(key=lambda row: str(row.invitation_id))
    Participation.objects.bulk_create(rows.participations, batch_size=BATCH)
    return accepted


@dataclass(frozen=True, slots=True)
class PastRound:
    """What was said anonymously in one round: when it was over, its values, its words in order."""

    id: UUID
    over: date
    values: tuple[LooseValue, ...]
    comment_ids: tuple[UUID, ...]


@transaction.atomic
def store_past_anonymous(
    program: Program,
    past: Sequence[PastResponse],
    *,
    label: str,
    rng: random.Random,
    new_id: Callable[[], UUID] = ids.random_id,
) -> list[PastRound]:
    """Store anonymous responses as their rounds left them: mixed, with nothing but words kept.

    Rounds of fewer than five people leave no trace. The words come in the order of `past`, so that
    the caller knows what each is about; their rows are shuffled.
    """
    rounds: dict[int, list[PastResponse]] = {}
    for one in past:
        rounds.setdefault(one.invitation.round, []).append(one)
    receipts, comments, flags, found = [], [], [], []
    for answered in rounds.values():
        if len(answered) < program.pool_people:
            continue
        said: list[UUID] = []
        for one in answered:
            receipt = AnonymousReceipt(
                token_hash=ids.token_hash(str(new_id())),
                program=program,
                pulse=one.invitation.pulse,
            )
            receipts.append(receipt)
            week = week_of(one.at.date())
            flags.append(Participation(program=program, invitation=one.invitation, week=week))
            for wording, text in one.words.items():
                said.append(new_id())
                comments.append(
                    AnonymousComment(
                        id=said[-1],
                        program=program,
                        receipt=receipt,
                        wording_id=wording,
                        text=text,
                        label=label,
                        week=week,
                    )
                )
        over = max(one.at.date() for one in answered)
        found.append(PastRound(new_id(), over, tuple(_loose(program, answered)), tuple(said)))
    for rows in (receipts, comments, flags):
        rng.shuffle(rows)
    AnonymousReceipt.objects.bulk_create(receipts, batch_size=BATCH)
    AnonymousComment.objects.bulk_create(comments, batch_size=BATCH)
    Participation.objects.bulk_create(flags, batch_size=BATCH)
    return found


def _loose(program: Program, past: Iterable[PastResponse]) -> Iterator[LooseValue]:
    """Yield one value of each person for each measure."""
    for one in past:
        asked = {q.wording_id: q for q in asked_questions(program.pk, [*one.ratings])}
        last = {asked[w].measure: (asked[w], v) for w, v in one.ratings.items() if v is not None}
        for question, value in last.values():
            yield LooseValue("all", question.measure, question.is_reversed, value)


Rater = tuple[int, int, Mode]


def _pseudonyms(
    program: Program, past: Iterable[PastResponse], *, new_id: Callable[[], UUID]
) -> dict[Rater, UUID]:
    """Return everybody's pseudonym, making those that are missing."""
    rows = Pseudonym.objects.of(program).values_list("contact", "partner", "mode", "value")
    known = {(contact, partner, Mode(mode)): value for contact, partner, mode, value in rows}
    wanted = dict.fromkeys(_rater(one) for one in past)
    fresh = {rater: new_id() for rater in wanted if rater not in known}
    Pseudonym.objects.bulk_create(
        [
            Pseudonym(
                program=program, contact_id=contact, partner_id=partner, mode=mode, value=value
            )
            for (contact, partner, mode), value in fresh.items()
        ],
        batch_size=BATCH,
    )
    return known | fresh


def _rater(one: PastResponse) -> Rater:
    return one.invitation.contact_id, one.invitation.partner_id, one.mode


def _lay_out(
    program: Program,
    one: PastResponse,
    rows: _Rows,
    raters: dict[Rater, UUID],
    *,
    new_id: Callable[[], UUID],
) -> Accepted:
    response, invitation = _response(program, one, pk=new_id()), one.invitation
    token = receipt_token(response.pk)
    rows.responses.append(response)
    rows.identities.append(Identity(program=program, response=response, invitation=invitation))
    rows.receipts.append(
        Receipt(id=new_id(), program=program, response=response, token_hash=ids.token_hash(token))
    )
    rows.participations.append(
        Participation(program=program, invitation=invitation, week=week_of(response.day))
    )
    answers = _answers(program, one, response, rows, new_id=new_id)
    comments = [
        Comment(
            id=new_id(),
            program=program,
            response=response,
            wording_id=wording,
            text=text,
            day=response.day,
        )
        for wording, text in one.words.items()
    ]
    rows.comments += comments
    return Accepted(
        response_id=response.pk,
        program_id=program.pk,
        partner_id=invitation.partner_id,
        contact_id=invitation.contact_id if one.mode == Mode.NAMED else None,
        rater=raters[_rater(one)],
        mode=one.mode,
        role=invitation.role,
        place=one.place,
        day=response.day,
        at=one.at,
        answers=answers,
        comment_ids=tuple(comment.pk for comment in comments),
        receipt_token=token,
        is_change=False,
    )


def _response(program: Program, one: PastResponse, *, pk: UUID) -> Response:
    """Return the row of a response; only a named one keeps its time and its writer's role."""
    named = one.mode == Mode.NAMED
    return Response(
        id=pk,
        program=program,
        pulse_id=one.invitation.pulse_id,
        partner_id=one.invitation.partner_id,
        mode=one.mode,
        day=one.at.date(),
        received_at=one.at if named else None,
        role=one.invitation.role if named else "",
        place=one.place,
    )


def _answers(
    program: Program,
    one: PastResponse,
    response: Response,
    rows: _Rows,
    *,
    new_id: Callable[[], UUID],
) -> tuple[AcceptedAnswer, ...]:
    questions: dict[int, AskedQuestion] = {
        question.wording_id: question for question in asked_questions(program.pk, [*one.ratings])
    }
    found = []
    for wording, value in one.ratings.items():
        row = Answer(
            id=new_id(), program=program, response=response, wording_id=wording, value=value
        )
        rows.answers.append(row)
        question = questions[wording]
        found.append(AcceptedAnswer(row.pk, question.measure, question.is_reversed, value))
    return tuple(found)
