"""The code flow of OpenID Connect with PKCE: where to send people, and whom the answer vouches for.

Nothing is believed but an ID token that the provider signed for this client, for this attempt, just
now. Only signatures by public key are accepted.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt

from partnerloop.accounts.models import SignOn
from partnerloop.accounts.signing_on import Vouched
from partnerloop.core import ids
from partnerloop.integrations.sign_on.client import ProviderNotReached, get, post
from partnerloop.programs.sealing import SealBroken, unseal

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
SCOPE = "openid email profile"
LEEWAY = 60  # seconds that the clocks may differ


class NotVouchedFor(Exception):
    """The provider's answer proves nothing: it is forged, old, for somebody else, or a refusal."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What this browser alone knows about its way to the provider and back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the provider does what, from its own description."""

    authorization: str
    token: str
    keys: str


def new_attempt() -> Attempt:
    """Return fresh secrets of an attempt."""
    return Attempt(
        state=ids.new_token(), nonce=ids.new_token(), verifier=ids.new_token() + ids.new_token()
    )


def described(issuer: str) -> Endpoints:
    """Return the provider's endpoints; its description must be about the issuer that was meant."""
    told = get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if told.get("issuer") != issuer:
        raise ProviderNotReached("It calls itself by another address: write that one as issuer.")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    found = [told.get(name) for name in names]
    if not all(isinstance(url, str) and urlsplit(url).netloc for url in found):
        raise ProviderNotReached("Its description lacks an address.")
    return Endpoints(*map(str, found))


def authorization_url(sign_on: SignOn, attempt: Attempt, *, back: str) -> str:
    """Return where the browser goes to be asked who its person is."""
    endpoint = described(sign_on.issuer).authorization
    if urlsplit(endpoint).scheme not in ("https", "http"):
        raise ProviderNotReached("Its addresses must begin with https.")
    challenge = urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": sign_on.client_id,
        "redirect_uri": back,
        "scope": SCOPE,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"


def exchange(sign_on: SignOn, attempt: Attempt, *, code: str, back: str) -> Vouched:
    """Return whom the provider vouches for, in exchange for the code that the browser brought."""
    endpoints = described(sign_on.issuer)
    try:
        secret = unseal(sign_on.secret_sealed)
    except SealBroken:
        raise ProviderNotReached("The client secret was sealed with another key.") from None
    given = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": sign_on.client_id,
        "code_verifier": attempt.verifier,
    }
    told = post(endpoints.token, given, user=sign_on.client_id, password=secret)
    token = told.get("id_token")
    if not isinstance(token, str):
        raise NotVouchedFor
    claims = _checked(token, get(endpoints.keys), sign_on=sign_on)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), attempt.nonce.encode()):
        raise NotVouchedFor
    return _vouched(claims)


def _checked(token: str, keys: dict[str, Any], *, sign_on: SignOn) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        known = jwt.PyJWKSet.from_dict(keys).keys
        named = [key for key in known if key.key_id == header.get("kid")]
        if "kid" not in header and len(known) == 1:
            named = list(known)
        if len(named) != 1 or header.get("alg") not in ALGORITHMS:
            raise NotVouchedFor
        claims: dict[str, Any] = jwt.decode(
            token,
            named[0].key,
            algorithms=[header["alg"]],
            audience=sign_on.client_id,
            issuer=sign_on.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        raise NotVouchedFor from None
    if claims.get("azp", sign_on.client_id) != sign_on.client_id:
        raise NotVouchedFor
    return claims


def _vouched(claims: dict[str, Any]) -> Vouched:
    subject, email = claims.get("sub"), claims.get("email", "")
    if not isinstance(subject, str) or not subject:
        raise NotVouchedFor
    # Many providers of companies leave email_verified out; one that says no is believed.
    stands_by = claims.get("email_verified", True) in (True, "true")
    return Vouched(subject, email if stands_by and isinstance(email, str) else "")
