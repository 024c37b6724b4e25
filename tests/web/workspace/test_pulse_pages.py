"""Pulses: drafted, previewed, tried on oneself, sent once."""

import pytest

from partnerloop.accounts.models import Role
from partnerloop.core.models import Message
from partnerloop.pulses.models import Invitation, Pulse

WANTED = {"name": "Autumn", "modes": ["named", "confidential"], "asks_open_question": "on"}


@pytest.fixture
def drafted(pages, chief) -> Pulse:
    chief.post(pages.url("pulses/new/"), WANTED)
    return Pulse.objects.of(pages.world.program).get()


def test_before_the_first_one_it_says_what_a_pulse_is(pages, chief) -> None:
    assert "Nobody has been asked yet" in chief.get(pages.url("pulses/")).text


def test_a_draft_asks_nobody(pages, chief) -> None:
    answer = chief.post(pages.url("pulses/new/"), {**WANTED, "in_region": ["NA"]})
    pulse = Pulse.objects.of(pages.world.program).get()
    assert answer.url == pages.url(f"pulses/{pulse.pk}/")
    assert (pulse.audience, pulse.launched_at) == ({"region": ["NA"]}, None)
    assert not Invitation.objects.of(pages.world.program).exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "Give the pulse a name."),
        ({"modes": []}, "Offer at least one way to answer."),
        ({"modes": ["whispered"]}, "not one of the available choices"),
        ({"people_to_ask": "0"}, "Ask at least one person, or leave it empty to ask everybody."),
        ({"people_to_ask": "a few"}, "Write a whole number, or leave it empty to ask everybody."),
        ({"in_region": ["Mars"]}, "not one of the available choices"),
    ],
)
def test_a_draft_that_makes_no_sense_is_refused_in_words(pages, chief, wrong, says) -> None:
    answer = chief.post(pages.url("pulses/new/"), {**WANTED, **wrong})
    assert answer.status_code == 400
    assert says in answer.text
    assert not Pulse.objects.of(pages.world.program).exists()


def test_a_preview_says_who_is_asked_what_and_asks_nobody(pages, chief, drafted) -> None:
    page = chief.get(pages.url(f"pulses/{drafted.pk}/"))
    assert "Send to 7 people" in page.text
    assert "Ana Keller" in page.text
    assert not Invitation.objects.of(pages.world.program).exists()


def test_a_test_goes_to_the_reader_and_asks_nobody(pages, chief, drafted) -> None:
    answer = chief.post(pages.url(f"pulses/{drafted.pk}/test/"), follow=True)
    assert "The test went to the outbox page." in answer.text
    assert Message.objects.get().to == "priya@northwind.example"
    assert not Invitation.objects.of(pages.world.program).exists()


def test_sending_asks_everybody_once_however_often_it_is_pressed(pages, chief, drafted) -> None:
    url = pages.url(f"pulses/{drafted.pk}/send/")
    assert "Sent to 7 people at 3 partners." in chief.post(url, follow=True).text
    assert "has been sent already" in chief.post(url, follow=True).text
    assert Invitation.objects.of(pages.world.program).count() == 7


def test_sending_the_first_pulse_ends_the_three_steps(pages, chief, drafted) -> None:
    program = pages.world.program
    program.setup_finished_at = None
    program.save()
    chief.post(pages.url(f"pulses/{drafted.pk}/send/"))
    assert chief.get(pages.url()).status_code == 200


def test_an_audience_of_nobody_is_said_and_not_sent(pages, chief, drafted) -> None:
    chief.post(pages.url(f"pulses/{drafted.pk}/send/"))
    chief.post(pages.url("pulses/new/"), WANTED)
    again = Pulse.objects.of(pages.world.program).get(launched_at=None)
    page = chief.get(pages.url(f"pulses/{again.pk}/"))
    assert "Nobody can be asked now" in page.text
    assert "are not due yet" in page.text
    answer = chief.post(pages.url(f"pulses/{again.pk}/send/"), follow=True)
    assert "Nobody in this audience can be asked now" in answer.text


def test_a_pulse_that_was_sent_counts_asks_and_no_answers(pages, chief, drafted) -> None:
    chief.post(pages.url(f"pulses/{drafted.pk}/send/"))
    page = chief.get(pages.url(f"pulses/{drafted.pk}/"))
    assert page.context["people"] == 7
    assert "How many answered this pulse is not shown" in page.text
    assert "Autumn" in chief.get(pages.url("pulses/")).text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LEAD, Role.EXECUTIVE])
@pytest.mark.parametrize(
    "path", ["pulses/", "pulses/new/", "outbox/", "settings/", "start/import/"]
)
def test_what_runs_the_program_is_for_owners_and_chiefs(pages, role, path) -> None:
    answer = pages.as_member(pages.member("Max Vogel", role)).get(pages.url(path))
    assert answer.status_code == 403
    assert "This page is for: Owner, Channel chief." in answer.text


def test_a_pulse_for_some_names_whom_it_drew_and_asks_exactly_them(pages, chief) -> None:
    chief.post(pages.url("pulses/new/"), {**WANTED, "people_to_ask": "3"})
    pulse = Pulse.objects.of(pages.world.program).get()
    page = chief.get(pages.url(f"pulses/{pulse.pk}/"))
    assert "3 of the 7 who may be asked" in page.text
    assert "could be asked, and were not drawn this time" in page.text
    form = {"people": page.context["preview"].fingerprint}
    assert form["people"] in page.text
    chief.post(pages.url(f"pulses/{pulse.pk}/send/"), form)
    asks = Invitation.objects.of(pages.world.program).select_related("contact")
    assert asks.count() == 3
    assert all(ask.contact.name in page.text for ask in asks)


def test_a_send_after_something_changed_asks_nobody_and_says_so(pages, chief) -> None:
    chief.post(pages.url("pulses/new/"), {**WANTED, "people_to_ask": "3"})
    pulse = Pulse.objects.of(pages.world.program).get()
    form = {"people": "the mark of another preview"}
    answer = chief.post(pages.url(f"pulses/{pulse.pk}/send/"), form, follow=True)
    assert "Nothing was sent: since you looked" in answer.text
    assert not Invitation.objects.of(pages.world.program).exists()
