"""Signing in by a one-time link: made here, used once, short-lived."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from partnerloop.accounts.models import SignInLink, User
from partnerloop.core import ids

LIFETIME = timedelta(minutes=30)


class SignInLinkSpent(Exception):
    """The link was used, is too old, or never existed."""


def make_link(user: User, *, at: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Return the token of a fresh link; only its hash is stored."""
    token = ids.new_token()
    SignInLink.objects.create(user=user, token_hash=ids.token_hash(token), expires_at=at + lifetime)
    return token


def is_usable(token: str, *, at: datetime) -> bool:
    """Return whether a link could be used now; looking burns nothing (mail scanners look too)."""
    return _usable(at).filter(token_hash=ids.token_hash(token)).exists()


def use_link(token: str, *, at: datetime) -> User:
    """Burn a link and return its user; of two who try at once, one gets in."""
    link = _usable(at).filter(token_hash=ids.token_hash(token)).select_related("user").first()
    if link is None or not link.user.is_active:
        raise SignInLinkSpent
    burned = SignInLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=at)
    if not burned:
        raise SignInLinkSpent
    return link.user


def _usable(at: datetime) -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(used_at__isnull=True, expires_at__gt=at)
