"""Passkeys: made for an account, and used to sign in or as the second step.

The challenge lies in the session of the browser that was given it (allauth's part); what comes back
is checked to be from our own address, by the person (user verification), and once.
"""

import json
from base64 import urlsafe_b64decode
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from partnerloop.accounts.models import User
from partnerloop.accounts.second_step import PASSKEY, first_codes, forget_codes_alone

MOST = 20


class PasskeyRefused(Exception):
    """What came from the browser proves nothing."""


def making(user: User) -> str:
    """Return, as JSON, what the browser needs to make a passkey."""
    return json.dumps(auth.begin_registration(user, passwordless=True))


@transaction.atomic
def add(user: User, name: str, *, answer: str) -> list[str]:
    """Keep a passkey; return recovery codes where these are the first."""
    credential = _parsed(answer, "webauthn.create")
    held = Authenticator.objects.filter(user_id=user.pk, type=PASSKEY)
    if held.count() >= MOST:
        raise PasskeyRefused
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise PasskeyRefused from None
    auth.WebAuthn.add(user, name, credential)
    return first_codes(user)


def asking(user: User | None) -> str:
    """Return, as JSON, what the browser needs to use a passkey: of one user, or of anybody."""
    return json.dumps(auth.begin_authentication(user))


def whose(answer: str) -> User:
    """Return the user whom a passkey belongs to, once it has proved itself."""
    credential = _parsed(answer, "webauthn.get")
    try:
        user = auth.extract_user_from_response(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise PasskeyRefused from None
    if not isinstance(user, User) or not user.is_active:
        raise PasskeyRefused
    check(user, answer=answer)
    return user


def check(user: User, *, answer: str) -> None:
    """Take an answer of one of the user's passkeys, or raise `PasskeyRefused`."""
    credential = _parsed(answer, "webauthn.get")
    try:
        auth.parse_authentication_response(credential)
        used = auth.complete_authentication(user, credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise PasskeyRefused from None
    used.record_usage()


@transaction.atomic
def remove(user: User, passkey_id: int) -> bool:
    """Forget a passkey of a user; false where it is not theirs."""
    found = Authenticator.objects.filter(user_id=user.pk, type=PASSKEY, pk=passkey_id)
    removed, _kinds = found.delete()
    forget_codes_alone(user)
    return bool(removed)


def _parsed(answer: str, kind: str) -> dict[str, Any]:
    try:
        credential = json.loads(answer)
        told = credential["response"]["clientDataJSON"]
        client = json.loads(urlsafe_b64decode(told + "=" * (-len(told) % 4)))
        ours = client["origin"] == settings.PARTNERLOOP_URL and client["type"] == kind
    except (ValueError, TypeError, KeyError):
        raise PasskeyRefused from None
    if not ours or not isinstance(credential, dict):
        raise PasskeyRefused
    return credential
