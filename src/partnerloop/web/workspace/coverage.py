"""Response and coverage: whom the asking reaches, in which groups few answer, weights in use."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.core.speaking import language_name
from partnerloop.integrations.email.clicks import opened
from partnerloop.planning.weights import weights_of
from partnerloop.release.coverage import Coverage, coverage
from partnerloop.release.rates import WINDOW
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show each group with its asks, and its answering in words."""
    program, at = member.program, clock.now()
    domains = opened(program, since=(at - WINDOW).date())
    shown = {
        "coverage": _in_words(coverage(program, at=at)),
        "weights": weights_of(program, at=at),
        "visits": sum(one.visits + one.taps for one in domains if not one.has_scanner),
        "scanned": sum(one.visits + one.taps for one in domains if one.has_scanner),
    }
    return page(request, member, "workspace/coverage.html", shown, here="pulses")


def _in_words(found: Coverage) -> Coverage:
    """Name the languages, which are stored as codes."""
    languages = found.groups.get("Language", [])
    named = [replace(group, label=language_name(group.label)) for group in languages]
    return replace(found, groups={**found.groups, "Language": named})
