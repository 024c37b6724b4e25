"""Asking less: a pause, a longer distance, or no more mails of one topic."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from partnerloop.core import clock
from partnerloop.core.dates import written_day
from partnerloop.partners.wishing import ask_less, wait_until
from partnerloop.pulses.models import Invitation
from partnerloop.web.components import Choice, Choices
from partnerloop.web.respond.framing import letterhead, links
from partnerloop.web.respond.linking import by_link
from partnerloop.web.respond.pages import ConfirmPage, NoticePage


@dataclass(frozen=True)
class Wish:
    """One thing that can be wished for: a pause of so many days, or a distance of so many."""

    wait: int = 0
    every: int = 0


WISHES = {
    "wait-30": Wish(wait=30),
    "wait-91": Wish(wait=91),
    "every-30": Wish(every=30),
    "every-91": Wish(every=91),
    "every-182": Wish(every=182),
}


# The token is the capability, and no cookie is set: there is no session that could be ridden.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def less(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Show what can be wished for; on POST keep the wish."""
    wish = WISHES.get(request.POST.get("wish", ""))
    if request.method == "POST" and wish:
        done = NoticePage(
            letterhead(invitation),
            title=gettext("We will ask less"),
            text=_kept(invitation, wish),
            links=links(token, invitation),
        )
        return render(request, "respond/notice.html", {"page": done})
    error = gettext("Choose one of these first.") if request.method == "POST" else ""
    page = _page(invitation, token, error=error)
    status = 422 if error else 200
    return render(request, "respond/confirm.html", {"page": page}, status=status)


def _kept(invitation: Invitation, wish: Wish) -> str:
    """Keep the wish, and say so."""
    at = clock.now()
    vendor = invitation.program.vendor_name
    if wish.wait:
        day = at.date() + timedelta(days=wish.wait)
        wait_until(invitation.contact, day, at=at)
        told = gettext("{vendor} will ask you nothing before {day}.")
        return told.format(vendor=vendor, day=written_day(day))
    ask_less(invitation.contact, every_days=wish.every, at=at)
    told = gettext("{vendor} will ask you at most once in {days} days.")
    return told.format(vendor=vendor, days=wish.every)


def _page(invitation: Invitation, token: str, *, error: str) -> ConfirmPage:
    return ConfirmPage(
        letterhead(invitation),
        title=gettext("Ask me less often"),
        text=gettext("Answers to what you said still reach you."),
        action=reverse("respond:less", args=[token]),
        button=gettext("Save"),
        back_url=reverse("respond:answer", args=[token]),
        back=gettext("Back to the questions"),
        choices=Choices(
            name="wish",
            question=gettext("What would suit you?"),
            error=error,
            choices=[
                Choice("wait-30", gettext("Nothing for a month")),
                Choice("wait-91", gettext("Nothing for three months")),
                Choice("every-30", gettext("Once a month at most")),
                Choice("every-91", gettext("Once in three months at most")),
                Choice("every-182", gettext("Twice a year at most")),
            ],
        ),
        links=links(token, invitation),
    )
