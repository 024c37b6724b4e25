"""Taking a response as evidence: a named value counts at once, a confidential one waits."""

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from partnerloop.core.storing import add, quoted
from partnerloop.evidence.models import NamedAnswer, PendingAnswer
from partnerloop.evidence.scale import oriented
from partnerloop.programs.models import Mode, Program
from partnerloop.responses.accepted import Accepted, AcceptedAnswer

BATCH = 500
# All of a waiting row but whose it is: a replaced one is as if it had come now. Its id is new, too,
# for an id that stays would tell copies of the database whose row this was before.
REPLACED = ("id", "answer_id", "partner", "value", "day", "pool", "pool_level", "waits_since")


def take(accepted: Accepted) -> tuple[NamedAnswer, ...]:
    """Store the evidence and return what may move a score now: named values, else nothing."""
    scored = [answer for answer in accepted.answers if answer.value is not None]
    _withdraw(accepted)
    if accepted.mode == Mode.NAMED:
        return _take_named(accepted, scored)
    _take_confidential(accepted, scored)
    return ()


def take_all(program: Program, accepted: Iterable[Accepted]) -> None:
    """Store the evidence of many responses at once, the oldest first; none may be a change."""
    waiting: dict[tuple[UUID, str], PendingAnswer] = {}
    named: list[NamedAnswer] = []
    for one in accepted:
        scored = [answer for answer in one.answers if answer.value is not None]
        if one.mode == Mode.NAMED:
            named += [_named_row(one, answer) for answer in scored]
        else:
            waiting.update({(one.rater, a.measure): _pending_row(one, a) for a in scored})
    fresh = list(waiting.values())
    for start in range(0, len(fresh), BATCH):
        add(fresh[start : start + BATCH], otherwise=_replaced())
    NamedAnswer.objects.bulk_create(named, batch_size=BATCH)


def _withdraw(accepted: Accepted) -> None:
    """Take back values that a change turned into "I can't judge"."""
    if not accepted.is_change:
        return
    gone = [answer.id for answer in accepted.answers if answer.value is None]
    NamedAnswer.objects.of(accepted.program_id).filter(pk__in=gone).delete()
    waiting = PendingAnswer.objects.of(accepted.program_id).filter(consumed_in__isnull=True)
    waiting.filter(answer_id__in=gone).delete()


def _take_named(accepted: Accepted, scored: list[AcceptedAnswer]) -> tuple[NamedAnswer, ...]:
    rows = [_named_row(accepted, answer) for answer in scored]
    if accepted.is_change:
        NamedAnswer.objects.bulk_create(
            rows, update_conflicts=True, update_fields=["value"], unique_fields=["id"]
        )
    else:
        add(rows)
    return tuple(rows)


def _take_confidential(accepted: Accepted, scored: list[AcceptedAnswer]) -> None:
    """Put values into the waiting room; a newer value of a person replaces the one that waits.

    One insert: where one waits, its row becomes the newer one whole. A value that was counted stays
    counted: its correction waits for the next atom.
    """
    add([_pending_row(accepted, answer) for answer in scored], otherwise=_replaced())


@cache
def _replaced() -> str:
    """Return what an insert does where a value of that person and measure waits already."""
    person, measure, consumed, *told = (
        quoted(PendingAnswer, name) for name in ("pseudonym", "measure", "consumed_in", *REPLACED)
    )
    becomes = ", ".join(f"{name} = excluded.{name}" for name in told)
    return f"ON CONFLICT ({person}, {measure}) WHERE {consumed} IS NULL DO UPDATE SET {becomes}"


def _named_row(accepted: Accepted, answer: AcceptedAnswer) -> NamedAnswer:
    return NamedAnswer(
        id=answer.id,
        program_id=accepted.program_id,
        partner_id=accepted.partner_id,
        contact_id=accepted.contact_id,
        rater=accepted.rater,
        role=accepted.role,
        measure=answer.measure,
        value=_oriented(answer),
        at=accepted.at,
        place=accepted.place,
    )


def _pending_row(accepted: Accepted, answer: AcceptedAnswer) -> PendingAnswer:
    return PendingAnswer(
        program_id=accepted.program_id,
        answer_id=answer.id,
        partner_id=accepted.partner_id,
        pseudonym=accepted.rater,
        measure=answer.measure,
        value=_oriented(answer),
        day=accepted.day,
        waits_since=accepted.day,
    )


def _oriented(answer: AcceptedAnswer) -> int:
    assert answer.value is not None
    return oriented(answer.value, is_reversed=answer.is_reversed)
