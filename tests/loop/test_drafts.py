"""What was sent without choosing who may know: kept two days, then confidential or gone."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from partnerloop.core import clock
from partnerloop.loop.drafts import close_drafts
from partnerloop.loop.rights import copy_for_person, copy_for_vendor, erase
from partnerloop.pulses.tokens import invitation_token
from partnerloop.responses.accepted import Submission
from partnerloop.responses.drafting import keep
from partnerloop.responses.drafts import Draft
from partnerloop.responses.drops import Drop
from partnerloop.responses.intake import AlreadyAnswered
from partnerloop.responses.models import Answer, Comment, Response
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
KEYS = ("partnerscore", "communication_accuracy", "communication_open_low")
ALL = ["named", "confidential", "anonymous"]


@pytest.fixture
def world() -> World:
    return make_world()


def asked(world: World, modes=ALL):
    now = clock.now()
    pulse = world.pulse(modes=modes, launched_at=now, closes_at=now + timedelta(days=28))
    made = world.ask("Ana Keller", pulse=pulse, at=now, keys=KEYS)
    made.cell = "all"
    made.save(update_fields=["cell"])
    return made, f"/a/{invitation_token(made.pk)}"


def send(made, url, mode="", first="7", words="Slow prices"):
    fields = {f"q{made.asked[0]}": first, f"q{made.asked[1]}": "none", f"q{made.asked[2]}": words}
    return Client().post(url, {**fields, "mode": mode} if mode else fields)


def later(hours: float):
    return clock.now() + timedelta(hours=hours)


def test_sending_without_a_choice_keeps_it_and_asks_for_the_choice(world):
    made, url = asked(world)
    page = send(made, url)
    assert page.status_code == 200
    assert "We kept what you filled in." in page.text
    assert '<a href="#mode">Who may know it was you? Choose one of these.</a>' in page.text
    assert "counts as confidential after 48 hours" in page.text
    assert 'value="7" checked' in page.text
    assert Draft.objects.of(world.program).count() == 1
    assert not Response.objects.of(world.program).exists()


def test_whoever_comes_back_finds_what_they_filled_in(world):
    made, url = asked(world)
    send(made, url)
    page = Client().get(url).text
    assert "We kept what you filled in." in page
    assert 'value="7" checked' in page
    assert 'value="none" checked' in page
    assert "Slow prices</textarea>" in page


@pytest.mark.parametrize("mode", ALL)
def test_choosing_afterwards_leaves_no_draft_and_one_answer(world, mode):
    made, url = asked(world)
    send(made, url)
    send(made, url, first="5")
    assert send(made, url, mode, first="4").status_code == 302
    assert not Draft.objects.of(world.program).exists()
    if mode == "anonymous":
        assert Drop.objects.of(world.program).count() == 1
        assert not Response.objects.of(world.program).exists()
    else:
        assert Answer.objects.of(world.program).get(wording=made.asked[0]).value == 4
    close_drafts(world.program, later(100))
    assert Response.objects.of(world.program).count() == (0 if mode == "anonymous" else 1)


def test_an_anonymous_answer_that_fails_keeps_the_draft(world, monkeypatch):
    made, url = asked(world)
    send(made, url)

    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("partnerloop.loop.receiving.forget", broken)
    with pytest.raises(RuntimeError):
        send(made, url, "anonymous")
    assert Draft.objects.of(world.program).exists()
    assert not Drop.objects.of(world.program).exists()


def test_after_48_hours_it_counts_as_confidential(world):
    made, url = asked(world)
    send(made, url)
    close_drafts(world.program, later(47.9))
    assert not Response.objects.of(world.program).exists()
    close_drafts(world.program, later(49))
    response = Response.objects.of(world.program).get()
    assert (response.mode, response.received_at) == ("confidential", None)
    assert Comment.objects.of(world.program).get().text == "Slow prices"
    assert not Draft.objects.of(world.program).exists()
    close_drafts(world.program, later(50))
    assert Response.objects.of(world.program).count() == 1


def test_it_is_deleted_where_confidential_is_not_offered(world):
    made, url = asked(world, ["named", "anonymous"])
    assert "Without a choice it is deleted after 48 hours." in send(made, url).text
    close_drafts(world.program, later(49))
    assert not Draft.objects.of(world.program).exists()
    assert not Response.objects.of(world.program).exists()
    assert not Drop.objects.of(world.program).exists()


def test_it_is_deleted_when_its_writer_may_only_be_named_by_then(world):
    made, url = asked(world)
    send(made, url)
    made.pulse.modes = ["named"]
    made.pulse.save()
    close_drafts(world.program, later(49))
    assert not Draft.objects.of(world.program).exists()
    assert not Response.objects.of(world.program).exists()


def test_it_counts_also_when_the_pulse_has_closed_in_between(world):
    made, url = asked(world)
    made.expires_at = later(1)
    made.save()
    send(made, url)
    close_drafts(world.program, later(49))
    assert Response.objects.of(world.program).get().mode == "confidential"


def test_only_anonymous_stores_nothing_before_it_is_sent(world):
    made, url = asked(world, ["anonymous"])
    page = Client().get(url).text
    assert '<input type="hidden" name="mode" value="anonymous">' in page
    assert send(made, url, "anonymous", words="").status_code in (200, 302)
    assert not Draft.objects.of(world.program).exists()


def test_a_used_link_takes_no_draft(world):
    made, url = asked(world)
    send(made, url, "anonymous")
    with pytest.raises(AlreadyAnswered):
        keep(made, Submission(None, {made.asked[0]: 3}, {}), at=clock.now())
    assert send(made, url).status_code == 200
    assert not Draft.objects.of(world.program).exists()


def test_a_draft_is_sealed_and_holds_no_moment_finer_than_an_hour(world):
    made, url = asked(world)
    send(made, url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM responses_draft")
        stored = json.dumps(cursor.fetchall(), default=str)
    assert "Slow prices" not in stored
    due = Draft.objects.of(world.program).get().due_at
    assert (due.minute, due.second, due.microsecond) == (0, 0, 0)


def test_a_draft_is_copied_to_its_writer_alone_and_erased_with_them(world):
    made, url = asked(world)
    send(made, url)
    ana = world.people["Ana Keller"]
    assert "Slow prices" in json.dumps(copy_for_person(ana))
    assert "Slow prices" not in json.dumps(copy_for_vendor(ana))
    assert "drafts" not in copy_for_vendor(ana)
    erase(ana, by="system", at=clock.now())
    assert not Draft.objects.of(world.program).exists()
