"""To a program's provider and back: single sign-on."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import SignOn, UserSession
from partnerloop.accounts.signing_on import NotAdmitted, admit
from partnerloop.core import clock
from partnerloop.integrations.sign_on.client import ProviderNotReached
from partnerloop.integrations.sign_on.exchanging import (
    Attempt,
    NotVouchedFor,
    authorization_url,
    exchange,
    new_attempt,
)
from partnerloop.web.accounts import entering
from partnerloop.web.accounts.signing_in import safe_onward

ATTEMPT = "sign_on_attempt"
WITHIN = 600  # seconds for the way there and back

UNREACHED = "The single sign-on of this program cannot be reached at the moment."
UNKNOWN = "Your company knows you, this program does not: ask its owner to invite you."
UNPROVED = "This did not let you in. Begin again; the way back works once, in the same browser."


@never_cache
@require_safe
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """This will send the reader to the program's provider."""
    sign_on = _sign_on(slug)
    attempt = new_attempt()
    try:
        onward = authorization_url(sign_on, attempt, back=back_address(slug))
    except ProviderNotReached:
        return _refused(request, slug, UNREACHED, status=502)
    wanted = safe_onward(request, request.GET.get("next", ""))
    told = [attempt.state, attempt.nonce, attempt.verifier, slug, wanted]
    request.session[ATTEMPT] = [*told, clock.now().timestamp()]
    return HttpResponseRedirect(onward)


@never_cache
@require_safe
def back(request: HttpRequest, slug: str) -> HttpResponse:
    """This will let in whom the provider vouches for: into this program and no other."""
    sign_on, at = _sign_on(slug), clock.now()
    told = request.session.pop(ATTEMPT, None)
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    if not told or not code or told[3] != slug or at.timestamp() - told[5] > WITHIN:
        return _refused(request, slug, UNPROVED, status=400)
    if not constant_time_compare(state, told[0]):
        return _refused(request, slug, UNPROVED, status=400)
    attempt = Attempt(state=told[0], nonce=told[1], verifier=told[2])
    try:
        vouched = exchange(sign_on, attempt, code=code, back=back_address(slug))
        member = admit(sign_on.program, vouched, at=at)
    except ProviderNotReached:
        return _refused(request, slug, UNREACHED, status=502)
    except NotVouchedFor:
        return _refused(request, slug, UNPROVED, status=400)
    except NotAdmitted:
        return _refused(request, slug, UNKNOWN, status=403)
    onward = told[4] or reverse("home", args=[slug])
    door, program_id = UserSession.Door.SIGN_ON, sign_on.program_id
    return entering.let_in(
        request, member.user, door=door, onward=onward, at=at, program_id=program_id
    )


def back_address(slug: str) -> str:
    """This will return the address that the provider sends people back to."""
    return settings.PARTNERLOOP_URL + reverse("sign-on-back", args=[slug])


def _sign_on(slug: str) -> SignOn:
    rows = SignOn.objects.across_programs().select_related("program")
    found = rows.filter(program__slug=slug).first()
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, slug: str, sentence: str, *, status: int) -> HttpResponse:
    shown = {"sentence": sentence, "slug": slug}
    return render(request, "accounts/sign_on_refused.html", shown, status=status)
