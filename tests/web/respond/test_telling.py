"""Tell us now: from every link of one's own, also when its questions are closed."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from partnerloop.actions.models import FeedbackItem
from partnerloop.core.models import Message
from partnerloop.loop.letting_in import send_portal_link
from partnerloop.loop.resending import send_receipts
from partnerloop.loop.schedule import daily_release
from partnerloop.planning.telling import standing
from partnerloop.pulses.models import Invitation
from partnerloop.responses.identities import Identity
from partnerloop.responses.models import Comment
from partnerloop.responses.participation import Participation
from partnerloop.responses.spoken import SpokenWords
from tests.web.conftest import NOW, Pages

WORDS = "The price list of Monday is wrong."


def test_words_become_a_feedback_item_and_have_a_receipt(
    client: Client, pages: Pages, chief: Client, ask: Invitation, link: str, work_through
) -> None:
    assert "see your name" in client.get(f"{link}/now").text
    assert not SpokenWords.objects.of(ask.program).exists()
    done = client.post(f"{link}/now", {"words": WORDS, "mode": "named"})
    client.post(f"{link}/now", {"words": WORDS, "mode": "named"})  # pressed twice
    work_through()
    item = FeedbackItem.objects.of(ask.program).select_related("comment").get()
    assert (item.comment.text, item.comment.contact_id) == (WORDS, ask.contact_id)
    assert "Ana Keller" in chief.get(pages.url(f"inbox/{item.pk}/")).text
    receipt = done.text.partition('href="/r/')[2].partition('"')[0]
    assert WORDS in client.get(f"/r/{receipt}").text


def test_the_answer_reaches_who_said_it(
    client: Client, chief: Client, pages: Pages, ask: Invitation, link: str, work_through
) -> None:
    client.post(f"{link}/now", {"words": WORDS, "mode": "named"})
    work_through()
    item = FeedbackItem.objects.of(ask.program).get()
    chief.post(pages.url(f"inbox/{item.pk}/answer/"), {"text": "Mended."})
    work_through()
    mail = Message.objects.get(purpose=Message.Purpose.REPLY)
    assert mail.to == "ana@alder.example"
    assert "/r/" in mail.text


def test_a_closed_pulse_still_lets_a_person_leave_words(
    client: Client, ask: Invitation, link: str
) -> None:
    ask.asked_at = NOW - timedelta(days=40)
    ask.expires_at = NOW - timedelta(hours=1)
    ask.save()
    closed = client.get(link)
    assert closed.status_code == 410
    assert f"{link}/now" in closed.text
    assert client.post(f"{link}/now", {"words": WORDS, "mode": "named"}).status_code == 200
    assert SpokenWords.objects.of(ask.program).get().text == WORDS


def test_nothing_and_too_much_are_told_and_not_kept(
    client: Client, ask: Invitation, link: str
) -> None:
    assert client.post(f"{link}/now", {"words": "  "}).status_code == 422
    long = client.post(f"{link}/now", {"words": "x" * 2001})
    assert long.status_code == 422
    assert "1 characters too long" in long.text
    assert not SpokenWords.objects.of(ask.program).exists()


def number(page) -> str:
    return re.search(r'name="number" value="([^"]+)"', page.text)[1]


def test_unnamed_words_go_the_way_of_unnamed_comments(
    client: Client, pages: Pages, chief: Client, ask: Invitation, link: str, work_through
) -> None:
    page = client.get(f"{link}/now")
    assert "Without your name" in page.text
    assert "checked" not in page.text
    fields = {"words": f"{WORDS} Ask Ana.", "mode": "confidential", "number": number(page)}
    done = client.post(f"{link}/now", fields)
    again = client.post(f"{link}/now", fields)  # pressed twice
    work_through()
    program = ask.program
    assert Comment.objects.of(program).count() == 1
    assert not SpokenWords.objects.of(program).exists()
    assert not Identity.objects.of(program).exists()
    assert not Participation.objects.of(program).exists()
    assert not FeedbackItem.objects.of(program).exists(), "it is held like any unnamed comment"
    daily_release(program, NOW + timedelta(days=5))
    item = FeedbackItem.objects.of(program).select_related("comment").get()
    assert (item.comment.contact_id, item.comment.partner_id) == (None, None)
    shown = chief.get(pages.url(f"inbox/{item.pk}/")).text
    assert WORDS in shown
    assert "Ask Ana" not in shown
    assert "Ana Keller" not in shown
    receipts = {re.search(r'href="(/r/[^"]+)"', one.text)[1] for one in (done, again)}
    assert len(receipts) == 1
    assert WORDS in client.get(receipts.pop()).text


def test_many_unnamed_words_of_one_link_name_no_company(
    client: Client, pages: Pages, ask: Invitation, link: str, work_through
) -> None:
    for n in range(4):
        page = client.get(f"{link}/now")
        fields = {"words": f"{WORDS} {n}", "mode": "confidential", "number": number(page)}
        assert client.post(f"{link}/now", fields).status_code == 200
    work_through()
    daily_release(ask.program, NOW + timedelta(days=5))
    items = FeedbackItem.objects.of(ask.program).select_related("comment")
    assert {item.comment.partner_id for item in items} == {None}


def test_a_link_leaves_few_unnamed_words_at_once(
    client: Client, ask: Invitation, link: str
) -> None:
    codes = [
        client.post(f"{link}/now", {"words": f"{n}", "mode": "confidential"}).status_code
        for n in range(7)
    ]
    assert codes == [200] * 5 + [422] * 2
    assert client.post(f"{link}/now", {"words": WORDS, "mode": "named"}).status_code == 200


def test_who_chooses_nothing_is_asked_and_nothing_is_kept(
    client: Client, ask: Invitation, link: str
) -> None:
    page = client.post(f"{link}/now", {"words": WORDS})
    assert page.status_code == 422
    assert "Who may know it was you? Choose one of these." in page.text
    assert f"{WORDS}</textarea>" in page.text
    assert not SpokenWords.objects.of(ask.program).exists()
    assert not Comment.objects.of(ask.program).exists()


def test_where_only_named_counts_only_named_is_offered(
    client: Client, ask: Invitation, link: str
) -> None:
    ask.pulse.modes = ["named"]
    ask.pulse.save()
    page = client.get(f"{link}/now")
    assert '<input type="hidden" name="mode" value="named">' in page.text
    assert client.post(f"{link}/now", {"words": WORDS, "mode": "confidential"}).status_code == 422
    assert not Comment.objects.of(ask.program).exists()


@pytest.mark.parametrize("mode", ["named", "confidential"])
def test_a_receipt_leads_to_more_words(client: Client, ask: Invitation, link: str, mode) -> None:
    given = {f"q{ask.asked[0]}": "7", "mode": mode}
    thanks = client.post(link, given, follow=True)
    receipt = re.search(r"/r/[\w-]+", thanks.text)[0]
    assert f'href="{receipt}/now"' in client.get(receipt).text
    page = client.get(f"{receipt}/now")
    assert "/stop" not in page.text
    assert client.post(f"{receipt}/now", {"words": WORDS, "mode": "named"}).status_code == 200
    assert SpokenWords.objects.of(ask.program).get().contact_id == ask.contact_id


def test_a_receipt_of_words_leads_on_and_one_that_is_nobodys_does_not(
    client: Client, ask: Invitation, link: str
) -> None:
    for mode, leads in (("named", True), ("confidential", False)):
        done = client.post(f"{link}/now", {"words": f"{WORDS} {mode}", "mode": mode})
        receipt = re.search(r'href="(/r/[^"]+)"', done.text)[1]
        assert (f'href="{receipt}/now"' in client.get(receipt).text) is leads
        assert client.get(f"{receipt}/now").status_code == (200 if leads else 404)


def test_mails_lead_to_the_line(
    client: Client, chief: Client, pages: Pages, ask: Invitation, link: str, work_through
) -> None:
    client.post(f"{link}/now", {"words": WORDS, "mode": "named"})
    work_through()
    item = FeedbackItem.objects.of(ask.program).get()
    chief.post(pages.url(f"inbox/{item.pk}/answer/"), {"text": "Mended."})
    work_through()
    send_portal_link(ask.contact.affiliations.get(), actor="system", at=NOW)
    send_receipts(ask.program, ask.contact.email, at=NOW)
    mails = Message.objects.filter(purpose__in=["reply", "portal", "receipt"])
    assert mails.count() == 3
    for mail in mails:
        for text in (mail.text, mail.html):
            path = re.search(r"/(?:r|portal)/[\w~:.-]+/now/?", text)[0]
            assert client.get(path).status_code == 200


def test_who_said_something_by_name_is_not_due_yet(client: Client, ask: Invitation, link: str):
    program, contact = ask.program, ask.contact
    Invitation.objects.of(program).update(asked_at=NOW - timedelta(days=100))
    assert standing(contact, among=[ask.partner], at=NOW).now == ""
    client.post(f"{link}/now", {"words": WORDS, "mode": "confidential"})
    assert standing(contact, among=[ask.partner], at=NOW).now == "", "unnamed words tell nothing"
    client.post(f"{link}/now", {"words": WORDS, "mode": "named"})
    told = standing(contact, among=[ask.partner], at=NOW)
    assert told.now == "Ana Keller is not due yet; the next ask is possible from 7 December 2026."
    assert told.asked_in_a_year == 1
    assert standing(contact, among=[ask.partner], at=NOW + timedelta(days=14)).now == ""


@pytest.mark.parametrize(
    "modes", [["named"], ["confidential"], ["anonymous"], ["named", "confidential"]]
)
def test_in_every_mode_a_closed_link_lets_somebody_speak_and_says_whose_it_is(
    client: Client, ask: Invitation, link: str, modes
) -> None:
    ask.pulse.modes = modes
    ask.pulse.save()
    ask.cell = "all"
    ask.asked_at = NOW - timedelta(days=40)
    ask.expires_at = NOW - timedelta(hours=1)
    ask.save()
    assert client.get(link).status_code == 410
    assert "This link belongs to Ana Keller" in client.get(f"{link}/not-you").text
    page = client.get(f"{link}/now")
    for mode in re.findall(r'name="mode"[^>]* value="(\w+)"', page.text):
        fields = {"words": f"{WORDS} {mode}", "mode": mode}
        assert client.post(f"{link}/now", fields).status_code == 200
    offered = 2 if "confidential" in modes else 1
    kept = SpokenWords.objects.of(ask.program).count() + Comment.objects.of(ask.program).count()
    assert kept == offered
