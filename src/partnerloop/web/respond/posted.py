"""Links that hang somewhere: a person names their own address, and the questions come by mail."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from partnerloop.core import clock
from partnerloop.core.speaking import spoken
from partnerloop.loop.linking import Arrival, LinkRefused, Posted, arrived, mail_own_link, posted
from partnerloop.loop.requesting import begin_by_link
from partnerloop.planning.reasons import Reason
from partnerloop.programs.models import Program
from partnerloop.pulses.tokens import invitation_token
from partnerloop.web.respond.linking import nowhere
from partnerloop.web.respond.pages import ConfirmPage, Letterhead, Links, NoticePage


@dataclass(frozen=True, slots=True)
class PostedPage:
    """respond/posted.html: who asks, that answers are by name, and a line for one's address."""

    letterhead: Letterhead
    named: str
    links: Links = field(default_factory=Links)


# No session: the page is public, and posting to it tells the poster nothing.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def posted_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for an address; on POST mail the questions there, and say the same whoever it was."""
    at = clock.now()
    try:
        found = posted(token, at=at)
    except LinkRefused:
        return nowhere(request)
    program = found.pulse.program
    language = spoken(found.partner.language if found.partner else "", program.language)
    head = Letterhead(program.vendor_name, language=language)
    with translation.override(language):
        if not found.is_open:
            return render(request, "respond/notice.html", {"page": _closed(head)}, status=410)
        if request.method == "POST":
            mail_own_link(found, request.POST.get("email", ""), at=at)
            return render(request, "respond/notice.html", {"page": _on_its_way(head)})
        return render(request, "respond/posted.html", {"page": _page(found, head)})


# The signed link is the capability, and no cookie is set: there is no session to be ridden.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose questions these are; only the press of the button lays them out."""
    at = clock.now()
    try:
        arrival = arrived(token, at=at)
    except LinkRefused:
        return nowhere(request)
    contact, program = arrival.contact, arrival.contact.program
    language = spoken(contact.language, arrival.partner.language, program.language)
    about = arrival.partner.name
    head = Letterhead(program.vendor_name, about=about, language=language)
    with translation.override(language):
        if request.method != "POST":
            page = _begin(arrival, head, token)
            return render(request, "respond/confirm.html", {"page": page})
        asked = begin_by_link(arrival.pulse, contact, arrival.partner, at=at)
        if isinstance(asked, Reason):
            return render(request, "respond/notice.html", {"page": _nothing(head)})
        return redirect("respond:answer", token=invitation_token(asked.pk))


def _page(found: Posted, head: Letterhead) -> PostedPage:
    named = gettext(
        "Your answers are seen with your name, at once, by the people at {vendor} who look after "
        "your company."
    )
    program = found.pulse.program
    return PostedPage(head, named.format(vendor=program.vendor_name), links=_links(program))


def _links(program: Program) -> Links:
    return Links(promise=reverse("respond:promise", args=[program.slug]))


def _on_its_way(head: Letterhead) -> NoticePage:
    return NoticePage(
        head,
        title=gettext("Look into your mail"),
        text=gettext(
            "If we know this address, a link to your questions is on its way. It holds for a day."
        ),
    )


def _closed(head: Letterhead) -> NoticePage:
    return NoticePage(
        head,
        title=gettext("These questions are closed"),
        text=gettext("They are not asked any more. Thank you for wanting to answer."),
    )


def _nothing(head: Letterhead) -> NoticePage:
    return NoticePage(
        head,
        title=gettext("There is nothing to ask you here"),
        text=gettext("None of these questions is about your work."),
    )


def _begin(arrival: Arrival, head: Letterhead, token: str) -> ConfirmPage:
    return ConfirmPage(
        head,
        title=gettext("A few questions, under a minute"),
        text=gettext(
            "For {name} at {partner}. Nothing counts until you press Send there. The next mail "
            "with questions comes the later for it."
        ).format(name=arrival.contact.name, partner=arrival.partner.name),
        action=reverse("respond:own_link", args=[token]),
        button=gettext("Show me the questions"),
        links=_links(arrival.contact.program),
    )
