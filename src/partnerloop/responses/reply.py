"""Reaching the writer of a comment without telling who it is; and what their receipt shows.

Nothing that this module knows is handed to pages of the vendor: `addressee` is for `loop` alone,
which writes the mail.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from partnerloop.core import ids
from partnerloop.partners.models import Contact
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.models import Invitation, Wording
from partnerloop.pulses.wording import with_vendor
from partnerloop.responses.drops import Drop
from partnerloop.responses.identities import Identity, Receipt
from partnerloop.responses.models import (
    AnonymousComment,
    AnonymousReceipt,
    Answer,
    Comment,
    Response,
)
from partnerloop.responses.spoken import SpokenWords
from partnerloop.responses.standing import receipt_token


@dataclass(frozen=True, slots=True)
class Said:
    """One comment as its writer reads it on the receipt."""

    comment_id: UUID
    text: str
    question: str


@dataclass(frozen=True, slots=True)
class Rated:
    """One value as its writer reads it on the receipt; None for "I can't judge"."""

    question: str
    value: int | None


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What a person's private receipt page shows of their own response.

    Without a language nothing tells which one its writer reads: the browser does.
    """

    program: Program
    partner_name: str
    mode: Mode
    day: date | None
    language: str
    ratings: tuple[Rated, ...]
    comments: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where to tell a named writer that an answer came."""

    contact: Contact
    receipt_token: str
    partner_id: int
    mail_number: str = ""


def open_receipt(token: str) -> ReceiptView | None:
    """Return the receipt behind a private link, or None where there is none."""
    found = Receipt.objects.across_programs().filter(token_hash=ids.token_hash(token))
    receipt = found.select_related("response__partner", "program").first()
    if receipt is None:
        return _open_spoken(token) or open_anonymous(token)
    response, program = receipt.response, receipt.program
    answers = Answer.objects.of(program).filter(response=response).select_related("wording")
    comments = Comment.objects.of(program).filter(response=response).select_related("wording")
    worded = [answer.wording for answer in answers]
    worded += [comment.wording for comment in comments if comment.wording]
    return ReceiptView(
        program=program,
        partner_name=response.partner.name,
        mode=Mode(response.mode),
        day=response.day,
        language=worded[0].language if worded else "",
        ratings=tuple(
            Rated(question=_said(answer.wording, program), value=answer.value) for answer in answers
        ),
        comments=tuple(
            Said(
                comment_id=comment.pk,
                text=comment.text,
                question=_said(comment.wording, program) if comment.wording else "",
            )
            for comment in comments
        ),
    )


def open_anonymous(token: str) -> ReceiptView | None:
    """Return what an anonymous receipt shows: words alone, and those only once they are mixed."""
    number = ids.token_hash(token)
    receipt = AnonymousReceipt.objects.across_programs().filter(pk=number).first()
    sealed = Drop.objects.across_programs().filter(pk=number).first()
    row = receipt or sealed
    if row is None:
        return None
    said = AnonymousComment.objects.of(row.program_id).filter(receipt=number)
    comments = list(said.select_related("wording"))
    program = row.program
    return ReceiptView(
        program=program,
        partner_name="",
        mode=Mode.ANONYMOUS,
        day=comments[0].week if comments else None,
        language=comments[0].wording.language if comments else "",
        ratings=(),
        comments=tuple(
            Said(comment_id=one.pk, text=one.text, question=_said(one.wording, program))
            for one in comments
        ),
    )


def writer_of_receipt(token_hash: str) -> tuple[Response, Invitation] | None:
    """Return a response and its link by the hash of its receipt, while its writer is known."""
    receipt = Receipt.objects.across_programs().filter(token_hash=token_hash).first()
    if receipt is None:
        return None
    rows = Identity.objects.of(receipt.program_id).filter(response=receipt.response_id)
    identity = rows.select_related(
        "response", "invitation__pulse", "invitation__program", "invitation__contact"
    ).first()
    return (identity.response, identity.invitation) if identity else None


def writer_behind(token: str) -> tuple[int, int, int] | None:
    """Return program, contact and partner of a receipt whose writer is known, else None."""
    hashed = ids.token_hash(token)
    found = writer_of_receipt(hashed)
    if found is not None:
        return found[1].program_id, found[1].contact_id, found[1].partner_id
    spoken = SpokenWords.objects.across_programs().filter(receipt_hash=hashed)
    return spoken.values_list("program_id", "contact_id", "partner_id").first()


def own_receipts(contact: Contact) -> list[tuple[str, Response]]:
    """Return the receipts of a person, as far as it is known that they are theirs, newest first.

    Named ones for good, confidential ones until their writer is forgotten, anonymous ones never.
    """
    known = Identity.objects.of(contact.program_id).filter(invitation__contact=contact)
    rows = Response.objects.of(contact.program_id).filter(pk__in=known.values("response"))
    ordered = rows.select_related("partner").order_by("-day", "pk")
    return [(receipt_token(row.pk), row) for row in ordered]


def addressee(program: Program | int, comment_id: UUID) -> Addressee | None:
    """Return where to write to about a comment: named people only.

    A mail to an unnamed writer would tell the mail server's owner who it was; unnamed people find
    the answer on their receipt page.
    """
    comment = Comment.objects.of(program).filter(pk=comment_id).first()
    if comment is None:
        return _speaker(program, comment_id)
    identity = _identity(program, comment.response_id)
    if identity is None or identity.response.mode != Mode.NAMED:
        return None
    return Addressee(
        contact=identity.invitation.contact,
        receipt_token=receipt_token(comment.response_id),
        partner_id=identity.invitation.partner_id,
    )


def _speaker(program: Program | int, words_id: UUID) -> Addressee | None:
    words = SpokenWords.objects.of(program).filter(pk=words_id).select_related("contact").first()
    if words is None:
        return None
    token = receipt_token(words.pk)
    return Addressee(words.contact, token, words.partner_id, words.mail_number)


def _open_spoken(token: str) -> ReceiptView | None:
    """Return what the receipt of words shows that answered no question."""
    found = SpokenWords.objects.across_programs().filter(receipt_hash=ids.token_hash(token))
    words = found.select_related("program", "partner", "contact").first()
    if words is None:
        return None
    return ReceiptView(
        program=words.program,
        partner_name=words.partner.name,
        mode=Mode.NAMED,
        day=words.said_at.date(),
        language=words.contact.language or words.program.language,
        ratings=(),
        comments=(Said(comment_id=words.pk, text=words.text, question=""),),
    )


def _said(wording: Wording, program: Program) -> str:
    return with_vendor(wording.text, vendor=program.vendor_name)


def _identity(program: Program | int, response_id: UUID) -> Identity | None:
    rows = Identity.objects.of(program).filter(response=response_id)
    return rows.select_related("response", "invitation__contact").first()
