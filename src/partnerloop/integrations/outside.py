"""The one way to an address that somebody typed in: its IP is checked and pinned, no redirects."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from requests import ConnectionError as NotConnected
from requests import Response, Timeout
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.exceptions import HTTPError

TIMEOUT = (5.0, 15.0)  # seconds to connect, and for each piece of the answer


class NotReached(Exception):
    """Nobody answered, or the address may not be asked; the message says so in a sentence."""


@contextmanager
def asked(
    method: str, url: str, *, private_is_fine: bool, agent: str, **given: Any
) -> Iterator[Response]:
    """Send a request and give its answer, whose body is not read yet."""
    config = Config(
        ip_filter_enable=not private_is_fine,
        ip_filter_allow_loopback_ips=False,
        never_redirect=True,
        default_timeout=TIMEOUT,
        user_agent_override=agent,
    )
    with HTTPSession(config) as session:
        session.trust_env = False  # a proxy of the environment would resolve the name unchecked
        try:
            with session.request(method, url, stream=True, **given) as response:
                yield response
        except InvalidIPAddress:
            raise NotReached(PRIVATE) from None
        except Timeout:
            raise NotReached("It did not answer in time.") from None
        except NotConnected:
            raise NotReached("No connection: is the name right, and is it up?") from None
        except (OSError, ValueError, HTTPError) as why:
            raise NotReached(f"It could not be asked ({type(why).__name__}).") from None


PRIVATE = "Its address is private or reserved: the operator has to allow this host."
