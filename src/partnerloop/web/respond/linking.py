"""From a link to whose it is: one place that finds the invitation, or says the link is unknown."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from partnerloop.pulses.models import Invitation
from partnerloop.pulses.tokens import InvitationUnknown, find_invitation
from partnerloop.web.respond.framing import language_of
from partnerloop.web.respond.notices import unknown_link

ByToken = Callable[[HttpRequest, str], HttpResponse]
ByInvitation = Callable[[HttpRequest, Invitation, str], HttpResponse]


def by_link(show: ByInvitation) -> ByToken:
    """This will hand a view the invitation of its token, and speak that invitation's language."""

    @wraps(show)
    def found(request: HttpRequest, token: str) -> HttpResponse:
        try:
            invitation = find_invitation(token)
        except InvitationUnknown:
            return nowhere(request)
        with translation.override(language_of(invitation)):
            return show(request, invitation, token)

    return found


def nowhere(request: HttpRequest) -> HttpResponse:
    """Return the page for a link nobody knows, in the language that the browser asks for."""
    page = unknown_link(language=translation.get_language() or "en")
    return render(request, "respond/notice.html", {"page": page}, status=404)
