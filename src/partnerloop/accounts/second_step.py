"""The second step of signing in: a code of an app, a recovery code, or a passkey."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.db import transaction

from partnerloop.accounts.authenticators import SealingAdapter
from partnerloop.accounts.models import User
from partnerloop.core import ids

APP, CODES, PASSKEY = "totp", "recovery_codes", "webauthn"
REMEMBERED = 6  # codes that were used lately and do not work again, in whichever process


class WrongCode(Exception):
    """The code is not right, not right any more, or was used."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What a user has set up."""

    has_app: bool
    passkeys: tuple[Authenticator, ...]
    codes_left: int

    @property
    def are_needed(self) -> bool:
        """Return whether a second step is asked for after a link or a password."""
        return self.has_app or bool(self.passkeys)


def steps_of(user: User) -> Steps:
    """Return the second steps of a user."""
    rows = list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at", "pk"))
    codes = next((row for row in rows if row.type == CODES), None)
    return Steps(
        has_app=any(row.type == APP for row in rows),
        passkeys=tuple(row for row in rows if row.type == PASSKEY),
        codes_left=len(RecoveryCodes(codes).get_unused_codes()) if codes else 0,
    )


def new_secret() -> str:
    """Return a fresh secret for an app; nothing is set up before a code of it is given."""
    return str(generate_totp_secret())


def app_address(user: User, secret: str) -> str:
    """Return what the square code says to the app."""
    return str(SealingAdapter().build_totp_url(user, secret))


@transaction.atomic
def set_app(user: User, secret: str, *, code: str) -> list[str]:
    """Ask for codes of an app from now on; return recovery codes where these are the first."""
    if not validate_totp_code(secret, _plain(code)):
        raise WrongCode
    Authenticator.objects.filter(user_id=user.pk, type=APP).delete()
    TOTP.activate(user, secret)
    return first_codes(user)


@transaction.atomic
def remove_app(user: User) -> None:
    """Ask for no code of an app any more."""
    Authenticator.objects.filter(user_id=user.pk, type=APP).delete()
    forget_codes_alone(user)


@transaction.atomic
def reset(user: User) -> None:
    """Forget every second step: the operator's way for somebody who lost all of them."""
    Authenticator.objects.filter(user_id=user.pk).delete()


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Return ten fresh recovery codes, each of which works once; those before work no more."""
    Authenticator.objects.filter(user_id=user.pk, type=CODES).delete()
    return [str(code) for code in RecoveryCodes.activate(user).get_unused_codes()]


def first_codes(user: User) -> list[str]:
    """Return recovery codes for somebody who has none yet, else nothing."""
    has_some = Authenticator.objects.filter(user_id=user.pk, type=CODES).exists()
    return [] if has_some else new_codes(user)


def forget_codes_alone(user: User) -> None:
    """Forget recovery codes that recover nothing any more."""
    if not steps_of(user).are_needed:
        reset(user)


@transaction.atomic
def check_code(user: User, code: str) -> None:
    """Take a code of the app or a recovery code, once, or raise `WrongCode`."""
    given = _plain(code)
    rows = Authenticator.objects.select_for_update().filter(user_id=user.pk)
    found = {row.type: row for row in rows.exclude(type=PASSKEY)}
    app, codes = found.get(APP), found.get(CODES)
    if app is not None and _app_takes(app, given):
        return
    if codes is not None and RecoveryCodes(codes).validate_code(given):
        return
    raise WrongCode


def _app_takes(app: Authenticator, code: str) -> bool:
    used = app.data.get("used", [])
    mark = ids.token_hash(f"{app.pk}:{code}")
    if mark in used or not TOTP(app).validate_code(code):
        return False
    app.data["used"] = [*used, mark][-REMEMBERED:]
    app.save(update_fields=["data"])
    return True


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "")
