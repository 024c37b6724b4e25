"""Routes that do a thing: once for each Idempotency-Key, however often the request comes."""

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Status
from ninja.params.functions import Header

from partnerloop.api.callers import key_of
from partnerloop.api.problems import Problem
from partnerloop.core import clock
from partnerloop.integrations.keys.repeating import Asked, KeyUsedOtherwise, once

Key = Annotated[str, Header(max_length=255)]


def require_key(key: str) -> None:
    """Refuse a request whose repeat could not be told from a second one."""
    if not key:
        raise Problem(400, "Send an Idempotency-Key, so that a repeated request is done once.")


def reply_once(
    request: HttpRequest,
    response: HttpResponse,
    asked: Asked,
    *,
    work: Callable[[], dict[str, Any]],
) -> Status[dict[str, Any]]:
    """Do the work, or repeat the reply that its first time got; a failure keeps nothing.

    `work` returns the body of the reply and raises `Problem` for what can't be done.
    """
    require_key(asked.key)
    try:
        heard = once(asked, by=key_of(request), at=clock.now(), work=work)
    except KeyUsedOtherwise:
        raise Problem(422, "This Idempotency-Key came before with another request.") from None
    if heard.is_repeat:
        response.headers["Idempotent-Replayed"] = "true"
    return Status(heard.status, heard.body)
