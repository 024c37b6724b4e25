"""Who calls: a key, and through it a program and a member. Nothing else in a request says so."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from partnerloop.accounts.models import Membership
from partnerloop.api.problems import Problem
from partnerloop.core import clock
from partnerloop.integrations.keys.checking import KeyRefused, checked
from partnerloop.integrations.keys.counting import Allowance, count_call
from partnerloop.integrations.models import ApiKey, KeyScope
from partnerloop.programs.models import Program

ALLOWANCE = "partnerloop_allowance"


class Bearer(HttpBearer):
    """Opens a route to keys of one scope: `auth=Bearer(KeyScope.PARTNERS)`."""

    def __init__(self, scope: KeyScope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        """Say what is missing instead of nothing."""
        key = super().__call__(request)
        if key is None:
            detail = "Send your key: Authorization: Bearer pl_..."
            raise Problem(401, detail, WWW_Authenticate="Bearer")
        return key

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        """Return the key, once it is known, within its rate, and of the right scope."""
        at = clock.now()
        try:
            key = checked(token, at=at)
        except KeyRefused as why:
            raise Problem(401, str(why), WWW_Authenticate='Bearer error="invalid_token"') from None
        allowance = count_call(key, at=at)
        setattr(request, ALLOWANCE, allowance)
        if allowance.is_spent:
            wait = str(allowance.resets_in)
            raise Problem(429, f"Try again in {wait} seconds.", Retry_After=wait)
        if self.scope not in key.scopes:
            raise Problem(403, f"This key lacks the scope {self.scope.value}.")
        return key


def key_of(request: HttpRequest) -> ApiKey:
    """Return the key that opened a route."""
    key = getattr(request, "auth", None)
    assert isinstance(key, ApiKey), "every route is opened by a key"
    return key


def caller_of(request: HttpRequest) -> tuple[Program, Membership]:
    """Return the program of the key and the member whose eyes it has."""
    key = key_of(request)
    return key.program, key.created_by


def allowance_of(request: HttpRequest) -> Allowance | None:
    """Return what the key had left, where one was counted."""
    allowance = getattr(request, ALLOWANCE, None)
    return allowance if isinstance(allowance, Allowance) else None
