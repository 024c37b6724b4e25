"""Tell us now: from every link of one's own, also when its questions are closed."""

from datetime import timedelta

from django.test import Client

from partnerloop.actions.models import FeedbackItem
from partnerloop.core.models import Message
from partnerloop.pulses.models import Invitation
from partnerloop.responses.spoken import SpokenWords
from tests.web.conftest import NOW, Pages

WORDS = "The price list of Monday is wrong."


def test_words_become_a_feedback_item_and_have_a_receipt(
    client: Client, pages: Pages, chief: Client, ask: Invitation, link: str, work_through
) -> None:
    assert "see your name" in client.get(f"{link}/now").text
    assert not SpokenWords.objects.of(ask.program).exists()
    done = client.post(f"{link}/now", {"words": WORDS})
    client.post(f"{link}/now", {"words": WORDS})  # pressed twice
    work_through()
    item = FeedbackItem.objects.of(ask.program).select_related("comment").get()
    assert (item.comment.text, item.comment.contact_id) == (WORDS, ask.contact_id)
    assert "Ana Keller" in chief.get(pages.url(f"inbox/{item.pk}/")).text
    receipt = done.text.partition('href="/r/')[2].partition('"')[0]
    assert WORDS in client.get(f"/r/{receipt}").text


def test_the_answer_reaches_who_said_it(
    client: Client, chief: Client, pages: Pages, ask: Invitation, link: str, work_through
) -> None:
    client.post(f"{link}/now", {"words": WORDS})
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
    assert client.post(f"{link}/now", {"words": WORDS}).status_code == 200
    assert SpokenWords.objects.of(ask.program).get().text == WORDS


def test_nothing_and_too_much_are_told_and_not_kept(
    client: Client, ask: Invitation, link: str
) -> None:
    assert client.post(f"{link}/now", {"words": "  "}).status_code == 422
    long = client.post(f"{link}/now", {"words": "x" * 2001})
    assert long.status_code == 422
    assert "1 characters too long" in long.text
    assert not SpokenWords.objects.of(ask.program).exists()
