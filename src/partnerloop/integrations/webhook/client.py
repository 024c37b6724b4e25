"""Sending a webhook's body to the address that a member typed in."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from partnerloop.integrations.outside import NotReached, asked
from partnerloop.integrations.webhook.endpoints import is_allowed

__all__ = ["NotReached", "Reply", "post"]

AGENT = "Partnerloop-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side said: its status, and how long it wants to be left alone."""

    status: int
    retry_after: str = ""


def post(url: str, body: str, *, headers: dict[str, str]) -> Reply:
    """Send a body and return how it was taken. The answer's body is not read."""
    fine = is_allowed(urlsplit(url).hostname or "")
    given = {"data": body.encode(), "headers": headers}
    with asked("POST", url, private_is_fine=fine, agent=AGENT, **given) as response:
        return Reply(response.status_code, response.headers.get("Retry-After", ""))
