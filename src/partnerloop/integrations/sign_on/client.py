"""Asking a provider: by https, for small JSON objects only."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from partnerloop.integrations.outside import NotReached, asked

AGENT = "Partnerloop-Sign-On/1"
LARGEST = 1_000_000


class ProviderNotReached(Exception):
    """The provider did not answer as one does; the message says so in a sentence."""


def is_allowed(host: str) -> bool:
    """Return whether the operator vouches for a host, private or without https as it may be."""
    return host.lower() in settings.PARTNERLOOP_SIGN_ON_ALLOWED_HOSTS


def get(url: str) -> dict[str, Any]:
    """Return the JSON object at an address of the provider."""
    return _asked("GET", url)


def post(url: str, given: Mapping[str, str], *, user: str, password: str) -> dict[str, Any]:
    """Send a form as a client that proves itself, and return the JSON object that comes back."""
    return _asked("POST", url, data=dict(given), auth=(user, password))


def _asked(method: str, url: str, **given: Any) -> dict[str, Any]:
    address = urlsplit(url)
    trusted = is_allowed(address.hostname or "")
    if address.scheme != "https" and not (trusted and address.scheme == "http"):
        raise ProviderNotReached("Its addresses must begin with https.")
    try:
        with asked(method, url, private_is_fine=trusted, agent=AGENT, **given) as response:
            body = response.raw.read(LARGEST + 1, decode_content=True)
            status = response.status_code
    except NotReached as why:
        raise ProviderNotReached(str(why)) from None
    return _object(status, body)


def _object(status: int, body: bytes) -> dict[str, Any]:
    if status != 200 or len(body) > LARGEST:
        raise ProviderNotReached(f"It answered with status {status}.")
    try:
        told = json.loads(body)
    except ValueError:
        raise ProviderNotReached("Its answer is not JSON.") from None
    if not isinstance(told, dict):
        raise ProviderNotReached("Its answer is not a JSON object.")
    return told
