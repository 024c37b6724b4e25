"""Who may open which page: found and authorised here, once, before a view does anything.

Somebody else's program, and one that does not exist, look the same: 404. What a role may not do in
the own program is refused with 403 and a sentence.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.accounts.signing_on import is_demanded
from partnerloop.core import clock
from partnerloop.partners.models import Partner

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase]
Address = Callable[..., HttpResponseBase]

# What a session holds beside its user: when they proved who they are, and, where a program's single
# sign-on vouched for them, that program alone.
ENTERED_AT = "entered_at"
SIGN_ON_PROGRAM = "sign_on_program"


class SignInFirst(Exception):
    """Nobody is signed in, or not in the way that opens this program."""


class SignOnFirst(Exception):
    """The program lets this member in by its own single sign-on only."""


def user_of(request: HttpRequest) -> User:
    """This will return who is signed in, or raise `SignInFirst`."""
    if isinstance(request.user, AnonymousUser):
        raise SignInFirst
    return request.user


def member_of(request: HttpRequest, slug: str) -> Membership:
    """This will return the reader's membership of a program; 404 where there is none."""
    user = user_of(request)
    vouching = request.session.get(SIGN_ON_PROGRAM)
    member = (
        Membership.objects.across_programs()
        .filter(user=user, program__slug=slug, ended_on__isnull=True)
        .select_related("user", "program__sign_on")
        .first()
    )
    if member is None:
        raise Http404
    if vouching is None and is_demanded(member):
        raise SignOnFirst
    if vouching not in (None, member.program_id):
        raise SignInFirst
    return member


def partner_of(member: Membership, partner_id: int) -> Partner:
    """This will return a partner that a member may see; 404 for all others."""
    seen = Partner.objects.of(member.program_id).visible_to(member, clock.now().date())
    partner = seen.filter(pk=partner_id).first()
    if partner is None:
        raise Http404
    return partner


def for_members(view: Page[P]) -> Address:
    """This will let members of the program in, and show them times of their own zone."""

    @wraps(view)
    def page(
        request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        try:
            member = member_of(request, slug)
        except SignInFirst:
            return to_sign_in(request)
        except SignOnFirst:
            return to_sign_on(request, slug)
        with timezone.override(member.user.time_zone or member.program.time_zone):
            response = view(request, member, *args, **kwargs)
        return for_this_reader(response)

    return page


def for_this_reader(response: HttpResponseBase) -> HttpResponseBase:
    """This will keep an answer out of shared caches, and a part apart from its whole page."""
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["HX-Target"])
    return response


def for_roles(*roles: Role) -> Callable[[Page[P]], Address]:
    """This will let members with one of these roles in; others are told who may."""

    def limit(view: Page[P]) -> Address:
        @for_members
        @wraps(view)
        def page(
            request: HttpRequest, member: Membership, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if member.role not in roles:
                raise PermissionDenied(f"This page is for: {', '.join(r.label for r in roles)}.")
            return view(request, member, *args, **kwargs)

        return page

    return limit


RUNNERS = (Role.OWNER, Role.CHIEF)
for_runners = for_roles(*RUNNERS)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """This will send the reader to sign in, and back here afterwards."""
    address = f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("sign-in"))
    return HttpResponseRedirect(address)


def to_sign_on(request: HttpRequest, slug: str) -> HttpResponse:
    """This will send a reader who came another way to the program's single sign-on."""
    address = reverse("sign-on", args=[slug])
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(f"{address}?{urlencode({'next': request.get_full_path()})}")
