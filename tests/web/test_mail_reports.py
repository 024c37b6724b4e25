"""Providers report bounces and complaints: with the secret only, and twice changes nothing."""

import base64
import hmac
import json
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from partnerloop.integrations.email.envelopes import message_id
from partnerloop.loop.inviting import message_for
from partnerloop.partners.models import Contact
from partnerloop.partners.stopping import suppressed
from partnerloop.responses.spoken import SpokenWords
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


MAILGUN_KEY = "signing-key"


def mailgun(event: dict[str, object], *, key: str = MAILGUN_KEY) -> dict[str, object]:
    """What Mailgun posts: an event, signed."""
    stamp, token = "1795000000", "0123456789abcdef"
    signed = hmac.new(key.encode(), f"{stamp}{token}".encode(), "sha256").hexdigest()
    data = {"id": "e1", "timestamp": 1795000000.0, "recipient": "ana@alder.example", **event}
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": signed},
        "event-data": data,
    }


GONE = {
    "event": "failed",
    "severity": "permanent",
    "reason": "bounce",
    "delivery-status": {"code": 550, "message": "5.1.1 no such user"},
}


@pytest.mark.parametrize(
    ("event", "stops"),
    [
        (GONE, True),
        ({"event": "complained"}, True),
        ({**GONE, "severity": "temporary", "reason": "generic"}, False),
        ({"event": "delivered"}, False),
    ],
)
def test_mailgun_reports_by_its_signature(
    client: Client, pages: Pages, settings: Settings, event, stops: bool
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "us:secret", "MAILGUN_WEBHOOK_SIGNING_KEY": MAILGUN_KEY}
    url = "/hooks/mail/mailgun/tracking/"
    assert post(client, mailgun(event, key="guessed"), url=url) == 400
    assert not suppressed(["ana@alder.example"])
    assert post(client, mailgun(event), url=url) == 204
    assert bool(suppressed(["ana@alder.example"])) is stops


@pytest.mark.usefixtures("_secret")
def test_a_provider_that_is_not_set_up_is_not_there(client: Client, pages: Pages) -> None:
    assert post(client, mailgun(GONE), url="/hooks/mail/mailgun/tracking/") == 404
    assert not suppressed(["ana@alder.example"])


@pytest.mark.usefixtures("_secret")
@pytest.mark.parametrize(
    ("event", "stops", "asked"),
    [
        ({"event": "bounce", "hard_bounce": True, "error": "user unknown"}, True, True),
        ({"event": "spam", "source": "JMRPP"}, True, False),
        ({"event": "unsub"}, False, False),
        ({"event": "open"}, False, True),
    ],
)
def test_mailjet_reports_several_events_at_once(
    client: Client, pages: Pages, event, stops: bool, asked: bool
) -> None:
    told = {"time": 1795000000, "MessageID": 7, "Message_GUID": "g", "email": "ana@alder.example"}
    other = {**told, "event": "sent", "email": "ben@alder.example"}
    url = "/hooks/mail/mailjet/tracking/"
    assert post(client, [{**told, **event}, other], url=url) == 204
    assert bool(suppressed(["ana@alder.example"])) is stops
    assert not suppressed(["ben@alder.example"])
    ana = Contact.objects.of(pages.world.program).get(name="Ana Keller")
    assert (ana.stopped_at is None) is asked


@pytest.mark.usefixtures("_secret")
def test_a_reply_by_way_of_mailjet_becomes_feedback(client: Client, pages: Pages) -> None:
    world = pages.world
    world.program.sender_address = "partners@northwind.example"
    world.program.save()
    pulse = world.pulse(launched_at=NOW, closes_at=NOW + timedelta(days=28))
    asked = world.ask("Ana Keller", pulse=pulse, at=NOW, keys=("partnerscore",))
    mail = message_for(asked, at=NOW)
    mail.sent_at = mail.finished_at = NOW
    mail.save()
    told = {
        "Sender": "ana@alder.example",
        "Recipient": "partners@northwind.example",
        "Date": "20261123T100000",
        "From": "Ana Keller <ana@alder.example>",
        "Subject": "Re: How good is it?",
        "Headers": {
            "From": "Ana Keller <ana@alder.example>",
            "To": "partners@northwind.example",
            "Message-ID": "<reply-7@alder.example>",
            "In-Reply-To": message_id(mail, program=world.program),
        },
        "Parts": [
            {
                "Headers": {"Content-Type": "text/plain; charset=UTF-8"},
                "ContentRef": "Text-part",
            }
        ],
        "Text-part": "Please call before you change a date.",
    }
    url = "/hooks/mail/mailjet/inbound/"
    assert post(client, told, url=url) == 204
    assert post(client, told, url=url) == 204
    words = SpokenWords.objects.of(world.program).get()
    assert words.text == "Please call before you change a date."
