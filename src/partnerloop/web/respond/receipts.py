"""The private receipt: what I said and what became of it, without an account."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerloop.actions.inbox import Became, became
from partnerloop.actions.models import State
from partnerloop.core import clock
from partnerloop.core.clock import week_of
from partnerloop.core.dates import written_day
from partnerloop.core.speaking import spoken
from partnerloop.loop.hearing import ask_behind
from partnerloop.loop.moving import may_become_anonymous
from partnerloop.programs.models import Mode
from partnerloop.responses.reply import ReceiptView, Said, open_receipt
from partnerloop.web.components import Message
from partnerloop.web.components import Said as Quoted
from partnerloop.web.respond.linking import nowhere
from partnerloop.web.respond.pages import (
    Given,
    Letterhead,
    Links,
    ReceiptItem,
    ReceiptPage,
)


def opened(token: str) -> ReceiptView | None:
    """This will open a receipt, in the browser's language where nothing tells another."""
    found = open_receipt(token)
    if found is None:
        return None
    here = translation.get_language() or ""
    wanted = (found.language, found.program.language) if found.language else (here,)
    return replace(found, language=spoken(*wanted))


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Show one person what became of what they said."""
    found = opened(token)
    if found is None:
        return nowhere(request)
    with translation.override(found.language):
        return show(request, token, found)


Wrong = tuple[UUID, str]


def show(
    request: HttpRequest, token: str, found: ReceiptView, *, wrong: Wrong | None = None
) -> HttpResponse:
    """Show a receipt; `wrong` says what is wrong with a reply to one of its comments."""
    outcomes = became(found.program, [said.comment_id for said in found.comments])
    movable = found.mode == Mode.CONFIDENTIAL and may_become_anonymous(token, at=clock.now())
    page = ReceiptPage(
        letterhead=Letterhead(
            found.program.vendor_name, about=_about(found), language=found.language
        ),
        items=[
            _item(found, said, outcomes.get(said.comment_id), token, wrong=wrong)
            for said in found.comments
        ],
        ratings=[_given(rated.question, rated.value) for rated in found.ratings],
        ratings_basis=_basis(found),
        privacy_line=_privacy(found),
        anonymous_url=reverse("respond:anonymous", args=[token]) if movable else "",
        links=Links(
            promise=reverse("respond:promise", args=[found.program.slug]),
            tell_us_now=reverse("respond:receipt-now", args=[token]) if ask_behind(token) else "",
        ),
    )
    status = 422 if wrong else 200
    return render(request, "respond/receipt.html", {"page": page}, status=status)


def _item(
    found: ReceiptView, said: Said, outcome: Became | None, token: str, *, wrong: Wrong | None
) -> ReceiptItem:
    quoted = Quoted(words=said.text, source=_source(found))
    if outcome is None:
        # A held comment looks like one that has just come in: the day it is released stays unknown.
        return ReceiptItem(said=quoted, state=State.RECEIVED)
    reply_url = reverse("respond:reply", args=[token, said.comment_id])
    return ReceiptItem(
        said=quoted,
        state=outcome.state,
        messages=_talk(outcome),
        reply_url=reply_url if outcome.may_reply else "",
        reply_hint=_reply_hint(found),
        reply_error=wrong[1] if wrong and wrong[0] == said.comment_id else "",
    )


def _talk(outcome: Became) -> list[Message]:
    """Return both sides in order; what is not shown to the vendor yet stands last."""
    last = datetime.max.replace(tzinfo=UTC)
    ours = [
        (one.at, Message(author=one.by, when=written_day(one.at), words=one.text))
        for one in outcome.answers
    ]
    mine = [
        (
            one.shown_at or last,
            Message(
                author=gettext("You"),
                when=gettext("week of {week}").format(week=written_day(one.week)),
                words=one.text,
                side="theirs",
                voice="partner",
            ),
        )
        for one in outcome.replies
    ]
    return [message for _, message in sorted([*ours, *mine], key=lambda pair: pair[0])]


def _reply_hint(found: ReceiptView) -> str:
    if found.mode == Mode.NAMED:
        return ""
    return gettext(
        "Names, addresses and numbers that we recognise are taken out, and it is passed on with "
        "others once a day, without your name."
    )


def _about(found: ReceiptView) -> str:
    if not found.partner_name:
        return ""
    return gettext("for {partner}").format(partner=found.partner_name)


def _source(found: ReceiptView) -> str:
    if found.day is None:
        return gettext("You")
    return gettext("You, in the week of {week}").format(week=written_day(week_of(found.day)))


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
