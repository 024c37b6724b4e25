"""Tell us now: words of one's own, at any time, also behind a link whose questions are closed."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from partnerloop.core import clock
from partnerloop.loop.hearing import LONGEST, hear_by_link
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Invitation
from partnerloop.web.respond.framing import letterhead, links
from partnerloop.web.respond.linking import by_link
from partnerloop.web.respond.pages import NoticePage, OnlyMode, TellUsNowPage


# The token is the capability, and no cookie is set: there is no session that could be ridden.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def now(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Show a line to write on; on POST open a feedback item under the person's name."""
    words = request.POST.get("words", "").strip()
    wrong = wrong_with(words) if request.method == "POST" else ""
    if request.method == "POST" and not wrong:
        heard = hear_by_link(invitation, words, at=clock.now())
        page = NoticePage(
            letterhead(invitation),
            title=gettext("Thank you. We have it."),
            text=gettext("Keep this link: there you see the answer, and what becomes of it."),
            url=reverse("respond:receipt", args=[heard.receipt_token]),
            action=gettext("Your private receipt"),
        )
        return render(request, "respond/notice.html", {"page": page})
    shown = _page(invitation, token, words=words, error=wrong)
    status = 422 if wrong else 200
    return render(request, "respond/tell_us_now.html", {"page": shown}, status=status)


def wrong_with(words: str) -> str:
    """Return what is wrong with words that were sent, or nothing."""
    if not words:
        return gettext("Write something first.")
    if len(words) > LONGEST:
        told = gettext("That is {number} characters too long; shorten it to {longest}.")
        return told.format(number=len(words) - LONGEST, longest=LONGEST)
    return ""


def _page(invitation: Invitation, token: str, *, words: str, error: str) -> TellUsNowPage:
    program = invitation.program
    return TellUsNowPage(
        letterhead(invitation),
        action=reverse("respond:now", args=[token]),
        promise=gettext("You get an answer within {hours} hours.").format(
            hours=program.answer_within_hours
        ),
        words=words,
        error=error,
        modes=OnlyMode(
            "mode",
            Mode.NAMED.value,
            gettext(
                "The people at {vendor} who look after {company} see your name and what you write."
            ).format(vendor=program.vendor_name, company=invitation.partner.name),
        ),
        links=replace(links(token, invitation), tell_us_now=""),
    )
