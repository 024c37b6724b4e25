"""The frame itself: one address, opened by a token, gone through step by step without a cookie.

A GET shows the same to everybody and stores nothing. What passes through a portal counts by name.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from partnerloop.core import clock
from partnerloop.core.speaking import spoken
from partnerloop.integrations.widget.identity import IdentityRefused, admit
from partnerloop.integrations.widget.visits import Visit, VisitOver, begin, go_on
from partnerloop.programs.models import Program
from partnerloop.web.widget.framing import around, framed, sorry
from partnerloop.web.widget.pages import OpeningPage
from partnerloop.web.widget.steps import STEPS, home


# The portal's token, then the mark of the visit, is the capability; no cookie is set or read.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring the token in; on POST go one step on."""
    program = get_object_or_404(Program, slug=slug)
    if request.method != "POST":
        language = spoken(program.language)
        with translation.override(language):
            page = OpeningPage(around(program, language=language))
            return framed(request, "opening", page)
    at = clock.now()
    try:
        visit = _visit(request, program, at=at)
    except IdentityRefused as refused:
        return _refused(request, program, refused)
    except VisitOver:
        return _over(request, program)
    language = language_of(visit)
    with translation.override(language):
        step = STEPS.get(request.POST.get("step", ""), home)
        return step(request, visit, around(program, language=language, visit=visit), at=at)


def language_of(visit: Visit) -> str:
    """Return the language of whoever is looking."""
    program = visit.contact.program
    return spoken(visit.contact.language, visit.partner.language, program.language)


def _visit(request: HttpRequest, program: Program, *, at: datetime) -> Visit:
    if "token" in request.POST:
        return begin(admit(program, request.POST["token"].strip(), at=at), at=at)
    return go_on(program, request.POST.get("mark", ""), at=at)


def _refused(request: HttpRequest, program: Program, refused: IdentityRefused) -> HttpResponse:
    language = spoken(program.language)
    with translation.override(language):
        return sorry(
            request,
            around(program, language=language),
            title=gettext("We can’t tell who you are"),
            told=gettext(
                "Load the page of the portal again. If that does not help, tell whoever runs the "
                "portal this word:"
            ),
            why=refused.why,
            status=403,
        )


def _over(request: HttpRequest, program: Program) -> HttpResponse:
    language = spoken(program.language)
    with translation.override(language):
        return sorry(
            request,
            around(program, language=language),
            title=gettext("Your visit is over"),
            told=gettext(
                "Load the page of the portal again to go on. What you sent before is kept."
            ),
            status=403,
        )
