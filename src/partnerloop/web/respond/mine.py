"""Finding one's receipts again: a mail that everybody gets alike, and the page behind it.

The mail says nothing about answers, so that it tells nobody who reads it who answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from partnerloop.core import clock
from partnerloop.core.clock import week_of
from partnerloop.core.dates import written_day
from partnerloop.core.speaking import spoken
from partnerloop.loop.resending import contact_of, send_receipts
from partnerloop.loop.rights import as_json, copy_for_person
from partnerloop.partners.models import Contact
from partnerloop.programs.models import Program
from partnerloop.responses.reply import own_receipts
from partnerloop.web.respond.framing import language_of_contact, mode_label
from partnerloop.web.respond.linking import nowhere
from partnerloop.web.respond.pages import (
    Letterhead,
    Links,
    NoticePage,
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
    language = spoken(program.language)
    head = Letterhead(program.vendor_name, language=language)
    with translation.override(language):
        if request.method == "POST":
            send_receipts(program, request.POST.get("email", ""), at=clock.now())
            return render(request, "respond/notice.html", {"page": _on_its_way(head)})
        return render(request, "respond/find.html", {"page": MinePage(head)})


def _on_its_way(head: Letterhead) -> NoticePage:
    return NoticePage(
        head,
        title=gettext("Look into your mail"),
        text=gettext(
            "If we know this address, a link is on its way. It holds for a day, and leads to "
            "the receipts that we still know to be yours; anonymous ones are not among them."
        ),
    )


@never_cache
@require_safe
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Show a person their receipts, with a copy of all that is kept of them."""
    try:
        contact = contact_of(token)
    except signing.BadSignature:
        contact = None
    if contact is None:
        return nowhere(request)
    if request.GET.get("copy") == "json":
        told = as_json(copy_for_person(contact))
        response = HttpResponse(told, content_type="application/json")
        response["Content-Disposition"] = 'attachment; filename="my-answers.json"'
        return response
    with translation.override(language_of_contact(contact)):
        return render(request, "respond/mine.html", {"page": _page(contact)})


def _page(contact: Contact) -> MinePage:
    program = contact.program
    return MinePage(
        Letterhead(program.vendor_name, language=language_of_contact(contact)),
        receipts=[
            OwnReceipt(
                url=f"{settings.PARTNERLOOP_URL}{reverse('respond:receipt', args=[receipt])}",
                when=_when(row.day, row.partner.name),
                mode=mode_label(row.mode),
            )
            for receipt, row in own_receipts(contact)
        ],
        copy_url="?copy=json",
        links=Links(promise=reverse("respond:promise", args=[program.slug])),
    )


def _when(day: date, partner: str) -> str:
    told = gettext("Week of {week}, {partner}")
    return told.format(week=written_day(week_of(day)), partner=partner)
