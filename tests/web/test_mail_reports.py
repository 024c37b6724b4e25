"""Providers report bounces and complaints: with the secret only, and twice changes nothing."""

import base64
import json

import pytest
from django.test import Client
from pytest_django import Settings

from partnerloop.partners.models import Contact
from partnerloop.partners.stopping import suppressed
from tests.web.conftest import NOW, Pages

URL = "/hooks/mail/postmark/tracking/"
BOUNCE = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "TypeCode": 1,
    "Email": "ana@alder.example",
    "MessageID": "1",
    "ID": 7,
    "BouncedAt": "2026-11-23T09:00:00Z",
}
SPAM = {**BOUNCE, "RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512}


def post(client: Client, body: object, *, secret: str = "us:secret", url: str = URL) -> int:
    basic = base64.b64encode(secret.encode()).decode()
    return client.post(
        url,
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Basic {basic}"},
    ).status_code


@pytest.fixture
def _secret(settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "us:secret"}


@pytest.mark.usefixtures("_secret")
def test_a_bounce_stops_the_address(client: Client, pages: Pages) -> None:
    assert post(client, BOUNCE) == 204
    assert post(client, BOUNCE) == 204
    assert suppressed(["ana@alder.example"])


@pytest.mark.usefixtures("_secret")
def test_a_complaint_stops_the_person_too(client: Client, pages: Pages) -> None:
    assert post(client, SPAM) == 204
    assert suppressed(["ana@alder.example"])
    assert Contact.objects.of(pages.world.program).get(name="Ana Keller").stopped_at == NOW


@pytest.mark.usefixtures("_secret")
def test_a_wrong_secret_or_rubbish_changes_nothing(client: Client, pages: Pages) -> None:
    assert post(client, BOUNCE, secret="us:guess") == 400
    assert post(client, "rubbish") == 400
    assert post(client, BOUNCE, url="/hooks/mail/nobody/tracking/") == 404
    assert not suppressed(["ana@alder.example"])


def test_without_a_secret_nobody_may_report(client: Client, pages: Pages) -> None:
    assert post(client, BOUNCE) == 404
