"""Who is looking: a token signed by the portal, checked claim by claim, and good for one opening.

Nothing in a token is believed before its signature holds, and the algorithm is that of the key.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import jwt
from django.conf import settings

from partnerloop.core import ids
from partnerloop.integrations.models import SpentIdentity, WidgetKey
from partnerloop.integrations.widget.origins import origins_of
from partnerloop.partners.models import Contact, ExternalId, Partner
from partnerloop.partners.naming import NoSuchPerson, SeveralPartners, find_contact, place_of
from partnerloop.programs.models import Program
from partnerloop.programs.sealing import SealBroken, unseal

SKEW = timedelta(seconds=60)
LONGEST = timedelta(hours=1)
MOST_CHARACTERS = 8192
CLAIMS = ("iss", "sub", "aud", "iat", "exp", "jti")


class Refusal(StrEnum):
    """Why a token opens nothing."""

    UNREADABLE = "unreadable"
    UNKNOWN_KEY = "unknown_key"
    WRONG_ALGORITHM = "wrong_algorithm"
    BAD_SIGNATURE = "bad_signature"
    CLAIM_MISSING = "claim_missing"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_ISSUER = "wrong_issuer"
    EXPIRED = "expired"
    FROM_THE_FUTURE = "from_the_future"
    LIVES_TOO_LONG = "lives_too_long"
    UNKNOWN_PERSON = "unknown_person"
    SEVERAL_PARTNERS = "several_partners"
    USED_BEFORE = "used_before"


SENTENCES = {
    Refusal.UNREADABLE: "This is no token, or a claim in it has the wrong form.",
    Refusal.UNKNOWN_KEY: "The head names no key (kid) of this program that still works.",
    Refusal.WRONG_ALGORITHM: "The head names another algorithm than that of the key.",
    Refusal.BAD_SIGNATURE: "The signature does not fit: another secret, or the token was changed.",
    Refusal.CLAIM_MISSING: "One of iss, sub, aud, iat, exp and jti is missing.",
    Refusal.WRONG_AUDIENCE: "The audience (aud) is not the address of this widget.",
    Refusal.WRONG_ISSUER: "The issuer (iss) is not one of the portals on the list.",
    Refusal.EXPIRED: "It has expired (exp).",
    Refusal.FROM_THE_FUTURE: "It was issued in the future (iat, nbf): a clock is wrong.",
    Refusal.LIVES_TOO_LONG: "It lives longer than an hour (exp after iat).",
    Refusal.UNKNOWN_PERSON: "Nobody at an active partner has this id or address (sub).",
    Refusal.SEVERAL_PARTNERS: "The person works at several partners: say which (partner).",
    Refusal.USED_BEFORE: "It was used before (jti); each opening needs a fresh one.",
}


class IdentityRefused(Exception):
    """A token does not say who is looking."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(SENTENCES[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is looking, by which key, and until when the token could be used."""

    contact: Contact
    partner: Partner
    kid: str
    number: str
    expires_at: datetime


def admit(program: Program, token: str, *, at: datetime) -> Identity:
    """Return who is looking, and let the same token open nothing again."""
    identity = examine(program, token, at=at)
    spent = SpentIdentity(
        program_id=program.pk,
        token_hash=_mark(identity),
        expires_at=identity.expires_at + SKEW,
    )
    # one statement: of two at the same time one writes the row, the other sees that it is there
    _row, is_new = SpentIdentity.objects.of(program).get_or_create(
        program_id=program.pk,
        token_hash=spent.token_hash,
        defaults={"expires_at": spent.expires_at},
    )
    if not is_new:
        raise IdentityRefused(Refusal.USED_BEFORE)
    return identity


def examine(program: Program, token: str, *, at: datetime) -> Identity:
    """Return who a token names, or raise `IdentityRefused`; it stays good for one opening."""
    key = _key(program, token, at=at)
    claims = _claims(program, token, key)
    expires_at = _in_time(claims, at=at)
    if claims["iss"] not in origins_of(program):
        raise IdentityRefused(Refusal.WRONG_ISSUER)
    contact, partner = _person(program, claims, at=at)
    identity = Identity(contact, partner, key.kid, claims["jti"], expires_at)
    if SpentIdentity.objects.of(program).filter(token_hash=_mark(identity)).exists():
        raise IdentityRefused(Refusal.USED_BEFORE)
    return identity


def audience(program: Program) -> str:
    """Return what a token has to name as its audience: the address of the widget."""
    return f"{settings.PARTNERLOOP_URL}/widget/{program.slug}"


def forget_spent(program: Program, *, at: datetime) -> None:
    """Delete the marks of tokens that have expired by now."""
    SpentIdentity.objects.of(program).filter(expires_at__lt=at).delete()


def _key(program: Program, token: str, *, at: datetime) -> WidgetKey:
    if len(token) > MOST_CHARACTERS:
        raise IdentityRefused(Refusal.UNREADABLE)
    try:
        head = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, ValueError):
        raise IdentityRefused(Refusal.UNREADABLE) from None
    kid = head.get("kid")
    found = WidgetKey.objects.of(program).filter(kid=kid).first() if _is_text(kid, 12) else None
    if found is None or not found.works(at):
        raise IdentityRefused(Refusal.UNKNOWN_KEY)
    if head.get("alg") != found.algorithm or "crit" in head:
        raise IdentityRefused(Refusal.WRONG_ALGORITHM)
    return found


def _claims(program: Program, token: str, key: WidgetKey) -> dict[str, Any]:
    """Return the claims once the signature holds; times are looked at apart, by our own clock."""
    try:
        secret = key.public_key or unseal(key.secret_sealed)
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=[key.algorithm],
            audience=audience(program),
            options={
                "require": list(CLAIMS),
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.InvalidSignatureError, SealBroken):
        raise IdentityRefused(Refusal.BAD_SIGNATURE) from None
    except jwt.MissingRequiredClaimError:
        raise IdentityRefused(Refusal.CLAIM_MISSING) from None
    except jwt.InvalidAudienceError:
        raise IdentityRefused(Refusal.WRONG_AUDIENCE) from None
    except (jwt.InvalidTokenError, ValueError, TypeError):
        raise IdentityRefused(Refusal.UNREADABLE) from None
    if not (_is_text(claims["sub"], 254) and _is_text(claims["jti"], 200)):
        raise IdentityRefused(Refusal.UNREADABLE)
    return claims


def _in_time(claims: dict[str, Any], *, at: datetime) -> datetime:
    issued, expires = _moment(claims["iat"]), _moment(claims["exp"])
    begins = _moment(claims.get("nbf", claims["iat"]))
    if expires <= issued:
        raise IdentityRefused(Refusal.UNREADABLE)
    if expires - issued > LONGEST:
        raise IdentityRefused(Refusal.LIVES_TOO_LONG)
    if max(issued, begins) > at + SKEW:
        raise IdentityRefused(Refusal.FROM_THE_FUTURE)
    if expires + SKEW <= at:
        raise IdentityRefused(Refusal.EXPIRED)
    return expires


def _moment(claim: object) -> datetime:
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        raise IdentityRefused(Refusal.UNREADABLE)
    try:
        return datetime.fromtimestamp(claim, tz=UTC)
    except (OverflowError, OSError, ValueError):
        raise IdentityRefused(Refusal.UNREADABLE) from None


def _person(program: Program, claims: dict[str, Any], *, at: datetime) -> tuple[Contact, Partner]:
    sub, named = claims["sub"], claims.get("partner")
    by = {"email": sub} if "@" in sub else {"external_id": sub}
    try:
        contact = find_contact(program, **by)
        number = _partner(program, named) if named is not None else None
        return contact, place_of(contact, partner_id=number, on=at.date())
    except NoSuchPerson:
        raise IdentityRefused(Refusal.UNKNOWN_PERSON) from None
    except SeveralPartners:
        raise IdentityRefused(Refusal.SEVERAL_PARTNERS) from None


def _partner(program: Program, named: object) -> int:
    if not _is_text(named, 200):
        raise IdentityRefused(Refusal.UNREADABLE)
    known = ExternalId.objects.of(program).filter(kind="partner", value=named)
    numbers = set(known.values_list("partner_id", flat=True))
    if len(numbers) != 1:
        raise IdentityRefused(Refusal.UNKNOWN_PERSON)
    return int(next(iter(numbers)) or 0)


def _is_text(claim: object, longest: int) -> bool:
    return isinstance(claim, str) and 0 < len(claim) <= longest and "\0" not in claim


def _mark(identity: Identity) -> str:
    return ids.token_hash(f"{identity.kid}:{identity.number}")
