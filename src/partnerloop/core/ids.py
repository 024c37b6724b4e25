"""Identifiers that tell nothing: random, never time-ordered, and tokens that are stored hashed."""

import base64
import hashlib
import hmac
import secrets
import uuid

TOKEN_BYTES = 24  # 192 bits: beyond guessing, 32 characters in a link


def random_id() -> uuid.UUID:
    """Return a random id (version 4): its order says nothing about when it was made."""
    return uuid.uuid4()


def random_seed() -> int:
    """Return a fresh seed for a draw that must be the same when it is looked at again."""
    return secrets.randbits(53)  # exact in every database, and in a float


def new_token() -> str:
    """Return a fresh capability for a link; only its hash is ever stored."""
    return _plain(secrets.token_urlsafe(TOKEN_BYTES))


def token_hash(token: str) -> str:
    """Return what is stored of a token. Plain SHA-256 is enough above 112 bits of entropy."""
    return hashlib.sha256(token.encode()).hexdigest()


def derived_token(secret: bytes, purpose: str, subject: str) -> str:
    """Return the token that belongs to `subject`: always the same, so it can be shown again."""
    digest = hmac.new(secret, f"{purpose}:{subject}".encode(), hashlib.sha256).digest()
    return _plain(base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode())


def _plain(token: str) -> str:
    """Leave letters and digits only: mail programs end a link before a hyphen or underscore.

    It costs less than two of 192 bits.
    """
    return token.replace("-", "x").replace("_", "y")
