"""How a page of the widget leaves: in frames of the listed portals, and in no others."""

from collections.abc import Sequence
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from partnerloop.integrations.widget.origins import origins_of
from partnerloop.integrations.widget.visits import Visit
from partnerloop.programs.models import Program
from partnerloop.web.respond.pages import Letterhead
from partnerloop.web.widget.pages import Around, SorryPage


def around(program: Program, *, language: str, visit: Visit | None = None) -> Around:
    """Return what surrounds a page; without a visit nobody is looking yet."""
    who = ""
    if visit is not None:
        who = gettext("You are here as {name} of {partner}.").format(
            name=visit.contact.name, partner=visit.partner.name
        )
    return Around(
        letterhead=Letterhead(program.vendor_name, language=language),
        action=reverse("widget:frame", args=[program.slug]),
        portals=" ".join(origins_of(program)),
        mark=visit.mark if visit else "",
        who=who,
        promise_url=reverse("respond:promise", args=[program.slug]),
    )


def framed(request: HttpRequest, template: str, shown: Any, *, status: int = 200) -> HttpResponse:
    """Render a page that the portals on the list may show, and nobody else."""
    portals = shown.around.portals.split()
    return framed_by(request, template, shown, portals, status=status)


def framed_by(
    request: HttpRequest,
    template: str,
    shown: Any,
    ancestors: Sequence[str],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a page that some origins may frame; the old header knows one origin at most."""
    response = render(request, f"widget/{template}.html", {"page": shown}, status=status)
    allowed = {"frame-ancestors": list(ancestors) or ["'none'"]}
    csp_replace(allowed)(lambda _request: response)(request)
    response.xframe_options_exempt = True
    return response


def sorry(
    request: HttpRequest, where: Around, *, title: str, told: str, why: str = "", status: int
) -> HttpResponse:
    """Say why nothing is shown."""
    return framed(request, "sorry", SorryPage(where, title, told, why), status=status)
