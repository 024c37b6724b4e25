"""What we promise respondents: generated from a program's settings, so that it is always true."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from partnerloop.evidence.offering import PublicPromise, public_promise
from partnerloop.programs.models import Program
from partnerloop.release.attacked import latest
from partnerloop.web.respond.pages import Letterhead, PromisedMode, PromisePage


@require_safe
def promise(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public promise of a program, in the language asked for or the program's."""
    program = get_object_or_404(Program, slug=slug)
    told = public_promise(program, language=request.GET.get("language", ""))
    with translation.override(told.language):
        return render(request, "respond/promise.html", {"page": _page(program, told)})


def _page(program: Program, told: PublicPromise) -> PromisePage:
    attacked = latest(program)
    return PromisePage(
        letterhead=Letterhead(program.vendor_name, language=told.language),
        modes=[PromisedMode(one.label, one.sentence, one.more) for one in told.modes],
        promises=told.rules,
        limits=told.limits,
        attack=attacked.sentence if attacked else "",
        rights=told.rights,
        contact=program.reply_address or program.sender_address,
    )
