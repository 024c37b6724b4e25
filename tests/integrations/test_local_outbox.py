"""What the outbox page may show, and what a mail server changes."""

from datetime import timedelta

import pytest

from partnerloop.core import outbox
from partnerloop.core.models import AuditEntry, Message
from partnerloop.integrations.email.local_outbox import (
    Delivery,
    MailsAreSent,
    deliveries,
    failed_addresses,
    local_mails,
)
from partnerloop.integrations.email.sending import send_waiting
from partnerloop.integrations.email.servers import server_of, why_nothing_is_sent
from partnerloop.integrations.email.setting_up import MailSettings, set_mail
from tests.integrations.mail_server import running
from tests.integrations.test_sending import connect, post
from tests.world import MONDAY, World, make_world


def given(port: int, **changes: object) -> MailSettings:
    fields: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "user": "",
        "password": None,
        "sender_name": "Northwind partner team",
        "sender_address": "partners@northwind.example",
        "reply_address": "",
    }
    return MailSettings(**{**fields, **changes})  # type: ignore[arg-type]


def test_everything_is_there_to_click_while_nothing_is_sent(world: World) -> None:
    post(world.program, "ana")
    post(world.program, "ben", at=MONDAY + timedelta(seconds=1), purpose="reply")
    waiting = [mail.to for mail in local_mails(world.program)]
    send_waiting("worker-1", at=MONDAY + timedelta(minutes=1), limit=9)
    assert [mail.to for mail in local_mails(world.program)] == waiting
    assert waiting == ["ben@alder.example", "ana@alder.example"]


def test_a_sign_in_link_is_shown_to_nobody(world: World) -> None:
    post(world.program, purpose="sign_in")
    assert list(local_mails(world.program)) == []


def test_mails_of_another_program_are_not_there(world: World) -> None:
    post(make_world("southwind").program)
    assert list(local_mails(world.program)) == []


def test_once_mails_are_sent_none_can_be_read(world: World) -> None:
    post(world.program)
    world.program.smtp_host = "mail.northwind.example"
    with pytest.raises(MailsAreSent):
        local_mails(world.program)


def test_counts_and_failures_tell_only_of_invitations(world: World) -> None:
    with running() as server:
        program = connect(world, server.port)
        server.inbox.refusals = dict.fromkeys(
            ("ben@alder.example", "dan@alder.example"), "550 5.1.1 No such user"
        )
        post(program, "ana")
        post(program, "ben")
        post(program, "claire", at=MONDAY + timedelta(hours=1))
        post(program, "dan", purpose="receipt")
        post(program, "eva", purpose="reminder")
        send_waiting("worker-1", at=MONDAY, limit=9)
    assert deliveries(program) == [Delivery("pulse:1", waiting=1, sent=1, failed=1)]
    [failed] = failed_addresses(program)
    assert failed.address == "ben@alder.example"
    assert failed.reason.startswith("There is no such mailbox.")


def test_setting_a_server_empties_what_was_kept_here(world: World) -> None:
    kept = post(world.program, "ana")
    send_waiting("worker-1", at=MONDAY, limit=9)
    waiting = post(world.program, "ben")
    with running() as server:
        set_mail(world.program, given=given(server.port), by=world.priya, at=MONDAY)
        send_waiting("worker-1", at=MONDAY, limit=9)
        assert server.inbox.recipients == ["ben@alder.example"]
    kept.refresh_from_db()
    assert (kept.to, kept.subject, kept.text, kept.html, kept.headers) == ("", "", "", "", {})
    waiting.refresh_from_db()
    assert waiting.sent_at == MONDAY


def test_setting_a_server_sends_what_waited_for_it(world: World) -> None:
    program = connect(world, 1)
    post(program)
    send_waiting("worker-1", at=MONDAY, limit=9)
    assert why_nothing_is_sent(program) is not None
    with running() as server:
        set_mail(program, given=given(server.port), by=world.priya, at=MONDAY)
        assert send_waiting("worker-1", at=MONDAY, limit=9) == 1
        assert len(server.inbox.mails) == 1


def test_a_password_is_kept_sealed_and_noted_without_its_value(world: World) -> None:
    secret = given(587, user="priya", password="correct horse")
    set_mail(world.program, given=secret, by=world.priya, at=MONDAY)
    world.program.refresh_from_db()
    assert "horse" not in world.program.smtp_password_sealed
    assert server_of(world.program).password == "correct horse"
    set_mail(world.program, given=given(25, user="priya"), by=world.priya, at=MONDAY)
    assert server_of(world.program).password == "correct horse"  # none given: the old one stays
    noted = AuditEntry.objects.filter(action="program.mail_set")
    assert noted.count() == 2
    assert not any("horse" in str(vars(entry)) for entry in noted)


def test_a_mail_that_is_being_sent_is_left_alone(world: World) -> None:
    program = connect(world, 1)
    post(program)
    outbox.lease(Message, worker="worker-2", at=MONDAY, limit=9)
    set_mail(program, given=given(1), by=world.priya, at=MONDAY + timedelta(seconds=5))
    assert Message.objects.get().leased_by == "worker-2"
