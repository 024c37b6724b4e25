"""The partner's own page: its scorecard, what became of its feedback, its contact at the vendor."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerloop.core import clock, words
from partnerloop.partners.models import PartnerAssignment
from partnerloop.partners.visiting import PortalLinkRefused, Visit, opened
from partnerloop.pulses.bank import COMPOSITE
from partnerloop.release.gate import Scope
from partnerloop.scores.carrying import is_behind
from partnerloop.web import cards
from partnerloop.web.components import Who
from partnerloop.web.portal.feedback import feedback
from partnerloop.web.portal.renewing import refuse
from partnerloop.web.portal.speaking import choices, language_of
from partnerloop.web.shell import Place, Shell

FIRST = 4  # of what became of its feedback; the rest is folded away


@never_cache
@require_safe
def portal(request: HttpRequest, token: str) -> HttpResponse:
    """This will show a partner what the vendor sees of it; it sets no cookie."""
    try:
        visit = opened(token, at=clock.now())
    except PortalLinkRefused:
        return refuse(request, token)
    zone = visit.contact.time_zone or visit.partner.program.time_zone
    with timezone.override(zone), translation.override(language_of(visit)):
        ways = {
            "now": reverse("portal-now", args=[token]),
            "speak": reverse("portal-language", args=[token]),
        }
        return render(request, "portal/portal.html", _shown(visit) | ways)


def _shown(visit: Visit) -> dict[str, Any]:
    at = clock.now()
    partner, program = visit.partner, visit.partner.program
    metrics = cards.scorecard(program, by=partner, scope=Scope.partner(partner), at=at)
    told = feedback(visit, at=at)
    managers = PartnerAssignment.objects.of(program).current(at.date()).filter(partner=partner)
    return {
        "shell": _shell(visit),
        "languages": choices(visit),
        "partner": partner,
        "program": program,
        "composite": next((m for m in metrics if m.measure == COMPOSITE), None),
        "lines": cards.metric_lines([m for m in metrics if m.measure != COMPOSITE]),
        "feedback": told[:FIRST],
        "older": told[FIRST:],
        "managers": list(managers.values_list("member__user__name", flat=True)),
        "is_behind": is_behind(program),
        "until": words.day(visit.until, seen=at.date()),
    }


def _shell(visit: Visit) -> Shell:
    program = visit.partner.program
    return Shell(
        vendor=program.vendor_name,
        reader=Who(visit.partner.name, note=visit.contact.name, kind="firm"),
        places=(
            Place("score", gettext("Scorecard"), "#score", "today"),
            Place("feedback", gettext("Your feedback"), "#feedback", "loop"),
        ),
        language=language_of(visit),
    )
