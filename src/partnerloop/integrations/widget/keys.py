"""The keys with which a portal signs who is looking: made here, shown once, ended at once."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from django.db import transaction
from django.db.models import QuerySet

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.core import ids
from partnerloop.integrations.models import WidgetKey
from partnerloop.programs.models import Program
from partnerloop.programs.sealing import seal

MOST_AT_ONCE = 4
SECRET_BYTES = 32
LEAST_RSA_BITS = 2048


class TooManyKeys(Exception):
    """Enough keys work already; one has to be ended first."""


class KeyUnusable(ValueError):
    """What was given is no public key that can vouch for anybody; the text says why."""


@dataclass(frozen=True, slots=True)
class Made:
    """A fresh key with its secret, which nobody is shown again."""

    key: WidgetKey
    secret: str


def make_secret(*, by: Membership, at: datetime) -> Made:
    """This will make a secret that the portal shares with this program alone."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key = _keep(WidgetKey.Algorithm.HS256, by=by, at=at, secret_sealed=seal(secret))
    return Made(key, secret)


def add_public(pem: str, *, by: Membership, at: datetime) -> WidgetKey:
    """This will take in the public key of a portal that keeps the private one to itself."""
    algorithm, clean = _read(pem)
    return _keep(algorithm, by=by, at=at, public_key=clean)


@transaction.atomic
def end(key: WidgetKey, *, by: Membership, at: datetime) -> None:
    """This will end a key at once, and with it what it opened; a second time changes nothing."""
    ended = WidgetKey.objects.of(by.program).unended().filter(pk=key.pk)
    if ended.update(ended_at=at):
        record_by(by, "widget.key_ended", target=f"widget_key:{key.kid}", at=at)


def keys_of(program: Program) -> QuerySet[WidgetKey]:
    """Return the keys of a program, the newest first."""
    return WidgetKey.objects.of(program).order_by("-created_at", "-pk")


def _read(pem: str) -> tuple[WidgetKey.Algorithm, str]:
    if "PRIVATE KEY" in pem:
        raise KeyUnusable("This is a private key. It belongs to the portal alone: make a new pair.")
    try:
        key = load_pem_public_key(pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnusable("This is no public key in PEM form.") from None
    clean = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    if isinstance(key, Ed25519PublicKey):
        return WidgetKey.Algorithm.EDDSA, clean
    if not isinstance(key, RSAPublicKey):
        raise KeyUnusable("Only RSA and Ed25519 keys are taken.")
    if key.key_size < LEAST_RSA_BITS:
        raise KeyUnusable(f"An RSA key needs at least {LEAST_RSA_BITS} bits.")
    return WidgetKey.Algorithm.RS256, clean


@transaction.atomic
def _keep(
    algorithm: WidgetKey.Algorithm,
    *,
    by: Membership,
    at: datetime,
    secret_sealed: str = "",
    public_key: str = "",
) -> WidgetKey:
    # one at a time in a program, so that two at once do not exceed the limit
    Program.objects.select_for_update().get(pk=by.program_id)
    if WidgetKey.objects.of(by.program).unended().count() >= MOST_AT_ONCE:
        raise TooManyKeys
    key = WidgetKey.objects.create(
        program_id=by.program_id,
        kid=ids.new_token()[:12],
        algorithm=algorithm,
        secret_sealed=secret_sealed,
        public_key=public_key,
        created_by=by,
        created_at=at,
    )
    record_by(by, "widget.key_made", target=f"widget_key:{key.kid}", at=at)
    return key
