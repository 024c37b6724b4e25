"""Sealing secrets that a program keeps, such as its mail password.

Fernet under a key derived from SECRET_KEY; after a change of key, those in SECRET_KEY_FALLBACKS
still open what they sealed, and nothing new is sealed with them.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(ValueError):
    """A sealed secret cannot be opened: the installation's key is not the one that sealed it."""


def seal(secret: str) -> str:
    """Return the secret in a form that only this installation can open; empty stays empty."""
    return _locks().encrypt(secret.encode()).decode() if secret else ""


def seal_without_time(secret: str) -> str:
    """Return the secret sealed like `seal`, but without the second of sealing that it carries."""
    return _locks().encrypt_at_time(secret.encode(), current_time=0).decode()


def unseal(sealed: str) -> str:
    """Return the secret that was sealed, or raise `SealBroken`."""
    if not sealed:
        return ""
    try:
        return _locks().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken from None


def _locks() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"partnerloop sealing")
    return urlsafe_b64encode(derivation.derive(key.encode()))
