"""Endpoints: added with a secret that is shown once, paused, resumed, removed."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.integrations.models import EventType, WebhookEndpoint
from partnerloop.programs.sealing import seal

SECRET_BYTES = 32
MARK = "whsec_"
PAUSED = "Paused by a member."


class AddressRefused(ValueError):
    """An address that can't be told anything; the message says why."""


@dataclass(frozen=True, slots=True)
class Added:
    """A fresh endpoint with its secret, which nobody sees again."""

    endpoint: WebhookEndpoint
    secret: str


@transaction.atomic
def add(url: str, *, events: list[str], by: Membership, at: datetime) -> Added:
    """Add an endpoint of a member's program, with a secret of its own."""
    check_address(url)
    secret = MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    endpoint = WebhookEndpoint.objects.create(
        program_id=by.program_id,
        url=url,
        secret_sealed=seal(secret),
        events=[event for event in EventType.values if event in events],
        created_by=by,
        created_at=at,
    )
    _note("webhook.added", endpoint, by=by, at=at)
    return Added(endpoint, secret)


def check_address(url: str) -> None:
    """Refuse what is no public https address; the client checks where the name leads."""
    try:
        address = urlsplit(url)
        host, _port = address.hostname or "", address.port
    except ValueError:
        raise AddressRefused(NO_ADDRESS) from None
    if address.scheme not in ("http", "https") or not host:
        raise AddressRefused(NO_ADDRESS)
    if address.username is not None or address.password is not None:
        raise AddressRefused("Leave the password out of the address: messages are signed.")
    if address.scheme == "http" and not is_allowed(host):
        raise AddressRefused("Use https: what is told would be readable on its way.")


def is_allowed(host: str) -> bool:
    """Return whether the operator vouches for a host, private or without https as it may be."""
    return host.lower() in settings.PARTNERLOOP_WEBHOOK_ALLOWED_HOSTS


@transaction.atomic
def pause(endpoint: WebhookEndpoint, *, by: Membership, at: datetime) -> None:
    """Tell it nothing for now; what happens meanwhile is not told later."""
    disable(endpoint, why=PAUSED, at=at)
    _note("webhook.paused", endpoint, by=by, at=at)


@transaction.atomic
def resume(endpoint: WebhookEndpoint, *, by: Membership, at: datetime) -> None:
    """Tell it again, what still waited first."""
    endpoint.disabled_at, endpoint.disabled_why = None, ""
    endpoint.save(update_fields=["disabled_at", "disabled_why"])
    _note("webhook.resumed", endpoint, by=by, at=at)


@transaction.atomic
def remove(endpoint: WebhookEndpoint, *, by: Membership, at: datetime) -> None:
    """Forget an endpoint and what it was told."""
    _note("webhook.removed", endpoint, by=by, at=at)
    endpoint.delete()


def disable(endpoint: WebhookEndpoint, *, why: str, at: datetime) -> None:
    """Tell it nothing any more, for a reason that its page shows."""
    endpoint.disabled_at, endpoint.disabled_why = at, why[:LONGEST_WHY]
    endpoint.save(update_fields=["disabled_at", "disabled_why"])


def _note(action: str, endpoint: WebhookEndpoint, *, by: Membership, at: datetime) -> None:
    record_by(by, action, target=f"webhook:{endpoint.pk}", at=at, fields=tuple(endpoint.events))


LONGEST_WHY = 200
NO_ADDRESS = "This is not a whole address, such as https://hooks.example.com/partnerloop."
