"""The widget's settings: portals, keys shown once, a token looked at, and a preview."""

from datetime import timedelta

import jwt
import pytest

from partnerloop.accounts.models import Role
from partnerloop.core.models import AuditEntry
from partnerloop.integrations.models import SpentIdentity, WidgetKey, WidgetOrigin
from partnerloop.integrations.widget.identity import audience
from partnerloop.integrations.widget.keys import make_secret
from partnerloop.integrations.widget.origins import allow
from partnerloop.pulses.models import Invitation
from tests.web.conftest import NOW
from tests.world import make_world

PORTAL = "https://portal.example.com"


def test_a_portal_is_put_on_the_list_and_taken_off(pages, chief) -> None:
    chief.post(pages.url("settings/widget/"), {"part": "origin", "origin": PORTAL})
    assert PORTAL in chief.get(pages.url("settings/widget/")).text
    for origin in ("https://unknown.example", "\0", PORTAL):
        assert (
            chief.post(pages.url("settings/widget/portals/"), {"origin": origin}).status_code == 302
        )
    assert WidgetOrigin.objects.of(pages.world.program).count() == 0
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"widget.origin_allowed", "widget.origin_forbidden"} <= actions


def test_an_address_that_is_none_is_told_beside_its_field(pages, chief) -> None:
    wrong = {"part": "origin", "origin": "https://*.example.com"}
    told = chief.post(pages.url("settings/widget/"), wrong)
    assert (told.status_code, "without a wildcard" in told.text) == (400, True)
    assert 'aria-describedby="origin_hint origin_error"' in told.text


def test_a_secret_is_shown_once_and_not_kept_by_caches(pages, chief) -> None:
    told = chief.post(pages.url("settings/widget/"), {"part": "secret"})
    secret = told.context["pressed"].made.secret
    assert secret in told.text
    assert "no-store" in told["Cache-Control"]
    assert secret not in chief.get(pages.url("settings/widget/")).text


def test_a_fifth_key_needs_an_old_one_to_end(pages, chief) -> None:
    for _ in range(4):
        chief.post(pages.url("settings/widget/"), {"part": "secret"})
    told = chief.post(pages.url("settings/widget/"), {"part": "secret"})
    assert (told.status_code, "end one of them first" in told.text) == (400, True)
    first = WidgetKey.objects.of(pages.world.program).order_by("pk")[0]
    chief.post(pages.url(f"settings/widget/keys/{first.pk}/"))
    assert chief.post(pages.url("settings/widget/"), {"part": "secret"}).status_code == 200


def test_a_private_key_is_refused_and_not_shown_again(pages, chief) -> None:
    pem = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----"
    told = chief.post(pages.url("settings/widget/"), {"part": "public", "pem": pem})
    assert (told.status_code, "This is a private key" in told.text) == (400, True)
    assert "BEGIN PRIVATE" not in told.text


def test_a_token_is_looked_at_and_not_used_up(pages, chief) -> None:
    world = pages.world
    allow(PORTAL, by=world.priya, at=NOW)
    made = make_secret(by=world.priya, at=NOW)
    claims = {
        "iss": PORTAL,
        "sub": "ana@alder.example",
        "aud": audience(world.program),
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(minutes=5)).timestamp()),
        "jti": "one",
    }
    token = jwt.encode(claims, made.secret, algorithm="HS256", headers={"kid": made.key.kid})
    told = chief.post(pages.url("settings/widget/"), {"part": "token", "token": token})
    assert "It is good: Ana Keller of Alder &amp; Finch." in told.text
    assert token not in told.text
    assert SpentIdentity.objects.of(world.program).count() == 0
    told = chief.post(pages.url("settings/widget/"), {"part": "token", "token": token + "x"})
    assert (told.status_code, "The signature does not fit" in told.text) == (400, True)


def test_the_snippet_and_the_audience_are_there_to_copy(pages, chief) -> None:
    shown = chief.get(pages.url("settings/widget/")).text
    assert "/widget/northwind/loader.js" in shown
    assert audience(pages.world.program) in shown


def test_the_preview_stores_nothing_and_only_our_own_page_frames_it(pages, chief) -> None:
    shown = chief.get(pages.url("settings/widget/preview/"))
    assert "nothing is stored" in shown.text
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "X-Frame-Options" not in shown
    sent = chief.post(pages.url("settings/widget/preview/"), {"q1": "3"})
    assert sent.status_code == 200
    assert Invitation.objects.of(pages.world.program).count() == 0


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LEAD, Role.EXECUTIVE])
def test_only_who_runs_the_program_sets_it_up(pages, role) -> None:
    client = pages.as_member(pages.member("Mara", role))
    for path in ("settings/widget/", "settings/widget/preview/"):
        assert client.get(pages.url(path)).status_code == 403
    assert client.post(pages.url("settings/widget/portals/"), {"origin": PORTAL}).status_code == 403


def test_a_key_of_another_program_is_not_there(pages, chief) -> None:
    theirs = make_world("contoso")
    key = make_secret(by=theirs.priya, at=NOW).key
    assert chief.post(pages.url(f"settings/widget/keys/{key.pk}/")).status_code == 404
    assert WidgetKey.objects.of(theirs.program).unended().count() == 1
