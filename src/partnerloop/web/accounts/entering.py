"""Letting somebody in, by whichever door: the second step, the session's row, the known browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from partnerloop.accounts.models import User, UserSession
from partnerloop.accounts.second_step import steps_of
from partnerloop.accounts.throttling import Attempt, place_of
from partnerloop.web.access import ENTERED_AT, SIGN_ON_PROGRAM
from partnerloop.web.accounts.browsers import browser_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
WAITING = "waiting_for_second_step"
SECOND_STEP_WITHIN = timedelta(minutes=10)
FRESH = timedelta(minutes=15)
KNOWN_COOKIE = "partnerloop_known"
KNOWN_FOR = timedelta(days=180)
KNOWN_SALT = "partnerloop.known-browser"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who proved the first step, by which door, and where they want to go."""

    user: User
    door: str
    onward: str


def first_step_done(
    request: HttpRequest, user: User, *, door: str, onward: str, at: datetime
) -> HttpResponse:
    """This will let the user in, or ask for the second step where they set one."""
    if not steps_of(user).are_needed:
        return let_in(request, user, door=door, onward=onward, at=at)
    leave(request)
    request.session[WAITING] = [user.pk, door, onward, at.timestamp()]
    return HttpResponseRedirect(reverse("second-step"))


def waiting(request: HttpRequest, *, at: datetime) -> Waiting | None:
    """This will return who stands before the second step in this browser, for ten minutes."""
    told = request.session.get(WAITING)
    if not told or at.timestamp() - told[3] > SECOND_STEP_WITHIN.total_seconds():
        return None
    user = User.objects.filter(pk=told[0], is_active=True).first()
    return Waiting(user, told[1], told[2]) if user else None


def let_in(
    request: HttpRequest,
    user: User,
    *,
    door: str,
    onward: str,
    at: datetime,
    program_id: int | None = None,
) -> HttpResponse:
    """This will begin a session that its page lists; one by single sign-on is for one program."""
    leave(request)
    login(request, user, backend=BACKEND)
    request.session[ENTERED_AT] = at.timestamp()
    if program_id is not None:
        request.session[SIGN_ON_PROGRAM] = program_id
    note_session(request, user, door=door, at=at)
    response = HttpResponseRedirect(onward or reverse("programs"))
    if program_id is None:
        _remember(response, user)
    return response


def note_session(request: HttpRequest, user: User, *, door: str, at: datetime) -> None:
    """This will write down that a user is signed in here."""
    if not request.session.session_key:
        request.session.save()
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "door": door,
            "browser": browser_of(request.headers.get("User-Agent", "")),
            "began_at": at,
        },
    )


def leave(request: HttpRequest) -> None:
    """This will end the session of this browser, if there is one."""
    if request.session.session_key:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.flush()


def living(user: User, *, at: datetime) -> list[UserSession]:
    """This will return where a user is signed in, newest first, and forget what has run out."""
    rows = UserSession.objects.filter(user=user)
    alive = Session.objects.filter(session_key__in=rows.values("session_key"), expire_date__gt=at)
    rows.exclude(session_key__in=list(alive.values_list("session_key", flat=True))).delete()
    return list(rows.order_by("-began_at"))


def end(session: UserSession) -> None:
    """This will sign a user out of another browser, at once."""
    SessionStore(session.session_key).delete()
    session.delete()


def is_fresh(request: HttpRequest, *, at: datetime) -> bool:
    """This will tell whether the reader proved who they are within a quarter of an hour."""
    entered = request.session.get(ENTERED_AT)
    return entered is not None and at.timestamp() - entered <= FRESH.total_seconds()


def attempt_of(request: HttpRequest, email: str) -> Attempt:
    """This will return what is counted when somebody tries to be this person."""
    return Attempt(account=email, place=_place(request), is_known=_is_known(request, email))


def _place(request: HttpRequest) -> str:
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.BEHIND_PROXY and forwarded:
        # The proxy in front appends whom it saw; what stands before that anybody may claim.
        return place_of(forwarded.rpartition(",")[2])
    return place_of(request.META.get("REMOTE_ADDR", ""))


def _remember(response: HttpResponse, user: User) -> None:
    response.set_cookie(
        KNOWN_COOKIE,
        signing.dumps(user.email, salt=KNOWN_SALT),
        max_age=KNOWN_FOR,
        path=reverse("sign-in"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _is_known(request: HttpRequest, email: str) -> bool:
    try:
        known = signing.loads(
            request.COOKIES.get(KNOWN_COOKIE, ""), salt=KNOWN_SALT, max_age=KNOWN_FOR
        )
    except signing.BadSignature:
        return False
    return bool(known == email.strip().lower())
