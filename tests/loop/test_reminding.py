"""Mails with questions: in good hours, one reminder, and not against a wish."""

from datetime import datetime, timedelta

import pytest

from partnerloop.core.models import Message
from partnerloop.integrations.email.envelopes import message_id
from partnerloop.loop.inviting import message_for
from partnerloop.loop.receiving import receive
from partnerloop.loop.reminding import remind
from partnerloop.partners.models import Topic
from partnerloop.partners.stopping import stop_asking, suppress
from partnerloop.partners.wishing import stop_topic, wait_until
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Invitation
from partnerloop.responses.accepted import Submission
from tests.world import MONDAY, World

KEYS = ("partnerscore", "communication_accuracy")
FOUR_DAYS = MONDAY + timedelta(days=4, hours=1)


@pytest.fixture
def asked(world: World) -> Invitation:
    """Ana was sent a mail on Monday."""
    world.program.smtp_host = "mail.northwind.example"
    world.program.sender_address = "partners@northwind.example"
    world.program.save()
    pulse = world.pulse(
        launched_at=MONDAY, closes_at=MONDAY + timedelta(days=28), modes=["named", "confidential"]
    )
    invitation = world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=KEYS)
    mail = message_for(invitation, at=MONDAY)
    mail.sent_at = mail.finished_at = MONDAY
    mail.save()
    return invitation


def reminders(world: World, at: datetime = FOUR_DAYS) -> list[Message]:
    remind(world.program, at)
    return list(Message.objects.filter(purpose=Message.Purpose.REMINDER))


def test_one_reminder_comes_after_four_days_with_the_same_link(
    world: World, asked: Invitation
) -> None:
    assert reminders(world, MONDAY + timedelta(days=3)) == []
    [mail] = reminders(world)
    first = Message.objects.get(purpose=Message.Purpose.INVITATION)
    link = next(word for word in first.text.split() if "/a/" in word)
    assert link in mail.text
    assert mail.headers["In-Reply-To"] == message_id(first, program=world.program)
    assert mail.headers["References"] == mail.headers["In-Reply-To"]
    assert mail.headers["List-Unsubscribe"] == first.headers["List-Unsubscribe"]
    assert len(reminders(world, FOUR_DAYS + timedelta(days=3))) == 1


def test_a_reminder_waits_for_a_working_hour(world: World, asked: Invitation) -> None:
    assert reminders(world, MONDAY + timedelta(days=5)) == []  # a Saturday
    assert reminders(world, MONDAY + timedelta(days=7, hours=-4)) == []  # Monday, five o'clock
    assert len(reminders(world, MONDAY + timedelta(days=7))) == 1


def test_who_answered_is_not_reminded(world: World, asked: Invitation) -> None:
    given = Submission(mode=Mode.CONFIDENTIAL, ratings={asked.asked[0]: 7})
    receive(asked, given, at=MONDAY + timedelta(days=1))
    assert reminders(world) == []


@pytest.mark.parametrize("wish", ["stop", "topic", "wait", "bounced"])
def test_a_wish_or_a_dead_address_keeps_the_reminder_away(
    world: World, asked: Invitation, wish: str
) -> None:
    match wish:
        case "stop":
            stop_asking(asked.contact, at=MONDAY)
        case "topic":
            stop_topic(asked.contact, Topic.QUESTIONS, at=MONDAY)
        case "wait":
            wait_until(asked.contact, (MONDAY + timedelta(days=30)).date(), at=MONDAY)
        case _:
            suppress(asked.contact.email, at=MONDAY, reason="bounced")
    assert reminders(world) == []


def test_an_invitation_written_at_night_arrives_in_the_morning(
    world: World, asked: Invitation
) -> None:
    asked.contact.time_zone = "America/Denver"
    mail = message_for(asked, at=MONDAY)  # two o'clock at night there
    assert mail.available_at == MONDAY + timedelta(hours=6)
    asked.expires_at = MONDAY + timedelta(hours=2)
    assert message_for(asked, at=MONDAY).available_at == MONDAY  # else it would come too late


def test_mails_that_stay_here_can_be_read_at_once(world: World, asked: Invitation) -> None:
    world.program.smtp_host = ""
    asked.program = world.program
    asked.contact.time_zone = "America/Denver"
    assert message_for(asked, at=MONDAY).available_at == MONDAY
