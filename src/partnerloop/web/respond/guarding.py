"""Keeping link scanners from answering: what a visit leaves behind, and whose a POST is.

Where scripts run, the page tells whether somebody really pressed; a form sent by a script alone
never counts. Without scripts a POST counts, unless a scanner was at work on this link in the last
minute: then one more page asks. The score in a link draws the page and is forgotten.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from partnerloop.integrations.email import taps
from partnerloop.integrations.email.clicks import Click, count
from partnerloop.pulses.models import Invitation
from partnerloop.web.respond.pages import ConfirmPage, Letterhead, Links

HOW, DRAWN, REALLY = "how", "drawn", "really"
SCRIPT, GESTURE = "script", "gesture"
OURS = (HOW, DRAWN, REALLY)


def looked(request: HttpRequest, invitation: Invitation, token: str, *, at: datetime) -> None:
    """This will remember for half an hour that a link was opened, and count it for its domain."""
    step = request.GET.get("q", "")
    if step not in taps.STEPS:
        count(invitation, Click.VISIT, on=at.date())
        return
    count(invitation, Click.TAP, on=at.date())
    if taps.note_tap(token, step, at=at):
        count(invitation, Click.BURST, on=at.date())


def trapped(invitation: Invitation, token: str, *, at: datetime) -> None:
    """This will remember that somebody opened the link that no person sees."""
    if taps.note_trap(token, at=at):
        count(invitation, Click.TRAP, on=at.date())


def is_by_a_person(
    request: HttpRequest, invitation: Invitation, token: str, *, at: datetime
) -> bool:
    """Return whether what was posted may count; if not, `once_more` asks."""
    how = request.POST.get(HOW, "")
    if how == SCRIPT:
        count(invitation, Click.SCRIPTED, on=at.date())
        return False
    if taps.was_read(token, request.POST.get(REALLY, ""), at=at):
        return True
    if not taps.is_suspicious(token, at=at):
        return True
    return how == GESTURE and taps.was_read(token, request.POST.get(DRAWN, ""), at=at)


def once_more(
    request: HttpRequest, token: str, *, letterhead: Letterhead, links: Links, at: datetime
) -> HttpResponse:
    """This will show what is to be sent, with one more button; nothing is stored."""
    names = [name for name in request.POST if name not in OURS]
    given = [(name, str(request.POST[name])) for name in names]
    page = ConfirmPage(
        letterhead,
        title=gettext("Is it you?"),
        text=gettext(
            "Programs that check mails for viruses sometimes press buttons, too. Nothing has been "
            "stored yet: press once more, and your answers count."
        ),
        action=reverse("respond:answer", args=[token]),
        button=gettext("Yes, send my answers"),
        button_value=taps.stamp(token, at=at),
        back_url=reverse("respond:answer", args=[token]),
        back=gettext("Back to the questions"),
        hidden=given,
        links=links,
    )
    return render(request, "respond/confirm.html", {"page": page}, status=422)
