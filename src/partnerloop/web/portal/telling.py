"""Tell us now, from a partner's own pages: under the name of the person whose link it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from partnerloop.core import clock
from partnerloop.loop.hearing import hear_visitor
from partnerloop.partners.visiting import PortalLinkRefused, Visit, opened
from partnerloop.programs.models import Mode
from partnerloop.web.portal.renewing import refuse
from partnerloop.web.portal.speaking import language_of
from partnerloop.web.respond.pages import Letterhead, NoticePage, OnlyMode, TellUsNowPage
from partnerloop.web.respond.telling import wrong_with


# The signed link is the capability, and no cookie is set: there is no session to be ridden.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def now(request: HttpRequest, token: str) -> HttpResponse:
    """Show a line to write on; on POST open a feedback item under the visitor's name."""
    at = clock.now()
    try:
        visit = opened(token, at=at)
    except PortalLinkRefused:
        return refuse(request, token)
    with translation.override(language_of(visit)):
        head = _letterhead(visit)
        words = request.POST.get("words", "").replace("\0", "").strip()
        wrong = wrong_with(words) if request.method == "POST" else ""
        if request.method == "POST" and not wrong:
            heard = hear_visitor(visit.contact, visit.partner, words, at=at)
            page = NoticePage(
                head,
                title=gettext("Thank you. We have it."),
                text=gettext("Keep this link: there you see the answer, and what becomes of it."),
                url=reverse("respond:receipt", args=[heard.receipt_token]),
                action=gettext("Your private receipt"),
            )
            return render(request, "respond/notice.html", {"page": page})
        shown = _page(visit, token, head, words=words, error=wrong)
        status = 422 if wrong else 200
        return render(request, "respond/tell_us_now.html", {"page": shown}, status=status)


def _letterhead(visit: Visit) -> Letterhead:
    program = visit.partner.program
    about = gettext("for {partner}").format(partner=visit.partner.name)
    return Letterhead(program.vendor_name, about=about, language=language_of(visit))


def _page(visit: Visit, token: str, head: Letterhead, *, words: str, error: str) -> TellUsNowPage:
    program = visit.partner.program
    promise = gettext("You get an answer within {hours} hours.")
    named = gettext(
        "The people at {vendor} who look after {company} see your name and what you write."
    )
    return TellUsNowPage(
        head,
        action=reverse("portal-now", args=[token]),
        promise=promise.format(hours=program.answer_within_hours),
        words=words,
        error=error,
        modes=OnlyMode(
            "mode",
            Mode.NAMED.value,
            named.format(vendor=program.vendor_name, company=visit.partner.name),
        ),
    )
