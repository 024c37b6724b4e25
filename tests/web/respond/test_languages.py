"""Every page and mail for partners is in the partner's language, all of it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from partnerloop.actions.models import FeedbackItem
from partnerloop.core.models import Message
from partnerloop.loop.inviting import message_for, reminder_for
from partnerloop.loop.resending import mine_token, send_receipts
from partnerloop.pulses.models import Invitation
from partnerloop.pulses.tokens import invitation_token
from partnerloop.release.models import AttackResult
from tests.architecture.respondents_words import PLACES, said
from tests.web.conftest import NOW, Pages
from tests.world import MONDAY

OTHERS = ["de", "fr", "es"]
KEYS = ("partnerscore", "communication_accuracy", "cooperation_planning", "communication_open_low")
PIECES = {
    piece.strip()
    for sentence in said()
    for form in sentence
    for piece in PLACES.split(form)
    if len(piece.strip()) > 10 and " " in piece.strip()
}


ENGLISH = re.compile(r"\b(?:the|and|you|your|this|what|is)\b", re.IGNORECASE)


def english(text: str) -> list[str]:
    """Return what a page or mail says in English: sentences of ours, and words of anybody's."""
    read = unescape(text)
    shown = re.sub(r"<style>.*?</style>|<[^>]*>|https?:\S+", " ", read, flags=re.DOTALL)
    return sorted(piece for piece in PIECES if piece in read) + ENGLISH.findall(shown)


def asked(
    pages: Pages, language: str, name: str = "Ana Keller", **changes
) -> tuple[Invitation, str]:
    world = pages.world
    contact = world.people[name]
    contact.language = language
    contact.save()
    pulse = world.pulse(
        f"Pulse {language}",
        launched_at=MONDAY - timedelta(days=1),
        closes_at=MONDAY + timedelta(days=27),
        modes=["named", "confidential", "anonymous"],
    )
    made = world.ask(name, pulse=pulse, at=MONDAY, keys=KEYS, language=language)
    made.cell = "all"
    made.save(update_fields=["cell"])
    return made, f"/a/{invitation_token(made.pk)}"


def filled(made: Invitation, mode: str, words: str = "") -> dict[str, str]:
    given = {f"q{wording}": "7" for wording in made.asked[:3]}
    return given | {f"q{made.asked[3]}": words, "mode": mode}


def read(page, language: str) -> str:
    """Return a page's text, once it is certain that all of it is in the language."""
    assert f'<html lang="{language}" dir="ltr">' in page.text
    assert english(page.text) == []
    return page.text


@pytest.fixture(params=OTHERS)
def language(request) -> str:
    return request.param


def test_the_detector_finds_english(pages, ask, link, client):
    assert "Why you, why now?" in english(client.get(link).text)


def test_answering_and_every_way_out(client: Client, pages: Pages, language: str):
    made, link = asked(pages, language)
    for way in ("", "?q=7", "/now", "/less", "/stop", "/not-you", "/all"):
        read(client.get(f"{link}{way}"), language)
    for way in ("", "/now", "/less"):
        refused = client.post(f"{link}{way}", {})
        assert refused.status_code == 422
        read(refused, language)
    read(client.post(link, {"q0": "x", "mode": "named", f"q{made.asked[0]}": "77"}), language)
    read(client.post(link, {f"q{made.asked[3]}": "x" * 3000}), language)
    read(client.post(link, {**filled(made, "named"), "how": "script"}), language)
    for wish in ("wait-30", "every-91"):
        read(client.post(f"{link}/less", {"wish": wish}), language)
    for topic in ("questions", "campaigns", "ideas", ""):
        read(client.post(f"{link}/stop", {"topic": topic}), language)
    read(client.post(f"{link}/now", {"words": "Hm.", "mode": "named"}), language)


@pytest.mark.parametrize("mode", ["named", "confidential"])
def test_thanks_receipt_and_changing(client: Client, pages: Pages, language: str, mode: str):
    made, link = asked(pages, language)
    sent = client.post(link, filled(made, mode, "Hm, na ja."), follow=True)
    thanks = read(sent, language)
    receipt = re.search(r"/r/[\w-]+", thanks)
    assert receipt
    read(client.get(receipt[0]), language)
    read(client.get(link), language)
    if mode == "confidential":
        read(client.get(f"{receipt[0]}/anonymous"), language)
    contact = pages.world.people["Ana Keller"]
    read(client.get(f"/mine/{mine_token(contact)}"), language)


def test_an_anonymous_answer_and_its_used_link(client: Client, pages: Pages, language: str):
    """Nothing kept tells its language: the thanks are told by the page before, then the browser."""
    made, link = asked(pages, language)
    dropped = client.post(link, filled(made, "anonymous"), follow=True)
    thanks = read(dropped, language)
    read(client.get(link), language)
    receipt = re.search(r"/r/[\w-]+", thanks)
    assert receipt
    read(client.get(receipt[0], headers={"accept-language": language}), language)
    pages.world.program.language = language
    pages.world.program.save()
    read(client.get(f"/receipts/{pages.world.program.slug}"), language)
    read(client.post(f"/receipts/{pages.world.program.slug}", {"email": "a@b.example"}), language)
    counts = {"targets": 1200, "sure": 0, "honest": 27, "alone": 31}
    helped = {"one_helper": 33, "most_help": 40}
    program = pages.world.program
    AttackResult.objects.create(program=program, on=NOW.date(), **counts, **helped)
    read(client.get(f"/promise/{program.slug}"), language)


def test_a_closed_pulse(client: Client, pages: Pages, language: str):
    made, link = asked(pages, language)
    made.asked_at = NOW - timedelta(days=40)
    made.expires_at = NOW - timedelta(hours=1)
    made.save()
    read(client.get(link), language)


@pytest.mark.parametrize(
    "address", ["/a/nothing", "/r/nothing", "/mine/nothing", "/q/nothing", "/me/nothing", "/a/"]
)
def test_an_unknown_link_speaks_as_the_browser_does(client: Client, db, language, address):
    page = client.get(address, headers={"accept-language": f"{language},en;q=0.5"})
    assert page.status_code == 404
    assert "Accept-Language" in page["Vary"]
    read(page, language)


def test_a_portal_link_that_is_over_speaks_as_the_browser_does(client: Client, db, language):
    spoken = {"accept-language": language}
    refused = client.get("/portal/nothing/", headers=spoken)
    assert refused.status_code == 410
    read(refused, language)
    read(client.post("/portal/nothing/fresh/", headers=spoken), language)


def test_the_vendors_pages_stay_english_whatever_the_browser_speaks(client: Client, db):
    page = client.get("/sign-in/", headers={"accept-language": "de"})
    assert '<html lang="en"' in page.text
    assert "Vary" not in page or "Accept-Language" not in page["Vary"]
    missing = client.get("/nothing/here/", headers={"accept-language": "de"})
    assert "There is nothing here" in missing.text


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("de", r"\d+\. [A-Z]\w+ 2026"),
        ("fr", r"\d+ [a-zé]+ 2026"),
        ("es", r"\d+ de [a-z]+ de 2026"),
        ("en", r"\d+ [A-Z]\w+ 2026"),
    ],
)
def test_days_are_written_as_readers_write_them(client: Client, pages: Pages, language, day):
    _made, link = asked(pages, language)
    assert re.search(day, client.post(f"{link}/less", {"wish": "wait-30"}).text)


def test_every_mail_to_a_partner(client: Client, pages: Pages, language: str, chief, work_through):
    made, link = asked(pages, language)
    invitation = message_for(made, at=NOW)
    reminder = reminder_for(made, of=invitation, at=NOW)
    client.post(link, filled(made, "named", "Hm, na ja."))
    work_through()
    item = FeedbackItem.objects.of(pages.world.program).get()
    chief.post(pages.url(f"inbox/{item.pk}/answer/"), {"text": "Ja."})
    work_through()
    send_receipts(pages.world.program, made.contact.email, at=NOW)
    posted = Message.objects.filter(purpose__in=["reply", "receipt"])
    assert posted.count() == 2
    for mail in (invitation, reminder, *posted):
        assert english(mail.subject + mail.text + mail.html) == [], mail.purpose
        assert f'<html lang="{language}"' in mail.html
