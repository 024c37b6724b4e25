"""A link that no longer works: one button mails a fresh one, and says the same to everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from partnerloop.core import clock
from partnerloop.loop.letting_in import send_fresh_portal_link


def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """This will say that a link opens nothing, with the button; alike for every such link."""
    again = {"fresh": reverse("portal-fresh", args=[token])}
    return render(request, "portal/refused.html", again, status=410)


# No session and no cookie: what a poster may cause is one mail an hour to the link's own person.
@csrf_exempt
@never_cache
@require_POST
def fresh(request: HttpRequest, token: str) -> HttpResponse:
    """This will mail a fresh link to whom this one was for, and tell the poster nothing."""
    send_fresh_portal_link(token, at=clock.now())
    return render(request, "portal/fresh.html")
