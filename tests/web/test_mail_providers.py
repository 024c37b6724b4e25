"""Each mail provider reports in its own words: a dead address stops, a full mailbox rests."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from partnerloop.partners.models import Pace
from partnerloop.partners.stopping import suppressed
from partnerloop.web.hooks.providers import PROVIDERS
from tests.web.conftest import NOW, Pages

ANA = "ana@alder.example"
SECRET = "us:secret"
KEY = "a-key"
BASIC = f"Basic {base64.b64encode(SECRET.encode()).decode()}"
AT = "2026-11-23T09:00:00Z"
SECONDS = 1795000000


def brevo(kind: str) -> object:
    return {"event": kind, "email": ANA, "message-id": "<1@x>", "ts_epoch": SECONDS * 1000}


def mailersend(kind: str) -> object:
    data = {"id": "1", "type": kind, "created_at": AT}
    return {"type": f"activity.{kind}", "data": data | {"email": {"recipient": {"email": ANA}}}}


def mailtrap(kind: str) -> object:
    told = {"event": kind, "message_id": "1", "email": ANA, "timestamp": SECONDS, "event_id": "1"}
    return {"events": [told]}


def mandrill(kind: str) -> object:
    return [{"event": kind, "ts": SECONDS, "_id": "1", "msg": {"email": ANA, "_id": "1"}}]


def postmark(kind: str) -> object:
    told = {"RecordType": "Bounce", "Type": kind, "TypeCode": 1, "Email": ANA}
    return told | {"MessageID": "1", "ID": 7, "BouncedAt": AT}


def mailjet(hard: bool) -> object:
    told = {"event": "bounce", "time": SECONDS, "MessageID": 7, "email": ANA}
    return [told | {"hard_bounce": hard, "error": "user unknown" if hard else "mailbox inactive"}]


def resend(kind: str) -> object:
    bounce = {"type": kind, "message": "The provider sent a hard bounce message."}
    data = {"email_id": "1", "to": [ANA], "bounce": bounce}
    return {"type": "email.bounced", "created_at": AT, "data": data}


def sendgrid(kind: str) -> object:
    return [{"event": "bounce", "type": kind, "email": ANA, "timestamp": SECONDS}]


def sparkpost(number: str) -> object:
    told = {"type": "bounce", "bounce_class": number, "raw_rcpt_to": ANA, "timestamp": SECONDS}
    return [{"msys": {"message_event": told}}]


def unisender_go(kind: str) -> object:
    told = {"status": kind, "email": ANA, "event_time": "2026-11-23 09:00:00"}
    return {"auth": "replaced", "event_name": "transactional_email_status", **told}


# What each says of an address that is dead, and of one that takes no mail for now.
BOUNCES = {
    "brevo": (brevo("hard_bounce"), brevo("soft_bounce")),
    "mailersend": (mailersend("hard_bounced"), mailersend("soft_bounced")),
    "mailjet": (mailjet(True), mailjet(False)),
    "mailtrap": (mailtrap("bounce"), mailtrap("soft bounce")),
    "mandrill": (mandrill("hard_bounce"), mandrill("soft_bounce")),
    "postmark": (postmark("HardBounce"), postmark("SoftBounce")),
    "resend": (resend("Permanent"), resend("Transient")),
    "sendgrid": (sendgrid("bounce"), sendgrid("blocked")),
    "sparkpost": (sparkpost("10"), sparkpost("22")),
    "unisender-go": (unisender_go("hard_bounced"), unisender_go("soft_bounced")),
}
# Those that go on trying tell of it, and need no rest from us.
STILL_TRYING = {"mailtrap", "unisender-go"}


@pytest.fixture(autouse=True)
def _keys(settings: Settings) -> None:
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": SECRET,
        "MAILERSEND_SIGNING_SECRET": KEY,
        "MANDRILL_WEBHOOK_KEY": KEY,
        "UNISENDER_GO_API_KEY": KEY,
    }


def report(client: Client, provider: str, told: object, *, key: str = KEY) -> int:
    """Post what a provider reports, signed as it signs."""
    url = f"/hooks/mail/{provider}/tracking/"
    headers = {"Authorization": BASIC}
    if provider == "mandrill":
        events = json.dumps(told)
        signed = f"http://{SECRET}@testserver{url}mandrill_events{events}"
        made = hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest()
        headers["X-Mandrill-Signature"] = base64.b64encode(made).decode()
        return client.post(url, {"mandrill_events": events}, headers=headers).status_code
    body = json.dumps(told).encode()
    if provider == "mailersend":
        headers["Signature"] = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    if provider == "unisender-go":
        auth = hashlib.md5(body.replace(b"replaced", key.encode())).hexdigest()
        body = body.replace(b"replaced", auth.encode())
    answer = client.post(url, body, content_type="application/json", headers=headers)
    return answer.status_code


@pytest.mark.filterwarnings("ignore:django-anymail has dropped")
@pytest.mark.parametrize("provider", sorted(BOUNCES))
def test_a_dead_address_stops(client: Client, pages: Pages, provider: str) -> None:
    dead, _full = BOUNCES[provider]
    assert report(client, provider, dead) == 204
    assert suppressed([ANA])


@pytest.mark.filterwarnings("ignore:django-anymail has dropped")
@pytest.mark.parametrize("provider", sorted(BOUNCES))
def test_a_mailbox_that_takes_no_mail_for_now_rests(
    client: Client, pages: Pages, provider: str
) -> None:
    _dead, full = BOUNCES[provider]
    assert report(client, provider, full) == 204
    assert not suppressed([ANA])
    paces = Pace.objects.of(pages.world.program).filter(contact__email=ANA)
    waits = [pace.not_before for pace in paces]
    until = (NOW + timedelta(days=30)).date()
    assert waits == ([] if provider in STILL_TRYING else [until])


@pytest.mark.parametrize("provider", ["mailersend", "mandrill", "unisender-go"])
def test_a_signature_that_is_not_the_providers_changes_nothing(
    client: Client, pages: Pages, provider: str
) -> None:
    assert report(client, provider, BOUNCES[provider][0], key="guessed") == 400
    assert not suppressed([ANA])


@pytest.mark.filterwarnings("ignore:django-anymail has dropped")
@pytest.mark.parametrize("provider", ["brevo", "mandrill", "postal", "resend", "sparkpost"])
@pytest.mark.parametrize("told", ["rubbish", 7, None, [], {}, {"items": []}, [{"msys": {}}]])
def test_rubbish_is_refused_or_says_nothing(
    client: Client, pages: Pages, provider: str, told: object
) -> None:
    assert report(client, provider, told) in (204, 400, 404)
    assert not suppressed([ANA])


def test_a_provider_may_look_whether_the_address_is_there(client: Client, db) -> None:
    there = reverse("mail-report", args=["mandrill", "tracking"])
    assert client.head(there).status_code == 200
    assert client.get(there).content == b""
    assert client.head(reverse("mail-report", args=["nobody", "tracking"])).status_code == 404
    nothing = reverse("mail-report", args=["unisender-go", "inbound"])
    assert client.head(nothing).status_code == 404


def test_each_provider_that_is_known_is_tried_or_says_why_not() -> None:
    elsewhere = {"mailgun", "postal"}  # tests/web/test_mail_reports.py; signed by a key pair
    assert set(PROVIDERS) == set(BOUNCES) | elsewhere
