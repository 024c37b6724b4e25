"""Rights over what people sent: copies, erasing, and forgetting who wrote what in time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from partnerloop.core import ids
from partnerloop.partners.models import Contact
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.asked import asked_questions
from partnerloop.responses.drafting import kept
from partnerloop.responses.drafts import Draft
from partnerloop.responses.identities import Identity, ModeChoice, Pseudonym
from partnerloop.responses.models import AnonymousReceipt, Answer, Comment, Response
from partnerloop.responses.spoken import SpokenWords

KEPT_AFTER = timedelta(days=35)
LONGEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Sent:
    """One response of a person, as a copy of it is handed out."""

    response_id: UUID
    mode: Mode
    partner: str
    day: date
    ratings: tuple[tuple[str, int | None], ...]
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """What was deleted here and has to follow elsewhere."""

    named_raters: tuple[UUID, ...]
    confidential: tuple[UUID, ...]
    named_comments: tuple[UUID, ...]
    unnamed_comments: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Forgettable:
    """A confidential response of which only words are left, and when they were written."""

    response_id: UUID
    day: date
    comment_ids: tuple[UUID, ...]


def forget_values(program: Program, answer_ids: Iterable[UUID | str]) -> int:
    """Delete the raw values of confidential answers that live on in an atom; return how many."""
    rows = Answer.objects.of(program).filter(pk__in=list(answer_ids))
    deleted, _ = rows.filter(response__mode=Mode.CONFIDENTIAL).delete()
    return deleted


def forget_leftovers(program: Program, *, waiting: Collection[UUID], on: date) -> int:
    """Delete confidential values older than 35 days that wait for no atom: expired, or no value."""
    rows = Answer.objects.of(program).filter(
        response__mode=Mode.CONFIDENTIAL, response__day__lte=on - KEPT_AFTER
    )
    gone = [pk for pk in rows.values_list("pk", flat=True) if pk not in waiting]
    for start in range(0, len(gone), 500):
        Answer.objects.of(program).filter(pk__in=gone[start : start + 500]).delete()
    return len(gone)


def forgettable(program: Program, *, on: date) -> list[Forgettable]:
    """Return the confidential responses whose values are gone, but whose writers are known."""
    known = Identity.objects.of(program).filter(
        response__mode=Mode.CONFIDENTIAL, response__day__lte=on - KEPT_AFTER
    )
    busy = set(
        Answer.objects.of(program)
        .filter(response__mode=Mode.CONFIDENTIAL)
        .values_list("response", flat=True)
    )
    rows = [
        (pk, day)
        for pk, day in known.values_list("response", "response__day")
        if pk not in busy or day <= on - LONGEST
    ]
    said: dict[UUID, list[UUID]] = {}
    comments = Comment.objects.of(program).filter(response__mode=Mode.CONFIDENTIAL)
    for pk, response in comments.values_list("pk", "response"):
        said.setdefault(response, []).append(pk)
    return [Forgettable(pk, day, tuple(said.get(pk, ()))) for pk, day in rows]


def forget_writers(program: Program, responses: Iterable[UUID]) -> int:
    """Forget who wrote confidential responses; their receipts lead on to their words."""
    rows = Identity.objects.of(program).filter(response__in=list(responses))
    gone, _ = rows.filter(response__mode=Mode.CONFIDENTIAL).delete()
    return gone


def forget_receipts(program: Program, *, on: date) -> None:
    """Delete anonymous receipts a year after their round, and those without words after 35 days."""
    rows = AnonymousReceipt.objects.of(program)
    rows.filter(pulse__closes_at__date__lte=on - LONGEST).delete()
    spoken = AnonymousReceipt.objects.of(program).filter(comments__isnull=True)
    spoken.filter(pulse__closes_at__date__lte=on - KEPT_AFTER).delete()


def sent_by(contact: Contact, *, modes: Collection[Mode]) -> list[Sent]:
    """Return what a person sent in some modes, as far as it is known to be theirs, oldest first.

    Copies for the vendor hold named answers only; the others go to the person alone.
    """
    known = Identity.objects.of(contact.program_id).filter(
        invitation__contact=contact, response__mode__in=[mode.value for mode in modes]
    )
    rows = Response.objects.of(contact.program_id).filter(pk__in=known.values("response"))
    found = [_sent(row) for row in rows.select_related("partner").order_by("day", "pk")]
    return found + _spoken(contact) if Mode.NAMED in modes else found


def drafted_by(contact: Contact) -> list[tuple[str, str, str]]:
    """Return what a person sent without choosing a mode, for that person alone.

    Each is the pulse, the question, and the value or words.
    """
    waiting = Draft.objects.of(contact.program_id).filter(invitation__contact=contact)
    found = []
    for row in waiting.select_related("invitation__pulse"):
        draft, link = kept(row.invitation), row.invitation
        if draft is None:
            continue
        asked = {q.wording_id: q.text for q in asked_questions(link.program_id, link.asked)}
        given = {w: "can't judge" if v is None else f"{v}" for w, v in draft.ratings.items()}
        given |= draft.words
        found += [(link.pulse.name, asked[w], told) for w, told in given.items() if w in asked]
    return found


def _spoken(contact: Contact) -> list[Sent]:
    said = SpokenWords.objects.of(contact.program_id).filter(contact=contact)
    return [
        Sent(one.pk, Mode.NAMED, one.partner.name, one.said_at.date(), (), (("", one.text),))
        for one in said.select_related("partner").order_by("said_at")
    ]


def told_by(contact: Contact) -> list[tuple[date, str, str]]:
    """Return what a person told of their own accord, always named: day, partner, words."""
    rows = SpokenWords.objects.of(contact.program_id).filter(contact=contact)
    found = rows.select_related("partner").order_by("said_at")
    return [(row.said_at.date(), row.partner.name, row.text) for row in found]


def erase(contact: Contact) -> Erased:
    """Delete what a person sent, as far as it is known to be theirs, and all that points at them.

    Call it inside the transaction that also erases the evidence and the released words.
    """
    program = contact.program_id
    mine = Identity.objects.of(program).filter(invitation__contact=contact)
    responses = dict(mine.values_list("response", "response__mode"))
    said = Comment.objects.of(program).filter(response__in=responses)
    words = list(said.values_list("pk", "response__mode"))
    spoken = SpokenWords.objects.of(program).filter(contact=contact)
    names = Pseudonym.objects.of(program).filter(contact=contact).values_list("value", "mode")
    erased = Erased(
        named_raters=tuple(value for value, mode in names if mode == Mode.NAMED),
        confidential=tuple(value for value, mode in names if mode != Mode.NAMED),
        named_comments=(
            *(pk for pk, mode in words if mode == Mode.NAMED),
            *spoken.values_list("pk", flat=True),
        ),
        unnamed_comments=tuple(pk for pk, mode in words if mode != Mode.NAMED),
    )
    spoken.delete()
    mine.delete()
    Draft.objects.of(program).filter(invitation__contact=contact).delete()
    Response.objects.of(program).filter(pk__in=responses).delete()
    Pseudonym.objects.of(program).filter(contact=contact).delete()
    ModeChoice.objects.of(program).filter(contact=contact).delete()
    return erased


def rekey(program: Program) -> dict[UUID, UUID]:
    """Give every person a new pseudonym for each mode; return the new by the old."""
    rows = list(Pseudonym.objects.of(program))
    fresh = {}
    for row in rows:
        fresh[row.value] = row.value = ids.random_id()
    Pseudonym.objects.of(program).bulk_update(rows, ["value"], batch_size=500)
    return fresh


def _sent(row: Response) -> Sent:
    answers = Answer.objects.of(row.program_id).filter(response=row).select_related("wording")
    comments = Comment.objects.of(row.program_id).filter(response=row).select_related("wording")
    return Sent(
        response_id=row.pk,
        mode=Mode(row.mode),
        partner=row.partner.name,
        day=row.day,
        ratings=tuple((one.wording.text, one.value) for one in answers),
        words=tuple((one.wording.text if one.wording else "", one.text) for one in comments),
    )
