"""Single sign-on: it vouches for one program's members, for that program, and for nothing else."""

from datetime import timedelta

import pytest
import requests
from django.test import Client

from partnerloop.accounts.models import Membership, Role, SignOn, SignOnIdentity, UserSession
from partnerloop.accounts.signing_on import Provider, set_provider
from partnerloop.core import clock
from tests.web.accounts.provider import CLIENT, SECRET, new_key, providing
from tests.web.conftest import NOW
from tests.world import LONG_AGO, make_world

PAGE = "/p/northwind/settings/single-sign-on/"


@pytest.fixture
def provider(pages, settings):
    settings.PARTNERLOOP_SIGN_ON_ALLOWED_HOSTS = frozenset({"127.0.0.1"})
    owner = pages.world.priya
    owner.role = Role.OWNER
    owner.save()
    with providing() as running:
        given = Provider(issuer=running.issuer, client_id=CLIENT, secret=SECRET)
        set_provider(given, by=owner, at=NOW)
        yield running


def to_provider(client: Client, *, onward: str = "") -> str:
    """Go to the provider, and return where it sends the browser back to."""
    there = client.get("/sign-in/sso/northwind/", {"next": onward} if onward else {})
    assert there.status_code == 302
    came = requests.get(there.url, allow_redirects=False, timeout=5)
    return came.headers["Location"].removeprefix("http://localhost:8000")


def signed_on(client: Client, **where: str):
    return client.get(to_provider(client, **where))


def is_in(client: Client, slug: str = "northwind") -> bool:
    return client.get(f"/p/{slug}/").status_code == 200


def test_the_provider_lets_a_member_in_and_goes_on_where_they_wanted(client, provider) -> None:
    answer = signed_on(client, onward="/p/northwind/inbox/")
    assert answer.url == "/p/northwind/inbox/"
    assert is_in(client)
    assert UserSession.objects.get().door == "sign_on"


def test_the_secret_is_sealed_in_the_database(provider) -> None:
    assert SECRET not in str(SignOn.objects.across_programs().values().get())


def test_whom_the_program_does_not_know_is_not_let_in(client, provider) -> None:
    provider.email = "stranger@northwind.example"
    answer = signed_on(client)
    assert answer.status_code == 403
    assert "ask its owner to invite you" in answer.text
    assert not is_in(client)


def test_an_address_that_the_provider_does_not_stand_by_counts_for_nothing(client, provider):
    provider.claims = {"email_verified": False}
    assert signed_on(client).status_code == 403


def test_from_the_second_time_on_the_subject_counts_not_the_address(client, provider) -> None:
    signed_on(client)
    provider.email = "married@northwind.example"
    again = Client()
    assert signed_on(again).status_code == 302
    assert is_in(again)
    assert SignOnIdentity.objects.across_programs().count() == 1


def test_another_subject_with_the_same_address_does_not_take_over(client, provider) -> None:
    signed_on(client)
    provider.subject = "person-2"
    assert signed_on(Client()).status_code == 403


def test_an_ended_member_is_not_let_in(client, pages, provider) -> None:
    signed_on(client)
    Membership.objects.of(pages.world.program).update(ended_on=NOW.date())
    assert signed_on(Client()).status_code == 403


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "somebody-else"},
        {"nonce": "made-up"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"azp": "somebody-else"},
        {"iat": 99_999_999_999},
    ],
)
def test_a_token_that_is_not_for_this_attempt_is_refused(client, provider, lie) -> None:
    provider.claims = lie
    assert signed_on(client).status_code == 400
    assert not is_in(client)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (new_key(), "RS256"),
        ("", "none"),
        ("a shared secret that is long enough to sign with", "HS256"),
    ],
)
def test_a_token_signed_by_anybody_else_is_refused(client, provider, key, algorithm) -> None:
    provider.signs_with, provider.algorithm = key, algorithm
    assert signed_on(client).status_code == 400
    assert not is_in(client)


def test_the_way_back_works_once_and_in_the_same_browser(client, provider) -> None:
    back = to_provider(client)
    stranger = Client()
    assert stranger.get(back).status_code == 400
    assert client.get(back).status_code == 302
    client.post("/sign-out/")
    assert client.get(back).status_code == 400


def test_a_made_up_state_or_a_refusal_of_the_provider_lets_nobody_in(client, provider) -> None:
    for query in ("?code=x&state=made-up", "?error=access_denied", ""):
        to_provider(client)
        assert client.get(f"/sign-in/sso/northwind/back/{query}").status_code == 400
    assert not is_in(client)


def test_an_attempt_ends_after_ten_minutes(client, provider, monkeypatch) -> None:
    back = to_provider(client)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=11))
    assert client.get(back).status_code == 400


def test_a_provider_that_calls_itself_otherwise_is_not_used(client, provider) -> None:
    provider.described = {"issuer": "https://elsewhere.example"}
    answer = client.get("/sign-in/sso/northwind/")
    assert answer.status_code == 502
    assert "cannot be reached at the moment" in answer.text


def test_a_private_address_is_not_asked_unless_the_operator_allows_it(client, provider, settings):
    settings.PARTNERLOOP_SIGN_ON_ALLOWED_HOSTS = frozenset()
    assert client.get("/sign-in/sso/northwind/").status_code == 502
    SignOn.objects.across_programs().update(issuer=provider.issuer.replace("http:", "https:"))
    assert client.get("/sign-in/sso/northwind/").status_code == 502


def test_it_opens_no_other_program_of_the_same_person(client, pages, provider) -> None:
    other = make_world("contoso")
    Membership.objects.create(
        program=other.program, user=pages.world.priya.user, role=Role.OWNER, since=LONG_AGO.date()
    )
    signed_on(client)
    assert is_in(client)
    assert client.get("/p/contoso/").url.startswith("/sign-in/?")
    assert "/p/contoso/" not in client.get("/", follow=True).text


def test_it_changes_nothing_about_how_the_person_signs_in_elsewhere(client, provider) -> None:
    signed_on(client)
    told = {"password": "violet harbour lamp"}
    assert client.get("/account/").status_code == 403
    assert client.post("/account/password/", told).status_code == 403
    assert client.post("/account/sessions/end/").status_code == 403


def test_a_program_without_a_provider_has_no_single_sign_on(client, pages) -> None:
    assert client.get("/sign-in/sso/northwind/").status_code == 404
    assert client.get("/sign-in/sso/nowhere/").status_code == 404


def test_the_sign_in_page_offers_it_to_whoever_comes_for_the_program(client, provider) -> None:
    assert "/sign-in/sso/northwind/" in client.get("/sign-in/?next=/p/northwind/inbox/").text
    assert "/sign-in/sso/" not in client.get("/sign-in/").text


def test_it_is_enforced_once_it_has_worked_and_the_owner_keeps_the_glass(
    client, pages, provider, enter, priya
) -> None:
    refused = priya.post(PAGE, {"part": "enforce"})
    assert refused.status_code == 400
    assert "Nobody has come in this way yet" in refused.text
    signed_on(client)
    assert priya.post(PAGE, {"part": "enforce"}).status_code == 302
    chief = pages.as_member(pages.member("Omar Haddad", Role.CHIEF))
    assert chief.get("/p/northwind/").url.startswith("/sign-in/sso/northwind/?next=")
    fragment = chief.get("/p/northwind/", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == "/sign-in/sso/northwind/"
    assert is_in(enter())
    assert priya.post(PAGE, {"part": "relax"}).status_code == 302
    assert is_in(chief)


def test_another_owner_does_not_come_in_beside_it(client, pages, provider, priya) -> None:
    signed_on(client)
    priya.post(PAGE, {"part": "enforce"})
    second = pages.as_member(pages.member("Omar Haddad", Role.OWNER))
    assert not is_in(second)


def test_another_provider_has_to_work_before_it_is_enforced(client, provider, priya) -> None:
    signed_on(client)
    priya.post(PAGE, {"part": "enforce"})
    provider.described = {}
    told = {"part": "provider", "issuer": provider.issuer, "client_id": "another", "secret": ""}
    assert priya.post(PAGE, told).status_code == 302
    kept = SignOn.objects.across_programs().get()
    assert (kept.enforced_at, kept.worked_at, kept.client_id) == (None, None, "another")
    assert "a secret" not in priya.get(PAGE).text


def test_only_owners_set_it_and_only_soon_after_signing_in(pages, provider, priya, monkeypatch):
    chief = pages.as_member(pages.member("Omar Haddad", Role.CHIEF))
    assert chief.get(PAGE).status_code == 403
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=16))
    assert priya.post(PAGE, {"part": "remove"}).url.startswith("/sign-in/?next=")
    assert SignOn.objects.across_programs().count() == 1


def test_removed_everybody_signs_in_as_before(client, pages, provider, priya) -> None:
    signed_on(client)
    priya.post(PAGE, {"part": "enforce"})
    priya.post(PAGE, {"part": "remove"})
    assert is_in(pages.as_member(pages.member("Omar Haddad", Role.CHIEF)))
    assert not SignOnIdentity.objects.across_programs().exists()


@pytest.mark.parametrize(
    ("issuer", "sentence"),
    [
        ("http://login.example", "https"),
        ("nonsense", "whole address"),
        ("https://login.example/?tenant=1", "whole address"),
        ("https://login.example/#x", "whole address"),
    ],
)
def test_an_issuer_that_cannot_be_one_is_refused_plainly(pages, enter, issuer, sentence) -> None:
    pages.world.priya.role = Role.OWNER
    pages.world.priya.save()
    told = {"part": "provider", "issuer": issuer, "client_id": "x", "secret": "y"}
    answer = enter().post(PAGE, told)
    assert answer.status_code == 400
    assert sentence in answer.text


def test_an_issuer_that_does_not_answer_is_said_so(pages, enter, settings) -> None:
    settings.PARTNERLOOP_SIGN_ON_ALLOWED_HOSTS = frozenset({"127.0.0.1"})
    pages.world.priya.role = Role.OWNER
    pages.world.priya.save()
    told = {"part": "provider", "issuer": "http://127.0.0.1:9", "client_id": "x", "secret": "y"}
    answer = enter().post(PAGE, told)
    assert answer.status_code == 400
    assert "No connection: is the name right" in answer.text
