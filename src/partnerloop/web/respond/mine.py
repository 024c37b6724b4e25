"""Finding one's receipts again: a mail that everybody gets alike, and the page behind it.

The mail says nothing about answers, so that it tells nobody who reads it who answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from partnerloop.core import clock
from partnerloop.core.clock import week_of
from partnerloop.loop.resending import contact_of, send_receipts
from partnerloop.loop.rights import as_json, copy_for_person
from partnerloop.programs.models import Program
from partnerloop.responses.reply import own_receipts
from partnerloop.web.respond.pages import (
    Letterhead,
    Links,
    NoticePage,
    unknown_link,
)


@dataclass(frozen=True, slots=True)
class OwnReceipt:
    """One receipt in a person's own list."""

    url: str
    when: str
    mode: str


@dataclass(frozen=True, slots=True)
class MinePage:
    """respond/find.html and respond/mine.html: finding one's receipts again."""

    letterhead: Letterhead
    receipts: Sequence[OwnReceipt] = ()
    copy_url: str = ""
    links: Links = field(default_factory=Links)


# No session: the page is public, and posting to it tells the poster nothing.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for an address; on POST send the mail, and say the same whoever it was."""
    program = get_object_or_404(Program, slug=slug)
    head = Letterhead(program.vendor_name, language=program.language)
    if request.method == "POST":
        send_receipts(program, request.POST.get("email", ""), at=clock.now())
        done = NoticePage(
            head,
            title=gettext("Look into your mail"),
            text=gettext(
                "If we know this address, a link is on its way. It holds for a day, and leads to "
                "the receipts that we still know to be yours; anonymous ones are not among them."
            ),
        )
        return render(request, "respond/notice.html", {"page": done})
    return render(request, "respond/find.html", {"page": MinePage(head)})


@never_cache
@require_safe
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Show a person their receipts, with a copy of all that is kept of them."""
    try:
        contact = contact_of(token)
    except signing.BadSignature:
        contact = None
    if contact is None:
        return HttpResponseNotFound(
            render(request, "respond/notice.html", {"page": unknown_link()})
        )
    if request.GET.get("copy") == "json":
        told = as_json(copy_for_person(contact))
        response = HttpResponse(told, content_type="application/json")
        response["Content-Disposition"] = 'attachment; filename="my-answers.json"'
        return response
    program = contact.program
    page = MinePage(
        Letterhead(program.vendor_name, language=program.language),
        receipts=[
            OwnReceipt(
                url=f"{settings.PARTNERLOOP_URL}{reverse('respond:receipt', args=[receipt])}",
                when=gettext("Week of {week}, {partner}").format(
                    week=date_format(week_of(row.day), "j F Y"), partner=row.partner.name
                ),
                mode=row.get_mode_display(),
            )
            for receipt, row in own_receipts(contact)
        ],
        copy_url="?copy=json",
        links=Links(promise=reverse("respond:promise", args=[program.slug])),
    )
    return render(request, "respond/mine.html", {"page": page})
