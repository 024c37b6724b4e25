"""The private receipt: what I said and what became of it, without an account."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerloop.actions.inbox import Became, became
from partnerloop.actions.models import State
from partnerloop.core.clock import week_of
from partnerloop.programs.models import Mode
from partnerloop.responses.reply import ReceiptView, Said, open_receipt
from partnerloop.web.components import Message
from partnerloop.web.components import Said as Quoted
from partnerloop.web.respond.pages import Given, Letterhead, ReceiptItem, ReceiptPage, unknown_link


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Show one person what became of what they said."""
    found = open_receipt(token)
    if found is None:
        return HttpResponseNotFound(
            render(request, "respond/notice.html", {"page": unknown_link()})
        )
    with translation.override(found.language):
        outcomes = became(found.program, [said.comment_id for said in found.comments])
        page = ReceiptPage(
            letterhead=Letterhead(
                found.program.vendor_name,
                about=_about(found),
                language=found.language,
            ),
            items=[_item(found, said, outcomes.get(said.comment_id)) for said in found.comments],
            ratings=[_given(rated.question, rated.value) for rated in found.ratings],
            ratings_basis=_basis(found),
            privacy_line=_privacy(found),
        )
        return render(request, "respond/receipt.html", {"page": page})


def _item(found: ReceiptView, said: Said, outcome: Became | None) -> ReceiptItem:
    quoted = Quoted(words=said.text, source=_source(found))
    if outcome is None:
        # A held comment looks like one that has just come in: the day it is released stays unknown.
        return ReceiptItem(said=quoted, state=State.RECEIVED)
    return ReceiptItem(
        said=quoted,
        state=outcome.state,
        messages=[
            Message(author=answer.by, when=date_format(answer.at, "j F Y"), words=answer.text)
            for answer in outcome.answers
        ],
    )


def _about(found: ReceiptView) -> str:
    if not found.partner_name:
        return ""
    return gettext("for {partner}").format(partner=found.partner_name)


def _source(found: ReceiptView) -> str:
    if found.day is None:
        return gettext("You")
    return gettext("You, in the week of {week}").format(
        week=date_format(week_of(found.day), "j F Y")
    )


def _given(question: str, value: int | None) -> Given:
    return Given(question, gettext("can’t judge") if value is None else str(value))


def _basis(found: ReceiptView) -> str:
    if found.mode == Mode.NAMED:
        return gettext("Counted at once, with your name.")
    if found.mode == Mode.ANONYMOUS:
        return gettext(
            "Your ratings are mixed with those of others once a week; this link does not lead to "
            "them. Words appear here after that."
        )
    return gettext("Counted only together with others; the single values are deleted afterwards.")


def _privacy(found: ReceiptView) -> str:
    vendor = found.program.vendor_name
    if found.mode == Mode.NAMED:
        return gettext("{vendor} sees that this was you.").format(vendor=vendor)
    return gettext(
        "{vendor} sees your words without your name; replies reach you only here."
    ).format(vendor=vendor)
