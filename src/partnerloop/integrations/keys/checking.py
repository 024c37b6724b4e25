"""Checking a key: found by its prefix, compared in constant time, refused with a reason."""

import hmac
from datetime import datetime

from partnerloop.core import ids
from partnerloop.integrations.keys.issuing import MARK
from partnerloop.integrations.models import ApiKey

NOBODY = ids.token_hash("")


class KeyRefused(Exception):
    """A key opens nothing. Whether it ever existed is not told."""


class KeyEnded(KeyRefused):
    """The secret is right, but the key expired, was revoked, or its maker left."""


def checked(given: str, *, at: datetime) -> ApiKey:
    """Return the key that a secret belongs to, with its member and program, or refuse."""
    prefix, _, secret = given.removeprefix(MARK).partition("_")
    found = (
        ApiKey.objects.across_programs()
        .filter(prefix=prefix)
        .select_related("program", "created_by__user")
        .first()
    )
    # compared also where there is no row, so that the time tells nothing about prefixes
    stored = found.secret_hash if found is not None else NOBODY
    matches = hmac.compare_digest(stored, ids.token_hash(secret))
    if found is None or not matches or not given.startswith(MARK):
        raise KeyRefused("This key is not known.")
    member = found.created_by
    if found.revoked_at is not None:
        raise KeyEnded("This key was revoked.")
    if not found.works(at):
        raise KeyEnded("This key has expired.")
    if member.ended_on is not None or not member.user.is_active:
        raise KeyEnded("The member who made this key has left the program.")
    return found
