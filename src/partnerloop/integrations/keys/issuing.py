"""Issuing and revoking keys. The secret is returned once and can't be shown again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.core import ids
from partnerloop.integrations.models import ApiKey, KeyScope
from partnerloop.programs.models import Program

PREFIX_LENGTH = 12
MARK = "pl_"  # lets scanners of leaked secrets, and people, see what they hold


class NoScope(ValueError):
    """A key that may do nothing was asked for, or one that may do what does not exist."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A fresh key with its secret, which nobody sees again."""

    key: ApiKey
    secret: str


@transaction.atomic
def issue(name: str, *, scopes: list[str], days: int, by: Membership, at: datetime) -> Issued:
    """Make a key that acts for a member of its program until it expires."""
    if not scopes or not set(scopes) <= set(KeyScope.values):
        raise NoScope
    prefix, secret = ids.new_token()[:PREFIX_LENGTH], ids.new_token()
    key = ApiKey.objects.create(
        program_id=by.program_id,
        name=name,
        prefix=prefix,
        secret_hash=ids.token_hash(secret),
        scopes=[scope for scope in KeyScope.values if scope in scopes],
        created_by=by,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    _note("api_key.issued", key, by=by, at=at)
    return Issued(key, f"{MARK}{prefix}_{secret}")


@transaction.atomic
def revoke(key: ApiKey, *, by: Membership, at: datetime) -> None:
    """End a key at once; a second time changes nothing."""
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        _note("api_key.revoked", key, by=by, at=at)


def keys_of(program: Program) -> QuerySet[ApiKey]:
    """Return the keys of a program, the newest first."""
    found = ApiKey.objects.of(program).select_related("created_by__user")
    return found.order_by("-created_at", "-pk")


def _note(action: str, key: ApiKey, *, by: Membership, at: datetime) -> None:
    record_by(by, action, target=f"api_key:{key.prefix}", at=at, fields=tuple(key.scopes))
