"""The one way to an address that somebody typed in: its IP is checked and pinned, no redirects."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from requests import ConnectionError as NotConnected
from requests import Timeout
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress

from partnerloop.integrations.webhook.endpoints import is_allowed

TIMEOUT = (5.0, 15.0)  # seconds to connect, and for each piece of the answer


class NotReached(Exception):
    """Nobody answered, or the address may not be asked; the message says so in a sentence."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side said: its status, and how long it wants to be left alone."""

    status: int
    retry_after: str = ""


def post(url: str, body: str, *, headers: dict[str, str]) -> Reply:
    """Send a body and return how it was taken. The answer's body is not read."""
    private_is_fine = is_allowed(urlsplit(url).hostname or "")
    config = Config(
        ip_filter_enable=not private_is_fine,
        ip_filter_allow_loopback_ips=False,
        never_redirect=True,
        default_timeout=TIMEOUT,
        user_agent_override="Partnerloop-Webhooks/1",
    )
    with HTTPSession(config) as session:
        session.trust_env = False  # a proxy of the environment would resolve the name unchecked
        try:
            with session.post(url, data=body.encode(), headers=headers, stream=True) as response:
                return Reply(response.status_code, response.headers.get("Retry-After", ""))
        except InvalidIPAddress:
            raise NotReached(PRIVATE) from None
        except Timeout:
            raise NotReached("It did not answer in time.") from None
        except NotConnected:
            raise NotReached("No connection: is the name right, and is it up?") from None
        except (OSError, ValueError) as why:
            raise NotReached(f"It could not be asked ({type(why).__name__}).") from None


PRIVATE = "Its address is private or reserved: the operator has to allow this host."
