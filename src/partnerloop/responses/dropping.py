"""Dropping an anonymous answer: sealed, unnamed, once per link; and taking a round's drops out."""

import json
import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from partnerloop.core import ids
from partnerloop.programs.models import Mode, Program
from partnerloop.programs.sealing import seal_without_time, unseal
from partnerloop.pulses.asked import AskedQuestion, asked_questions
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.responses.accepted import Submission
from partnerloop.responses.drops import Drop, SpentLink
from partnerloop.responses.intake import (
    AlreadyAnswered,
    InvitationExpired,
    NothingSaid,
    heard,
    remember_mode,
)
from partnerloop.responses.models import AnonymousComment, AnonymousReceipt
from partnerloop.responses.participation import Participation
from partnerloop.responses.standing import Standing

BATCH = 500
# A round of thousands would be written anew for each answer; more than so many hide it no better.
MIXED = 200
CHANCE = secrets.SystemRandom()


class Content(TypedDict):
    """What a drop seals: its group, values and words by wording; nothing of its writer."""

    cell: str
    values: list[tuple[int, int]]
    words: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class LooseValue:
    """One anonymous value, raw as given, with the group it counts in."""

    cell: str
    measure: str
    is_reversed: bool
    value: int


@dataclass(frozen=True, slots=True)
class Opened:
    """What a round's drops held: values and words that belong to nobody and not together."""

    values: tuple[LooseValue, ...]
    comment_ids: tuple[UUID, ...]


def drop(invitation: Invitation, submission: Submission, *, stands: Standing, at: datetime) -> str:
    """Seal a submission, spend its link and return the token of its receipt, known to nobody else.

    Call it inside a transaction. `AlreadyAnswered` tells of a link that was used.
    """
    if at >= invitation.expires_at:
        raise InvitationExpired
    asked = {q.wording_id: q for q in asked_questions(invitation.program_id, invitation.asked)}
    ratings, words = heard(submission, asked)
    if not ratings and not words:
        raise NothingSaid
    if stands.was_used:
        raise AlreadyAnswered
    if stands.usual_mode != Mode.ANONYMOUS:
        remember_mode(invitation, Mode.ANONYMOUS)
    return put(invitation, _values(ratings, asked), words)


def put(invitation: Invitation, values: Mapping[int, int], words: Mapping[int, str]) -> str:
    """Write a drop among the round's others and spend its link; return the receipt's token.

    Up to `MIXED` others, drawn by chance from all, are written anew with it: as many hide it.
    """
    token = ids.new_token()
    content: Content = {
        "cell": invitation.cell,
        "values": list(values.items()),
        "words": [(wording, text[:2000]) for wording, text in words.items()],
    }
    Pulse.objects.select_for_update().of(invitation.program_id).get(pk=invitation.pulse_id)
    SpentLink.objects.create(program_id=invitation.program_id, invitation=invitation)
    waiting = Drop.objects.of(invitation.program_id).filter(pulse=invitation.pulse_id)
    numbers = list(waiting.values_list("pk", flat=True))
    rows = waiting.filter(pk__in=CHANCE.sample(numbers, min(MIXED, len(numbers))))
    drops = [
        *rows,
        Drop(
            token_hash=ids.token_hash(token),
            program_id=invitation.program_id,
            pulse_id=invitation.pulse_id,
            sealed=seal_without_time(json.dumps(content)),
        ),
    ]
    rows.delete()
    Drop.objects.bulk_create(sorted(drops, key=lambda row: row.token_hash), batch_size=BATCH)
    return token


def rounds(program_id: int) -> list[Pulse]:
    """Return the pulses that have drops or spent links waiting."""
    dropped = Drop.objects.of(program_id).values("pulse")
    spent = SpentLink.objects.of(program_id).values("invitation__pulse")
    found = Pulse.objects.of(program_id)
    return list((found.filter(pk__in=dropped) | found.filter(pk__in=spent)).distinct())


def waiting(pulse: Pulse) -> int:
    """Return how many drops of a round wait."""
    return Drop.objects.of(pulse.program_id).filter(pulse=pulse).count()


def put_values(invitation: Invitation, ratings: Mapping[int, int | None]) -> dict[int, int]:
    """Return the values of ratings as a drop holds them: one for each measure."""
    asked = {q.wording_id: q for q in asked_questions(invitation.program_id, invitation.asked)}
    return _values(ratings, asked)


def spent_links(program: Program) -> list[UUID]:
    """Return the links that were spent and not noted yet, so that nobody is reminded of them."""
    return list(SpentLink.objects.of(program).values_list("invitation", flat=True))


def was_opened(pulse: Pulse) -> bool:
    """Return whether drops of the round were rewritten before, so that a few more hide there."""
    return AnonymousReceipt.objects.of(pulse.program_id).filter(pulse=pulse).exists()


def open_drops(
    pulse: Pulse, *, week: date, labels: Mapping[str, str], rng: random.Random
) -> Opened:
    """Take out all drops of a round: words and receipts are rewritten, values handed on, shuffled.

    Call it inside a transaction, and another one for `flag`: the two must not share a number.
    """
    rows = list(Drop.objects.of(pulse.program_id).filter(pulse=pulse).select_for_update())
    rng.shuffle(rows)
    values, comments, receipts = [], [], []
    for row in rows:
        content: Content = json.loads(unseal(row.sealed))
        receipt = AnonymousReceipt(
            token_hash=row.token_hash, program_id=pulse.program_id, pulse=pulse
        )
        receipts.append(receipt)
        values += _loose(content, pulse)
        comments += _comments(content, receipt, week=week, labels=labels)
    for part in (values, comments, receipts):
        rng.shuffle(part)
    Drop.objects.of(pulse.program_id).filter(pk__in=[row.pk for row in rows]).delete()
    _rewrite(pulse, receipts, comments)
    return Opened(tuple(values), tuple(comment.pk for comment in comments))


def flag(pulse: Pulse, *, week: date, rng: random.Random) -> int:
    """Write that the people of spent links answered, in random order; return how many."""
    rows = list(SpentLink.objects.of(pulse.program_id).filter(invitation__pulse=pulse))
    rng.shuffle(rows)
    Participation.objects.bulk_create(
        (
            Participation(program_id=row.program_id, invitation_id=row.invitation_id, week=week)
            for row in rows
        ),
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    return forget_spent(pulse)


def forget_spent(pulse: Pulse) -> int:
    """Forget which links of a round were spent; return how many."""
    gone, _ = SpentLink.objects.of(pulse.program_id).filter(invitation__pulse=pulse).delete()
    return gone


def _rewrite(
    pulse: Pulse, receipts: list[AnonymousReceipt], comments: list[AnonymousComment]
) -> None:
    """Write receipts and words among those of the round that are there already."""
    older = AnonymousReceipt.objects.of(pulse.program_id).filter(pulse=pulse)
    said = list(AnonymousComment.objects.of(pulse.program_id).filter(receipt__in=older))
    every = sorted([*older, *receipts], key=lambda row: row.token_hash)
    older.delete()
    AnonymousReceipt.objects.bulk_create(every, batch_size=BATCH)
    AnonymousComment.objects.bulk_create(
        sorted([*said, *comments], key=lambda row: row.pk), batch_size=BATCH
    )


def _values(
    ratings: Mapping[int, int | None], asked: Mapping[int, AskedQuestion]
) -> dict[int, int]:
    """Return one value for each measure, the last: one person counts once in a mean."""
    last = {asked[w].measure: (w, value) for w, value in ratings.items() if value is not None}
    return dict(last.values())


def _loose(content: Content, pulse: Pulse) -> list[LooseValue]:
    found = []
    for wording, value in content["values"]:
        (question,) = asked_questions(pulse.program_id, [wording])
        found.append(LooseValue(content["cell"], question.measure, question.is_reversed, value))
    return found


def _comments(
    content: Content,
    receipt: AnonymousReceipt,
    *,
    week: date,
    labels: Mapping[str, str],
) -> list[AnonymousComment]:
    return [
        AnonymousComment(
            id=ids.random_id(),
            program_id=receipt.program_id,
            receipt=receipt,
            wording_id=wording,
            text=text,
            label=labels.get(content["cell"], ""),
            week=week,
        )
        for wording, text in content["words"]
    ]
