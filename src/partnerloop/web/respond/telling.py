"""Tell us now: words of one's own, at any time, also behind a link whose questions are closed.

By name they are in the inbox at once. Where the person may stay unknown, their words can go the way
of unnamed comments instead, and nobody keeps whose they are.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from partnerloop.core import clock, ids
from partnerloop.evidence.offering import Offer, offer
from partnerloop.integrations.email.taps import may_say_more
from partnerloop.loop.hearing import LONGEST, Heard, ask_behind, hear_by_link, hear_unnamed
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Invitation
from partnerloop.web.components import Choice, Choices
from partnerloop.web.respond.framing import language_of, letterhead, links
from partnerloop.web.respond.linking import by_link, nowhere
from partnerloop.web.respond.pages import Links, NoticePage, OnlyMode, TellUsNowPage

SALT = "partnerloop.telling"


@dataclass(frozen=True, slots=True)
class Line:
    """The line to write on: whose it is, where it is sent, and the ways out around it."""

    invitation: Invitation
    action: str
    links: Links


# The token is the capability, and no cookie is set: there is no session that could be ridden.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def now(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Show a line to write on; on POST open a feedback item, named or through the gate."""
    ways = replace(links(token, invitation), tell_us_now="")
    return _tell(request, Line(invitation, reverse("respond:now", args=[token]), ways))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def from_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Show the same line to whom a receipt belongs; where nobody knows whose it is, there is none.

    No way out of the invitation stands here: a receipt must not open what its link does not.
    """
    invitation = ask_behind(token)
    if invitation is None:
        return nowhere(request)
    ways = Links(promise=reverse("respond:promise", args=[invitation.program.slug]))
    with translation.override(language_of(invitation)):
        action = reverse("respond:receipt-now", args=[token])
        return _tell(request, Line(invitation, action, ways))


def _tell(request: HttpRequest, line: Line) -> HttpResponse:
    at = clock.now()
    offered = offer(line.invitation, at=at)
    words = request.POST.get("words", "").replace("\0", "").strip()
    wrong = wrong_with(words) if request.method == "POST" else ""
    unchosen = request.method == "POST" and _is_unchosen(request, offered)
    if request.method == "POST" and not wrong and not unchosen:
        heard = _hear(request, line.invitation, words, at=at)
        if heard is not None:
            return _thank(request, line.invitation, heard)
        wrong = gettext("That is a lot at once. Say it with your name, or wait half an hour.")
    page = _page(request, line, offered, words=words, error=wrong, unchosen=unchosen)
    status = 422 if wrong or unchosen else 200
    return render(request, "respond/tell_us_now.html", {"page": page}, status=status)


def wrong_with(words: str) -> str:
    """Return what is wrong with words that were sent, or nothing."""
    if not words:
        return gettext("Write something first.")
    if len(words) > LONGEST:
        told = gettext("That is {number} characters too long; shorten it to {longest}.")
        return told.format(number=len(words) - LONGEST, longest=LONGEST)
    return ""


def _hear(
    request: HttpRequest, invitation: Invitation, words: str, *, at: datetime
) -> Heard | None:
    """Hear words in the mode that was chosen; None where too many unnamed ones came by a link."""
    if request.POST.get("mode") != Mode.CONFIDENTIAL:
        return hear_by_link(invitation, words, at=at)
    number = _drawn(request.POST.get("number", ""))
    if not may_say_more(str(invitation.pk), at=at):
        return None
    return hear_unnamed(invitation, words, number=number, at=at)


def _drawn(number: str) -> UUID:
    """Return the number that was drawn with the page, or another one for who brings none."""
    try:
        return UUID(signing.loads(number, salt=SALT))
    except (signing.BadSignature, ValueError):
        return ids.random_id()


def _thank(request: HttpRequest, invitation: Invitation, heard: Heard) -> HttpResponse:
    page = NoticePage(
        letterhead(invitation),
        title=gettext("Thank you. We have it."),
        text=gettext("Keep this link: there you see the answer, and what becomes of it."),
        url=reverse("respond:receipt", args=[heard.receipt_token]),
        action=gettext("Your private receipt"),
    )
    return render(request, "respond/notice.html", {"page": page})


def _is_unchosen(request: HttpRequest, offered: Offer) -> bool:
    chosen = request.POST.get("mode", "")
    if Mode.CONFIDENTIAL not in offered.modes:
        return chosen == Mode.CONFIDENTIAL  # it was offered when the page was drawn
    return chosen not in (Mode.NAMED, Mode.CONFIDENTIAL)


def _page(
    request: HttpRequest, line: Line, offered: Offer, *, words: str, error: str, unchosen: bool
) -> TellUsNowPage:
    program = line.invitation.program
    number = request.POST.get("number", "") or signing.dumps(str(ids.random_id()), salt=SALT)
    return TellUsNowPage(
        letterhead(line.invitation),
        action=line.action,
        promise=gettext("You get an answer within {hours} hours.").format(
            hours=program.answer_within_hours
        ),
        words=words,
        error=error,
        modes=_modes(line.invitation, offered, request.POST.get("mode", ""), unchosen=unchosen),
        number=number,
        links=line.links,
    )


def _modes(
    invitation: Invitation, offered: Offer, chosen: str, *, unchosen: bool
) -> Choices | OnlyMode:
    words = {"vendor": invitation.program.vendor_name, "company": invitation.partner.name}
    named = gettext(
        "The people at {vendor} who look after {company} see your name and what you write."
    ).format(**words)
    if Mode.CONFIDENTIAL not in offered.modes:
        return OnlyMode("mode", Mode.NAMED.value, named)
    unnamed = gettext(
        "We keep {company}, not who you are. Names, addresses and numbers that we recognise are "
        "taken out; your words wait up to three working days, are mixed with others and dated by "
        "the week. Only the link on the next page leads to the answer."
    ).format(**words)
    labels = {choice.mode: choice.label for choice in offered.choices}
    return Choices(
        name="mode",
        question=offered.asking["question"],
        choices=[
            Choice(Mode.NAMED.value, labels.get(Mode.NAMED, gettext("With your name")), named),
            Choice(Mode.CONFIDENTIAL.value, gettext("Without your name"), unnamed),
        ],
        chosen=chosen,
        error=gettext("Who may know it was you? Choose one of these.") if unchosen else "",
    )
