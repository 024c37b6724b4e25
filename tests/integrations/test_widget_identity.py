"""Who is looking: every token that is wrong opens nothing, and a right one opens once."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from partnerloop.integrations.models import SpentIdentity, WidgetKey
from partnerloop.integrations.widget.identity import (
    IdentityRefused,
    Refusal,
    admit,
    audience,
    examine,
    forget_spent,
)
from partnerloop.integrations.widget.keys import (
    KeyUnusable,
    Made,
    TooManyKeys,
    add_public,
    end,
    make_secret,
)
from partnerloop.integrations.widget.origins import OriginRefused, allow, forbid, origin_in
from partnerloop.integrations.widget.visits import LASTS, VisitOver, begin, go_on
from partnerloop.partners.models import Affiliation, ExternalId
from tests.world import LONG_AGO, MONDAY, World, make_world

NOW = MONDAY
PORTAL = "https://portal.example.com"


@pytest.fixture
def made(world: World) -> Made:
    allow(PORTAL, by=world.priya, at=LONG_AGO)
    return make_secret(by=world.priya, at=LONG_AGO)


def claims(world: World, **changes: Any) -> dict[str, Any]:
    told = {
        "iss": PORTAL,
        "sub": "ana@alder.example",
        "aud": audience(world.program),
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(minutes=5)).timestamp()),
        "jti": "one-opening",
        **changes,
    }
    return {name: value for name, value in told.items() if value is not ...}


def token(world: World, made: Made, *, head: dict[str, Any] | None = None, **changes: Any) -> str:
    headers = {"kid": made.key.kid, **(head or {})}
    return jwt.encode(claims(world, **changes), made.secret, algorithm="HS256", headers=headers)


def refused(world: World, written: str) -> Refusal:
    with pytest.raises(IdentityRefused) as caught:
        admit(world.program, written, at=NOW)
    assert str(caught.value)
    assert SpentIdentity.objects.of(world.program).count() == 0
    return caught.value.why


def test_a_right_token_names_the_person_and_the_partner(world, made) -> None:
    found = admit(world.program, token(world, made), at=NOW)
    assert found.contact == world.people["Ana Keller"]
    assert found.partner == world.partners["Alder & Finch"]


def test_a_token_opens_once(world, made) -> None:
    written = token(world, made)
    admit(world.program, written, at=NOW)
    with pytest.raises(IdentityRefused) as caught:
        admit(world.program, written, at=NOW)
    assert caught.value.why == Refusal.USED_BEFORE


def test_another_token_with_the_same_number_is_a_replay(world, made) -> None:
    admit(world.program, token(world, made), at=NOW)
    later = token(world, made, exp=int((NOW + timedelta(minutes=50)).timestamp()))
    with pytest.raises(IdentityRefused) as caught:
        admit(world.program, later, at=NOW)
    assert caught.value.why == Refusal.USED_BEFORE


def test_looking_at_a_token_does_not_spend_it(world, made) -> None:
    written = token(world, made)
    examine(world.program, written, at=NOW)
    admit(world.program, written, at=NOW)


def test_what_was_used_is_forgotten_once_it_has_expired_for_good(world, made) -> None:
    written = token(world, made)
    admit(world.program, written, at=NOW)
    forget_spent(world.program, at=NOW + timedelta(minutes=6))
    assert SpentIdentity.objects.of(world.program).count() == 1
    later = NOW + timedelta(minutes=6, seconds=1)
    forget_spent(world.program, at=later)
    assert SpentIdentity.objects.of(world.program).count() == 0
    with pytest.raises(IdentityRefused) as caught:
        admit(world.program, written, at=later)
    assert caught.value.why == Refusal.EXPIRED


SECONDS = NOW.timestamp()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": ...}, Refusal.CLAIM_MISSING),
        ({"sub": ...}, Refusal.CLAIM_MISSING),
        ({"aud": ...}, Refusal.CLAIM_MISSING),
        ({"iat": ...}, Refusal.CLAIM_MISSING),
        ({"exp": ...}, Refusal.CLAIM_MISSING),
        ({"jti": ...}, Refusal.CLAIM_MISSING),
        ({"aud": "https://elsewhere.example/widget/northwind"}, Refusal.WRONG_AUDIENCE),
        ({"aud": []}, Refusal.CLAIM_MISSING),
        ({"iss": "https://evil.example"}, Refusal.WRONG_ISSUER),
        ({"iss": PORTAL + ".evil.example"}, Refusal.WRONG_ISSUER),
        ({"iat": SECONDS - 600, "exp": SECONDS - 60}, Refusal.EXPIRED),
        ({"iat": SECONDS + 61, "exp": SECONDS + 300}, Refusal.FROM_THE_FUTURE),
        ({"nbf": SECONDS + 61}, Refusal.FROM_THE_FUTURE),
        ({"exp": SECONDS + 3601}, Refusal.LIVES_TOO_LONG),
        ({"iat": SECONDS - 86_400, "exp": SECONDS + 60}, Refusal.LIVES_TOO_LONG),
        ({"exp": SECONDS}, Refusal.UNREADABLE),
        ({"exp": 10**30}, Refusal.UNREADABLE),
        ({"exp": float("nan")}, Refusal.UNREADABLE),
        ({"iat": True}, Refusal.UNREADABLE),
        ({"sub": ""}, Refusal.UNREADABLE),
        ({"jti": ""}, Refusal.UNREADABLE),
        ({"jti": "x" * 201}, Refusal.UNREADABLE),
        ({"sub": "nobody@alder.example"}, Refusal.UNKNOWN_PERSON),
        ({"sub": "4711"}, Refusal.UNKNOWN_PERSON),
        ({"partner": 7}, Refusal.UNREADABLE),
        ({"partner": "no-such-company"}, Refusal.UNKNOWN_PERSON),
    ],
)
def test_a_claim_that_is_wrong_opens_nothing(world, made, changes, why) -> None:
    assert refused(world, token(world, made, **changes)) == why


@pytest.mark.parametrize("name", ["iat", "exp", "nbf"])
@pytest.mark.parametrize("value", ["now", None, [1], {"a": 1}])
def test_a_moment_that_is_none_opens_nothing(world, made, name, value) -> None:
    body = {**claims(world), name: value}
    written = jwt.PyJWS().encode(
        json.dumps(body).encode(), made.secret, "HS256", headers={"kid": made.key.kid}
    )
    assert refused(world, written) in (Refusal.UNREADABLE, Refusal.CLAIM_MISSING)


def test_a_clock_may_be_wrong_by_a_minute_and_no_more(world, made) -> None:
    ahead = {"iat": SECONDS + 60, "exp": SECONDS + 300}
    examine(world.program, token(world, made, **ahead), at=NOW)
    behind = {"iat": SECONDS - 600, "exp": SECONDS - 59}
    examine(world.program, token(world, made, **behind), at=NOW)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "a",
        "a.b.c",
        "....",
        "x" * 9000,
        "\0",
        "é.é.é",
        "eyJhbGciOiJIUzI1NiJ9..",
        "null.null.null",
    ],
)
def test_what_is_no_token_opens_nothing(world, made, written) -> None:
    assert refused(world, written) in (Refusal.UNREADABLE, Refusal.UNKNOWN_KEY)


def test_a_token_without_a_signature_opens_nothing(world, made) -> None:
    written = jwt.encode(claims(world), None, algorithm="none", headers={"kid": made.key.kid})
    assert refused(world, written) == Refusal.WRONG_ALGORITHM


def test_another_algorithm_than_the_key_s_opens_nothing(world, made) -> None:
    written = jwt.encode(
        claims(world), made.secret * 2, algorithm="HS384", headers={"kid": made.key.kid}
    )
    assert refused(world, written) == Refusal.WRONG_ALGORITHM


def test_a_public_key_is_never_taken_for_a_shared_secret(world) -> None:
    allow(PORTAL, by=world.priya, at=LONG_AGO)
    private = rsa.generate_private_key(65537, 2048)
    key = add_public(public_pem(private), by=world.priya, at=LONG_AGO)
    head = encoded({"alg": "HS256", "typ": "JWT", "kid": key.kid})
    signed = f"{head}.{encoded(claims(world))}"
    algorithm = jwt.get_algorithm_by_name("HS256")
    mark = base64.urlsafe_b64encode(algorithm.sign(signed.encode(), key.public_key.encode()))
    assert refused(world, f"{signed}.{mark.decode().rstrip('=')}") == Refusal.WRONG_ALGORITHM


def test_another_secret_opens_nothing(world, made) -> None:
    other = Made(made.key, "another secret, at least as long as the first")
    assert refused(world, token(world, other)) == Refusal.BAD_SIGNATURE


def test_a_token_that_was_changed_opens_nothing(world, made) -> None:
    head, _body, mark = token(world, made).split(".")
    body = encoded(claims(world, sub="ben@alder.example"))
    assert refused(world, f"{head}.{body}.{mark}") == Refusal.BAD_SIGNATURE


@pytest.mark.parametrize("kid", [None, 7, "", "unknown", ["a"], "x" * 500])
def test_a_head_that_names_no_key_opens_nothing(world, made, kid) -> None:
    head = encoded({"alg": "HS256", "kid": kid} if kid is not None else {"alg": "HS256"})
    _head, body, mark = token(world, made).split(".")
    why = refused(world, f"{head}.{body}.{mark}")
    assert why in (Refusal.UNKNOWN_KEY, Refusal.UNREADABLE)


def test_a_head_with_demands_of_its_own_opens_nothing(world, made) -> None:
    written = token(world, made, head={"crit": ["exp"]})
    assert refused(world, written) in (Refusal.WRONG_ALGORITHM, Refusal.UNREADABLE)


def test_a_key_that_was_ended_opens_nothing_and_the_next_one_does(world, made) -> None:
    fresh = make_secret(by=world.priya, at=NOW)
    end(made.key, by=world.priya, at=NOW)
    assert refused(world, token(world, made)) == Refusal.UNKNOWN_KEY
    assert admit(world.program, token(world, fresh), at=NOW).kid == fresh.key.kid


def test_a_key_of_another_program_opens_nothing(world, made) -> None:
    theirs = make_world("contoso")
    allow(PORTAL, by=theirs.priya, at=LONG_AGO)
    other = make_secret(by=theirs.priya, at=LONG_AGO)
    assert refused(world, token(world, other)) == Refusal.UNKNOWN_KEY


def test_a_portal_that_was_taken_off_the_list_vouches_for_nobody(world, made) -> None:
    forbid(PORTAL, by=world.priya, at=NOW)
    assert refused(world, token(world, made)) == Refusal.WRONG_ISSUER


def test_the_id_of_another_system_and_the_partner_are_understood(world, made) -> None:
    ana, birk = world.people["Ana Keller"], world.partners["Birk"]
    Affiliation.objects.create(
        program=world.program, contact=ana, partner=birk, role="sales", since=LONG_AGO.date()
    )
    outside = {"program": world.program, "source": "crm"}
    ExternalId.objects.create(**outside, value="003A", kind="contact", contact=ana)
    ExternalId.objects.create(**outside, value="001B", kind="partner", partner=birk)
    assert refused(world, token(world, made, sub="003A")) == Refusal.SEVERAL_PARTNERS
    found = admit(world.program, token(world, made, sub="003A", partner="001B"), at=NOW)
    assert found.partner == birk


def test_somebody_who_left_is_nobody(world, made) -> None:
    world.people["Ana Keller"].affiliations.update(until=NOW.date())
    assert refused(world, token(world, made)) == Refusal.UNKNOWN_PERSON


@pytest.mark.parametrize("kind", ["RS256", "EdDSA"])
def test_a_portal_may_keep_its_private_key_to_itself(world, kind) -> None:
    allow(PORTAL, by=world.priya, at=LONG_AGO)
    private = (
        rsa.generate_private_key(65537, 2048)
        if kind == "RS256"
        else ed25519.Ed25519PrivateKey.generate()
    )
    key = add_public(public_pem(private), by=world.priya, at=LONG_AGO)
    assert key.algorithm == kind
    written = jwt.encode(claims(world), private, algorithm=kind, headers={"kid": key.kid})
    assert admit(world.program, written, at=NOW).contact == world.people["Ana Keller"]


def test_keys_that_cannot_vouch_are_refused_with_a_sentence(world) -> None:
    small = rsa.generate_private_key(65537, 1024)
    curve = ec.generate_private_key(ec.SECP256R1())
    good = ed25519.Ed25519PrivateKey.generate()
    private = good.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for pem in (public_pem(small), public_pem(curve), private, "", "nonsense", "\0"):
        with pytest.raises(KeyUnusable, match=r".{20}"):
            add_public(pem, by=world.priya, at=NOW)
    assert WidgetKey.objects.of(world.program).count() == 0


def test_the_secret_is_sealed_and_four_keys_are_enough(world) -> None:
    first = make_secret(by=world.priya, at=NOW)
    assert first.secret not in first.key.secret_sealed
    assert len(first.secret) >= 43
    for _ in range(3):
        make_secret(by=world.priya, at=NOW)
    with pytest.raises(TooManyKeys):
        make_secret(by=world.priya, at=NOW)
    end(first.key, by=world.priya, at=NOW)
    make_secret(by=world.priya, at=NOW)


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://Portal.Example.com", PORTAL),
        (" https://portal.example.com/ ", PORTAL),
        ("https://portal.example.com:443", PORTAL),
        ("https://portal.example.com:8443", "https://portal.example.com:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
    ],
)
def test_an_origin_is_kept_in_one_form(written, origin) -> None:
    assert origin_in(written) == origin


@pytest.mark.parametrize(
    "written",
    [
        "",
        "portal.example.com",
        "*",
        "https://*",
        "https://*.example.com",
        "http://portal.example.com",
        "https://portal.example.com/path",
        "https://portal.example.com?x=1",
        "https://portal.example.com#x",
        "https://me:secret@portal.example.com",
        "https://portal.example.com; script-src *",
        "https://portal.example.com https://evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "null",
        "https://",
        "https://[::1",
        "https://portal.example.com:99999",
        "https://" + "a" * 300 + ".example",
    ],
)
def test_what_is_no_origin_is_refused(written) -> None:
    with pytest.raises(OriginRefused):
        origin_in(written)


def test_a_visit_lasts_half_an_hour(world, made) -> None:
    visit = begin(admit(world.program, token(world, made), at=NOW), at=NOW)
    almost = NOW + LASTS - timedelta(seconds=1)
    assert go_on(world.program, visit.mark, at=almost).contact == visit.contact
    with pytest.raises(VisitOver):
        go_on(world.program, visit.mark, at=NOW + LASTS)


def test_a_visit_ends_with_its_key_its_program_and_its_person(world, made) -> None:
    visit = begin(admit(world.program, token(world, made), at=NOW), at=NOW)
    theirs = make_world("contoso")
    for program, mark in ((theirs.program, visit.mark), (world.program, visit.mark + "x")):
        with pytest.raises(VisitOver):
            go_on(program, mark, at=NOW)
    world.people["Ana Keller"].affiliations.update(until=NOW.date())
    with pytest.raises(VisitOver):
        go_on(world.program, visit.mark, at=NOW)
    world.people["Ana Keller"].affiliations.update(until=None)
    end(made.key, by=world.priya, at=NOW)
    with pytest.raises(VisitOver):
        go_on(world.program, visit.mark, at=NOW)


def encoded(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def public_pem(private: Any) -> str:
    form = PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(Encoding.PEM, form).decode()
