"""Slowing down who guesses, without locking out whose account it is.

Attempts are counted for an account from one place, for a place, and for an account from everywhere.
The last would let a stranger lock somebody out: it does not hold for a browser that signed in
before, and a mailed link is never counted at all. Addresses that nobody has are counted alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings

from partnerloop.accounts.models import SignInFailure
from partnerloop.core import ids

WINDOW = timedelta(minutes=15)
KEPT = timedelta(hours=1)
MOST_FROM_HERE = 5
MOST_OF_A_PLACE = 50
MOST_OF_AN_ACCOUNT = 30


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who is tried, from where, and whether this browser is known for it."""

    account: str
    place: str
    is_known: bool = False


def is_slowed(attempt: Attempt, *, at: datetime) -> bool:
    """Return whether this attempt is refused unseen, right or wrong."""
    return any(_count(key, at=at) >= most for key, most in _limits(attempt))


def note_failure(attempt: Attempt, *, at: datetime) -> None:
    """Count a failed attempt, and forget those of long ago."""
    SignInFailure.objects.filter(at__lt=at - KEPT).delete()
    SignInFailure.objects.bulk_create(
        [SignInFailure(key=key, at=at) for key, _most in _limits(attempt)]
    )


def forgive(attempt: Attempt) -> None:
    """Forget the failures of an account from here: it was its owner after all."""
    SignInFailure.objects.filter(key=_limits(attempt)[0][0]).delete()


def place_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the network of an IPv6 one.

    >>> place_of("203.0.113.7"), place_of("2001:db8:1:2:3:4:5:6"), place_of("nonsense")
    ('203.0.113.7', '2001:db8:1:2::/64', 'unknown')
    """
    try:
        known = ip_address(address.strip())
    except ValueError:
        return "unknown"
    return str(known) if known.version == 4 else str(ip_network(f"{known}/64", strict=False))


def _limits(attempt: Attempt) -> list[tuple[str, int]]:
    account = attempt.account.strip().lower()
    if attempt.is_known:
        return [(_key("known", account), MOST_FROM_HERE)]
    return [
        (_key("here", f"{account} {attempt.place}"), MOST_FROM_HERE),
        (_key("place", attempt.place), MOST_OF_A_PLACE),
        (_key("account", account), MOST_OF_AN_ACCOUNT),
    ]


def _key(kind: str, of: str) -> str:
    return ids.derived_token(settings.SECRET_KEY.encode(), f"sign-in {kind}", of)


def _count(key: str, *, at: datetime) -> int:
    return SignInFailure.objects.filter(key=key, at__gt=at - WINDOW).count()
