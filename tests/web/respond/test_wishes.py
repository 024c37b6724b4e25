"""A person asks for a pause, for fewer mails, or for none of one topic."""

from datetime import timedelta

import pytest
from django.test import Client

from partnerloop.partners.models import Contact, Pace, Topic, TopicStop
from partnerloop.planning.preview import why_not
from partnerloop.pulses.models import Invitation
from tests.web.conftest import NOW, Pages


def test_looking_wishes_nothing(client: Client, ask: Invitation, link: str) -> None:
    assert "What would suit you?" in client.get(f"{link}/less").content.decode()
    assert client.post(f"{link}/less").status_code == 422
    assert not Pace.objects.of(ask.program).exists()


def test_a_pause_is_kept_and_told(client: Client, pages: Pages, ask: Invitation, link: str) -> None:
    done = client.post(f"{link}/less", {"wish": "wait-30"}).content.decode()
    assert "nothing before 23 December 2026" in done
    next_pulse = pages.world.pulse("Next")
    told = why_not(ask.contact, pulse=next_pulse, at=NOW + timedelta(days=29))
    assert told is not None
    assert told.startswith("No question goes to Ana Keller before 23 December 2026")
    assert why_not(ask.contact, pulse=next_pulse, at=NOW + timedelta(days=31)) is None


def test_less_often_stretches_the_distance(
    client: Client, pages: Pages, ask: Invitation, link: str
) -> None:
    client.post(f"{link}/less", {"wish": "every-91"})
    next_pulse = pages.world.pulse("Next")
    assert why_not(ask.contact, pulse=next_pulse, at=NOW + timedelta(days=60)) is not None
    assert why_not(ask.contact, pulse=next_pulse, at=NOW + timedelta(days=91)) is None


@pytest.mark.parametrize("topic", list(Topic))
def test_one_topic_can_be_stopped_alone(
    client: Client, pages: Pages, ask: Invitation, link: str, topic: Topic
) -> None:
    assert "What shall we stop?" in client.get(f"{link}/stop").content.decode()
    client.post(f"{link}/stop", {"topic": topic})
    client.post(f"{link}/stop", {"topic": topic})
    assert TopicStop.objects.of(ask.program).get().topic == topic
    assert Contact.objects.of(ask.program).get(pk=ask.contact_id).stopped_at is None
    told = why_not(ask.contact, pulse=pages.world.pulse("Next"), at=NOW + timedelta(days=60))
    assert (told is not None) == (topic == Topic.QUESTIONS)


def test_a_mail_program_stops_all_by_one_post(ask: Invitation, link: str) -> None:
    """RFC 8058: no cookie, no token of ours, no redirect."""
    strict = Client(enforce_csrf_checks=True)
    sent = strict.post(f"{link}/stop", {"List-Unsubscribe": "One-Click"})
    assert sent.status_code == 200
    assert not sent.cookies
    assert Contact.objects.of(ask.program).get(pk=ask.contact_id).stopped_at == NOW
