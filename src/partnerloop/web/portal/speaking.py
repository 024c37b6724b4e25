"""Which language a partner's own pages speak, and the way to another one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from partnerloop.core import clock
from partnerloop.core.speaking import spoken
from partnerloop.partners.visiting import PortalLinkRefused, Visit, opened
from partnerloop.partners.wishing import speak
from partnerloop.web.portal.renewing import refuse

CODES = [code for code, _name in settings.LANGUAGES]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language to choose, by its own name."""

    code: str
    name: str
    is_current: bool


def language_of(visit: Visit) -> str:
    """This will return the language of the person, the partner or the program that has words."""
    program = visit.partner.program
    return spoken(visit.contact.language, visit.partner.language, program.language)


def choices(visit: Visit) -> Sequence[Spoken]:
    """This will return the languages to choose from."""
    current = language_of(visit)
    return [Spoken(code, name, code == current) for code, name in settings.LANGUAGES]


# The signed link is the capability, and no cookie is set: there is no session to be ridden.
@csrf_exempt
@never_cache
@require_POST
def language(request: HttpRequest, token: str) -> HttpResponse:
    """This will speak the language that the person chose, here and in every mail from now on."""
    at = clock.now()
    try:
        visit = opened(token, at=at)
    except PortalLinkRefused:
        return refuse(request, token)
    chosen = request.POST.get("language", "")
    if chosen in CODES:
        speak(visit.contact, chosen, at=at)
    return redirect("portal", token=token)
