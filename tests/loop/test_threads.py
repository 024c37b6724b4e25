"""Talks without identity, receipts found again, and a confidential answer that turns anonymous."""

import random
from datetime import timedelta

import pytest
from django.test import Client

from partnerloop.actions.answering import answer
from partnerloop.actions.models import FeedbackItem, State, WriterReply
from partnerloop.actions.opening import open_items
from partnerloop.actions.replying import (
    MOST,
    NothingWritten,
    NotThereYet,
    TooManyReplies,
    reply_named,
    reply_unnamed,
    show_replies,
)
from partnerloop.core.clock import week_of
from partnerloop.core.models import Event, Message
from partnerloop.evidence.models import PendingAnswer
from partnerloop.evidence.tick import purge, tick
from partnerloop.integrations.email.local_outbox import local_mails
from partnerloop.loop.moving import CannotBecomeAnonymous, become_anonymous, may_become_anonymous
from partnerloop.loop.receiving import receive
from partnerloop.loop.resending import mine_token, send_receipts
from partnerloop.programs.models import Mode
from partnerloop.programs.sealing import unseal
from partnerloop.release.comments import consider, let_go
from partnerloop.release.models import HeldComment, ReleasedComment
from partnerloop.responses.accepted import Submission
from partnerloop.responses.drops import Drop, SpentLink
from partnerloop.responses.identities import Identity
from partnerloop.responses.models import Comment, Response
from partnerloop.responses.reply import open_receipt
from partnerloop.responses.rights import forget_values, forget_writers
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db
KEYS = ("partnerscore", "communication_open_low")
MODES = ["named", "confidential", "anonymous"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


def say(world: World, name: str, mode: Mode, words: str = "Quiet words") -> str:
    """Let a person say something and return the token of their receipt."""
    end = MONDAY + timedelta(days=28)
    pulse = world.pulse(f"{name} {mode}", modes=MODES, launched_at=MONDAY, closes_at=end)
    made = world.ask(name, pulse=pulse, at=MONDAY, keys=KEYS)
    made.cell = "all"
    made.save(update_fields=["cell"])
    given = Submission(mode, {made.asked[0]: 4}, {made.asked[1]: words} if words else {})
    token = receive(made, given, at=MONDAY + HOUR).receipt_token
    for comment in Comment.objects.of(world.program).filter(text=words):
        contact = made.contact_id if mode == Mode.NAMED else None
        consider(world.program, [comment.pk], contact_id=contact, at=MONDAY + HOUR)
    return token


def passed_on(world: World) -> FeedbackItem:
    """Release what is held and return the one item."""
    let_go(world.program, at=MONDAY + 4 * DAY, rng=random.Random(1))
    words = ReleasedComment.objects.of(world.program)
    open_items(world.program, words, at=MONDAY + 4 * DAY)
    return FeedbackItem.objects.of(world.program).get()


def test_an_unnamed_writer_replies_scrubbed_by_week_and_once_a_day(world):
    token = say(world, "Ana Keller", Mode.CONFIDENTIAL)
    item = passed_on(world)
    answer(item, "What happened?", by=world.priya, at=MONDAY + 5 * DAY)
    (said,) = open_receipt(token).comments
    when = MONDAY + 6 * DAY
    reply_unnamed(world.program, said.comment_id, "Ask Keller at Birk.", at=when)
    (kept,) = WriterReply.objects.of(world.program)
    assert (kept.text, kept.week, kept.shown_at) == (
        "Ask […] at […].",
        week_of(when.date()),
        None,
    )
    item.refresh_from_db()
    assert item.state == State.ANSWERED, "nothing moves at the moment of the reply"
    assert show_replies(world.program, at=MONDAY + 7 * DAY) == 1
    item.refresh_from_db()
    assert item.state == State.RECEIVED


def test_a_named_reply_is_there_at_once(world):
    say(world, "Ana Keller", Mode.NAMED)
    item = passed_on(world)
    reply_named(world.program, item.comment.comment_id, "It was Birk.", at=MONDAY + 5 * DAY)
    assert WriterReply.objects.of(world.program).get().text == "It was Birk."


def test_a_reply_needs_words_an_item_and_room(world):
    say(world, "Ana Keller", Mode.CONFIDENTIAL)
    comment = Comment.objects.of(world.program).get().pk
    with pytest.raises(NotThereYet):
        reply_unnamed(world.program, comment, "Too early", at=MONDAY + DAY)
    passed_on(world)
    with pytest.raises(NothingWritten):
        reply_unnamed(world.program, comment, "  ", at=MONDAY + 5 * DAY)
    for number in range(MOST):
        reply_unnamed(world.program, comment, f"More {number}", at=MONDAY + 5 * DAY)
    with pytest.raises(TooManyReplies):
        reply_unnamed(world.program, comment, "Still more", at=MONDAY + 5 * DAY)


def test_the_receipt_page_takes_a_reply_and_shows_both_sides(world):
    token = say(world, "Ana Keller", Mode.CONFIDENTIAL)
    item = passed_on(world)
    answer(item, "What happened exactly?", by=world.priya, at=MONDAY + 5 * DAY)
    url = f"/r/{token}/reply/{item.comment.comment_id}"
    assert Client().post(url, {"reply": "  "}).status_code == 422
    assert Client().post(url, {"reply": "It came late."}).status_code == 302
    page = Client().get(f"/r/{token}").text
    assert "What happened exactly?" in page
    assert "It came late." in page
    other = say(world, "Ben Okafor", Mode.CONFIDENTIAL, "Other words")
    foreign = f"/r/{other}/reply/{item.comment.comment_id}"
    assert Client().post(foreign, {"reply": "Not mine"}).status_code == 404


def test_a_confidential_answer_becomes_a_sealed_drop_and_leaves_nothing(world):
    token = say(world, "Ana Keller", Mode.CONFIDENTIAL)
    assert may_become_anonymous(token, at=MONDAY + DAY)
    fresh = become_anonymous(token, at=MONDAY + DAY)
    for table in (Response, Comment, Identity, PendingAnswer, HeldComment):
        assert not table.objects.of(world.program).exists()
    assert "Quiet words" in unseal(Drop.objects.of(world.program).get().sealed)
    assert SpentLink.objects.of(world.program).count() == 1
    assert open_receipt(token) is None
    assert open_receipt(fresh).mode == Mode.ANONYMOUS
    assert not [event for event in Event.objects.all() if fresh in str(event.payload)]


def test_what_was_counted_or_passed_on_stays_confidential(world):
    tokens = [
        say(world, name, Mode.CONFIDENTIAL, words="")
        for name in ("Ana Keller", "Ben Okafor", "Claire Dubois")
    ]
    tick(world.program, week=week_of(MONDAY.date()) + timedelta(weeks=1), key=b"k")
    with pytest.raises(CannotBecomeAnonymous):
        become_anonymous(tokens[0], at=MONDAY + 8 * DAY)
    assert not may_become_anonymous(tokens[0], at=MONDAY + 8 * DAY), "so that no link is shown"
    assert Response.objects.of(world.program).count() == 3
    spoken = say(world, "Dan Novak", Mode.CONFIDENTIAL)
    passed_on(world)
    with pytest.raises(CannotBecomeAnonymous):
        become_anonymous(spoken, at=MONDAY + 8 * DAY)
    assert not may_become_anonymous(spoken, at=MONDAY + 8 * DAY)
    assert PendingAnswer.objects.of(world.program).filter(consumed_in=None).count() == 1
    named = say(world, "Eva Lind", Mode.NAMED, words="")
    assert not may_become_anonymous(named, at=MONDAY + DAY)


def test_what_is_left_of_an_answer_whose_counted_value_is_gone_stays_confidential(world):
    """In a round of three months one value was counted and purged; another one waits still."""
    end, monday = MONDAY + 90 * DAY, week_of(MONDAY.date())
    pulse = world.pulse("Long", modes=MODES, launched_at=MONDAY, closes_at=end)
    tokens = []
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois"):
        keys = ("partnerscore", "communication_accuracy")
        made = world.ask(name, pulse=pulse, at=MONDAY, keys=keys)
        made.cell, made.expires_at = "all", end
        made.save(update_fields=["cell", "expires_at"])
        said = made.asked[:2] if name == "Ana Keller" else made.asked[:1]
        given = Submission(Mode.CONFIDENTIAL, dict.fromkeys(said, 4), {})
        tokens.append(receive(made, given, at=MONDAY + HOUR).receipt_token)
    tick(world.program, week=monday + timedelta(weeks=1), key=b"k")
    assert PendingAnswer.objects.of(world.program).filter(consumed_in=None).count() == 1
    gone = purge(world.program, on=(MONDAY + 43 * DAY).date())
    assert len(gone) == forget_values(world.program, gone) == 3
    assert not may_become_anonymous(tokens[0], at=MONDAY + 43 * DAY)
    with pytest.raises(CannotBecomeAnonymous):
        become_anonymous(tokens[0], at=MONDAY + 43 * DAY)
    assert PendingAnswer.objects.of(world.program).count() == 1


def test_an_answer_that_only_waits_may_become_anonymous_for_35_days(world):
    end = MONDAY + 90 * DAY
    pulse = world.pulse("Long", modes=MODES, launched_at=MONDAY, closes_at=end)
    made = world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=KEYS)
    made.cell, made.expires_at = "all", end
    made.save(update_fields=["cell", "expires_at"])
    given = Submission(Mode.CONFIDENTIAL, {made.asked[0]: 4}, {})
    token = receive(made, given, at=MONDAY + HOUR).receipt_token
    assert may_become_anonymous(token, at=MONDAY + 34 * DAY)
    assert not may_become_anonymous(token, at=MONDAY + 35 * DAY)


def test_the_page_asks_before_it_makes_an_answer_anonymous(world):
    token = say(world, "Ana Keller", Mode.NAMED)
    assert "any more" in Client().get(f"/r/{token}/anonymous").text
    assert Client().post(f"/r/{token}/anonymous").status_code == 409
    assert Client().get("/r/nonsense/anonymous").status_code == 404


def test_the_mail_with_receipts_is_the_same_whether_somebody_answered(world):
    say(world, "Ana Keller", Mode.CONFIDENTIAL)
    for address in ("ANA@alder.example", "ben@alder.example", "nobody@alder.example"):
        send_receipts(world.program, address, at=MONDAY + DAY)
        send_receipts(world.program, address, at=MONDAY + DAY)
    mails = Message.objects.filter(purpose="receipt")
    assert sorted(mails.values_list("to", flat=True)) == ["ana@alder.example", "ben@alder.example"]
    assert len(set(mails.values_list("subject", flat=True))) == 1
    assert not local_mails(world.program).filter(purpose="receipt").exists()


def test_own_receipts_are_found_until_their_writer_is_forgotten(world):
    named = say(world, "Ana Keller", Mode.NAMED, "Loud words")
    quiet = say(world, "Ana Keller", Mode.CONFIDENTIAL, "Quiet words")
    hidden = say(world, "Ana Keller", Mode.ANONYMOUS, "Hidden words")
    url = f"/mine/{mine_token(world.people['Ana Keller'])}"
    page = Client().get(url).text
    assert [token in page for token in (named, quiet, hidden)] == [True, True, False]
    assert "Quiet words" in Client().get(f"{url}?copy=json").text
    confidential = Response.objects.of(world.program).filter(mode="confidential")
    forget_writers(world.program, confidential.values_list("pk", flat=True))
    page = Client().get(url).text
    assert [token in page for token in (named, quiet)] == [True, False]
    assert Client().get(f"/r/{quiet}").status_code == 200, "the link itself still works"
    assert Client().get("/mine/nonsense").status_code == 404


def test_asking_for_receipts_answers_everybody_alike(world):
    url = "/receipts/northwind"
    assert Client().get(url).status_code == 200
    pages = {
        Client().post(url, {"email": address}).text
        for address in ("ana@alder.example", "nobody@alder.example", "")
    }
    assert len(pages) == 1
