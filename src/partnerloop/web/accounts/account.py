"""Your account: password, second steps, and where you are signed in.

To change how somebody gets in one must have signed in within a quarter of an hour; a session by a
program's single sign-on changes nothing here, because that program vouches for itself alone.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerloop.accounts import passkeys, second_step
from partnerloop.accounts.models import User, UserSession
from partnerloop.accounts.passkeys import PasskeyRefused
from partnerloop.accounts.second_step import WrongCode
from partnerloop.core import clock
from partnerloop.core.models import record_audit
from partnerloop.integrations.email.noticing import AccountChange, mail_account_notice
from partnerloop.web.access import SIGN_ON_PROGRAM, SignInFirst, to_sign_in, user_of
from partnerloop.web.accounts import entering
from partnerloop.web.accounts.forms import AppForm, NewPasswordForm, PasskeyForm
from partnerloop.web.squares import square

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
NEW_APP = "secret_of_new_app"
ONLY_HERE = "You came by single sign-on: how you sign in is kept there."


def for_owner(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """This will let the person in whose account it is, but not by one program's sign-on."""

    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            user = user_of(request)
        except SignInFirst:
            return to_sign_in(request)
        if SIGN_ON_PROGRAM in request.session:
            raise PermissionDenied(ONLY_HERE)
        return view(request, user, *args, **kwargs)

    return page


def for_fresh(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """This will ask to sign in once more where the last time is more than a while ago."""

    @for_owner
    @wraps(view)
    def page(
        request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if not entering.is_fresh(request, at=clock.now()):
            messages.info(request, "Sign in once more, then change it.")
            onward = urlencode({"next": reverse("account")})
            return redirect(f"{reverse('sign-in')}?{onward}")
        return view(request, user, *args, **kwargs)

    return page


@never_cache
@require_safe
@for_owner
def show(request: HttpRequest, user: User) -> HttpResponse:
    """This will show how the reader signs in, and where they are signed in."""
    return _account(request, user, {})


@never_cache
@sensitive_post_parameters()
@require_POST
@for_fresh
def set_password(request: HttpRequest, user: User) -> HttpResponse:
    """This will set a password, and end every other session."""
    form = NewPasswordForm(request.POST, user=user)
    if not form.is_valid():
        return _account(request, user, {"password": form}, status=400)
    at = clock.now()
    old_key = request.session.session_key
    user.set_password(form.cleaned_data["password"])
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    UserSession.objects.filter(session_key=old_key).update(session_key=request.session.session_key)
    _end_others(request, user)
    _note(AccountChange.PASSWORD_SET, user, at=at)
    messages.success(request, "Your password is set. You are signed out everywhere else.")
    return redirect("account")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_fresh
def app(request: HttpRequest, user: User) -> HttpResponse:
    """This will show a key for an app, and ask for a code of it."""
    secret = request.session.get(NEW_APP) or second_step.new_secret()
    request.session[NEW_APP] = secret
    form = AppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_step.set_app(user, secret, code=form.cleaned_data["code"])
        except WrongCode:
            form.add_error("code", "This is not the code that the app shows now.")
        else:
            del request.session[NEW_APP]
            _note(AccountChange.APP_SET, user, at=clock.now())
            return _done(request, codes, "Codes of your app are asked for from now on.")
    shown = {
        "form": form,
        "secret": secret,
        "square": square(second_step.app_address(user, secret)),
    }
    return render(request, "accounts/app.html", shown, status=400 if form.errors else 200)


@require_POST
@for_fresh
def remove_app(request: HttpRequest, user: User) -> HttpResponse:
    """This will ask for codes of an app no more."""
    second_step.remove_app(user)
    _note(AccountChange.APP_REMOVED, user, at=clock.now())
    messages.success(request, "No code is asked for any more.")
    return redirect("account")


@never_cache
@require_POST
@for_fresh
def codes(request: HttpRequest, user: User) -> HttpResponse:
    """This will show fresh recovery codes, once."""
    if not second_step.steps_of(user).are_needed:
        raise Http404
    _note(AccountChange.CODES_RENEWED, user, at=clock.now())
    return _done(request, second_step.new_codes(user), "The codes before work no more.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_fresh
def add_passkey(request: HttpRequest, user: User) -> HttpResponse:
    """This will keep a passkey that the reader's browser makes."""
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = passkeys.add(user, told["name"], answer=told["passkey"])
        except PasskeyRefused:
            form.add_error(None, "No passkey was made. Try again.")
        else:
            _note(AccountChange.PASSKEY_ADDED, user, at=clock.now())
            return _done(request, made, "Your passkey is kept.")
    shown = {"form": form, "making": passkeys.making(user)}
    return render(request, "accounts/passkey_add.html", shown, status=400 if form.errors else 200)


@require_POST
@for_fresh
def remove_passkey(request: HttpRequest, user: User, passkey_id: int) -> HttpResponse:
    """This will forget a passkey."""
    if not passkeys.remove(user, passkey_id):
        raise Http404
    _note(AccountChange.PASSKEY_REMOVED, user, at=clock.now())
    messages.success(request, "This passkey opens nothing any more.")
    return redirect("account")


@require_POST
@for_owner
def end_session(request: HttpRequest, user: User, session_id: UUID) -> HttpResponse:
    """This will sign the reader out of one other browser."""
    session = UserSession.objects.filter(user=user, pk=session_id).first()
    if session is None:
        raise Http404
    entering.end(session)
    messages.success(request, "Signed out there.")
    return redirect("account")


@require_POST
@for_owner
def end_sessions(request: HttpRequest, user: User) -> HttpResponse:
    """This will sign the reader out everywhere but here."""
    _end_others(request, user)
    messages.success(request, "You are signed out everywhere else.")
    return redirect("account")


def _account(
    request: HttpRequest, user: User, given: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    sessions = entering.living(user, at=clock.now())
    shown = {
        "person": user,
        "steps": second_step.steps_of(user),
        "has_password": user.has_usable_password(),
        "password": NewPasswordForm(None, user=user),
        "others": [one for one in sessions if one.session_key != request.session.session_key],
        "here": next(
            (one for one in sessions if one.session_key == request.session.session_key), None
        ),
        **given,
    }
    return render(request, "accounts/account.html", shown, status=status)


def _done(request: HttpRequest, codes: Sequence[str], sentence: str) -> HttpResponse:
    if not codes:
        messages.success(request, sentence)
        return redirect("account")
    return render(request, "accounts/codes.html", {"codes": codes, "sentence": sentence})


def _end_others(request: HttpRequest, user: User) -> None:
    here = request.session.session_key
    for session in UserSession.objects.filter(user=user).exclude(session_key=here):
        entering.end(session)


@transaction.atomic
def _note(change: AccountChange, user: User, *, at: datetime) -> None:
    target = f"user:{user.pk}"
    record_audit(change.value, at=at, actor=target, target=target)
    mail_account_notice(user, change, at=at)
