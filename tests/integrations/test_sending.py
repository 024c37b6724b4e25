"""Sending what waits, over real connections."""

import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from pytest_django import Settings

from partnerloop.core import outbox
from partnerloop.core.models import Message
from partnerloop.integrations.email.envelopes import one_click_stop
from partnerloop.integrations.email.returning import numbers_in
from partnerloop.integrations.email.sending import send_waiting
from partnerloop.integrations.email.servers import really_sends, why_nothing_is_sent
from partnerloop.partners.stopping import stop_asking, suppressed
from partnerloop.programs.models import Program, Suppression
from partnerloop.programs.sealing import seal
from tests.integrations.mail_server import Running, certificate, free_port, only, running
from tests.world import MONDAY, World, make_world

LONG_LINK = "https://feedback.a-rather-long-name-of-a-vendor.example/a/" + "x" * 32 + "/stop"


@pytest.fixture
def server() -> Iterator[Running]:
    with running() as found:
        yield found


def connect(world: World, port: int) -> Program:
    program = world.program
    program.smtp_host, program.smtp_port, program.smtp_security = "127.0.0.1", port, "none"
    program.sender_address = "partners@northwind.example"
    program.save()
    return program


def post(
    program: Program | None, name: str = "ana", *, at: datetime = MONDAY, **changes: object
) -> Message:
    fields: dict[str, object] = {
        "key": f"invitation:{name}",
        "program_id": program.pk if program else None,
        "purpose": "invitation",
        "subject_ref": "pulse:1",
        "to": f"{name}@alder.example",
        "to_name": "Ana Keller",
        "subject": "How good is it?",
        "text": "Answer here:\nhttps://feedback.example/a/secret\n",
        "html": "<p>Answer <a href='https://feedback.example/a/secret'>here</a></p>",
        "headers": one_click_stop(LONG_LINK),
        "created_at": at,
        "available_at": at,
    }
    message = Message(**{**fields, **changes})
    outbox.post([message])
    return message


def send(*, at: datetime = MONDAY, limit: int = 200) -> int:
    return send_waiting("worker-1", at=at, limit=limit)


def test_a_mail_arrives_with_both_parts_and_all_headers(world: World, server: Running) -> None:
    program = connect(world, server.port)
    program.reply_address = "priya@northwind.example"
    program.save()
    message = post(program)
    assert send() == 1
    [mail] = server.inbox.parsed()
    assert server.inbox.recipients == ["ana@alder.example"]
    assert mail["Subject"] == "How good is it?"
    assert mail["From"] == "Northwind Robotics partner team <partners@northwind.example>"
    assert mail["To"] == "Ana Keller <ana@alder.example>"
    assert mail["Reply-To"] == "priya@northwind.example"
    assert mail["Message-ID"] == f"<{message.pk}@northwind.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "https://feedback.example/a/secret" in plain.get_content()


def test_one_click_stop_survives_folding_byte_by_byte(world: World, server: Running) -> None:
    post(connect(world, server.port))
    send()
    head = server.inbox.mails[0].partition(b"\r\n\r\n")[0]
    unfolded = head.replace(b"\r\n ", b" ").split(b"\r\n")
    stops = [line for line in unfolded if line.lower().startswith(b"list-unsubscribe")]
    assert sorted(b" ".join(line.split()) for line in stops) == [
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        b"List-Unsubscribe: <" + LONG_LINK.encode() + b">",
    ]
    assert b"=?" not in b"".join(stops)
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))


def test_a_mail_that_left_is_emptied_but_still_counted(world: World, server: Running) -> None:
    message = post(connect(world, server.port))
    send()
    message.refresh_from_db()
    left = vars(message)
    assert [left[name] for name in ("to", "to_name", "subject", "text", "html")] == [""] * 5
    assert message.headers == {}
    assert (message.sent_at, message.finished_at, message.failure) == (MONDAY, MONDAY, "")
    assert message.subject_ref == "pulse:1"


def test_a_batch_goes_over_one_connection(world: World, server: Running) -> None:
    program = connect(world, server.port)
    for number in range(20):
        post(program, f"p{number}")
    assert send() == 20
    assert send() == 0
    assert len(server.inbox.mails) == 20
    assert server.inbox.connections == 1


def test_each_program_sends_by_its_own_server(world: World, server: Running) -> None:
    other = make_world("southwind")
    with running() as second:
        post(connect(world, server.port), "ana")
        post(connect(other, second.port), "ben")
        send()
        assert server.inbox.recipients == ["ana@alder.example"]
        assert second.inbox.recipients == ["ben@alder.example"]


def test_without_a_server_mails_stay_here_whole(world: World) -> None:
    message = post(world.program)
    assert send() == 1
    message.refresh_from_db()
    assert message.finished_at == MONDAY
    assert message.sent_at is None
    assert "https://feedback.example/a/secret" in message.text
    assert message.to == "ana@alder.example"
    told = why_nothing_is_sent(world.program)
    assert told is not None
    assert "no mail server is set" in told


def test_a_dead_mailbox_is_kept_with_its_reason_and_not_written_to_again(
    world: World, server: Running
) -> None:
    server.inbox.refusals["ana@alder.example"] = "550 5.1.1 No such user here"
    program = connect(world, server.port)
    dead, alive = post(program, "ana"), post(program, "ben")
    send()
    dead.refresh_from_db()
    alive.refresh_from_db()
    assert dead.failure == "There is no such mailbox. (550 5.1.1 No such user here)"
    assert (dead.to, dead.text, dead.headers, dead.sent_at) == ("ana@alder.example", "", {}, None)
    assert alive.sent_at == MONDAY
    assert suppressed(["Ana@alder.example"]) == {"Ana@alder.example"}


def test_a_policy_refusal_suppresses_nobody(world: World, server: Running) -> None:
    server.inbox.refusals["ana@alder.example"] = "550 5.7.1 Relaying denied"
    message = post(connect(world, server.port))
    send()
    message.refresh_from_db()
    assert message.failure == "The mail server refused this mail. (550 5.7.1 Relaying denied)"
    assert not Suppression.objects.exists()


def test_a_failed_reminder_keeps_no_address(world: World, server: Running) -> None:
    server.inbox.refusals["ana@alder.example"] = "550 5.1.1 No such user here"
    program = connect(world, server.port)
    told = [post(program, purpose=purpose, key=purpose) for purpose in ("reminder", "receipt")]
    send()
    for message in told:
        message.refresh_from_db()
        assert message.failure
        assert message.to == ""


def test_a_passing_refusal_is_tried_again(world: World, server: Running) -> None:
    server.inbox.refusals["ana@alder.example"] = "451 4.7.1 Greylisted, come back"
    program = connect(world, server.port)
    message = post(program, "ana")
    other = post(program, "ben")
    send()
    message.refresh_from_db()
    other.refresh_from_db()
    assert other.sent_at == MONDAY
    assert message.finished_at is None
    assert "Greylisted" in message.failure
    assert message.text
    server.inbox.refusals.clear()
    assert send(at=MONDAY + timedelta(seconds=1)) == 0
    assert send(at=MONDAY + timedelta(minutes=1)) == 1
    message.refresh_from_db()
    assert message.sent_at == MONDAY + timedelta(minutes=1)
    assert message.failure == ""


def test_trying_again_ends_after_twelve_times(world: World, server: Running) -> None:
    server.inbox.refusals["ana@alder.example"] = "451 4.7.1 Greylisted, come back"
    message = post(connect(world, server.port), purpose="reminder")
    tries = 0
    at = MONDAY
    while send(at=at):
        tries += 1
        at += timedelta(hours=7)
    message.refresh_from_db()
    assert tries == outbox.MAX_ATTEMPTS
    assert message.finished_at is not None
    assert (message.to, message.text) == ("", "")


def test_a_server_that_is_down_costs_no_try_and_loses_nothing(world: World) -> None:
    program = connect(world, free_port())
    messages = [post(program, f"p{number}") for number in range(5)]
    assert send(limit=2) == 2
    assert send(limit=2) == 0  # the rest of the program waits too
    for message in messages:
        message.refresh_from_db()
        assert message.attempts == 0
        assert message.text
        assert "nothing listens on port" in message.failure
    told = why_nothing_is_sent(program)
    assert told is not None
    assert told.startswith("Mails are waiting: 127.0.0.1 is there, but nothing listens")
    with running() as server:
        connect(world, server.port)
        assert send(at=MONDAY + timedelta(minutes=6)) == 5
        assert len(server.inbox.mails) == 5
    assert why_nothing_is_sent(program) is None


def test_a_refused_sender_stops_the_batch_and_says_so(world: World, server: Running) -> None:
    server.inbox.sender_refusal = "553 5.7.1 Not your address"
    program = connect(world, server.port)
    message = post(program)
    post(program, "ben")
    send()
    message.refresh_from_db()
    assert message.finished_at is None
    assert message.failure == (
        "127.0.0.1 does not let this program send from partners@northwind.example. "
        "(5.7.1 Not your address)"
    )


def test_one_program_without_a_server_up_does_not_stop_another(
    world: World, server: Running
) -> None:
    other = make_world("southwind")
    post(connect(world, free_port()), "ana")
    post(connect(other, server.port), "ben")
    send()
    assert server.inbox.recipients == ["ben@alder.example"]


def test_without_a_sender_address_mails_wait(world: World, server: Running) -> None:
    program = connect(world, server.port)
    program.sender_address = ""
    program.save()
    message = post(program)
    send()
    message.refresh_from_db()
    assert (message.finished_at, message.failure) == (None, "No sender address is set.")


def test_suppressed_people_get_no_mail_but_members_may_sign_in(
    world: World, server: Running
) -> None:
    program = connect(world, server.port)
    hashed = Suppression.hash_of("ana@alder.example")
    Suppression.objects.create(address_hash=hashed, since=MONDAY, reason="complained")
    asked = post(program)
    post(program, key="sign-in:1", purpose="sign_in")
    send()
    asked.refresh_from_db()
    assert asked.failure.startswith("This address is not written to")
    assert len(server.inbox.mails) == 1


def test_a_wish_to_stop_reaches_a_batch_already_taken(world: World, server: Running) -> None:
    message = post(connect(world, server.port))
    outbox.lease(Message, worker="worker-2", at=MONDAY, limit=9)
    stop_asking(world.people["Ana Keller"], at=MONDAY)
    assert not Message.objects.filter(pk=message.pk).exists()
    assert send(at=MONDAY + timedelta(minutes=5)) == 0


def test_a_line_break_in_a_name_makes_no_header(world: World, server: Running) -> None:
    program = connect(world, server.port)
    program.sender_name = "Northwind\r\nBcc: everybody@northwind.example"
    program.save()
    post(program, to_name="Ana\nCc: x@y.example", subject="Hello\r\nX-Injected: yes")
    send()
    [mail] = server.inbox.parsed()
    assert mail["Bcc"] is None
    assert mail["Cc"] is None
    assert mail["X-Injected"] is None
    assert server.inbox.recipients == ["ana@alder.example"]


def test_names_beyond_ascii_arrive_as_they_are(world: World, server: Running) -> None:
    program = connect(world, server.port)
    program.sender_name = "Nordwind Güte"
    program.save()
    post(program, to_name="Ana Müller", subject="Wie gut läuft’s?", text="Grüße\n")
    send()
    [mail] = server.inbox.parsed()
    assert str(mail["From"]) == "Nordwind Güte <partners@northwind.example>"
    assert str(mail["Subject"]) == "Wie gut läuft’s?"
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().strip() == "Grüße"


def test_a_reply_by_a_person_does_not_call_itself_automatic(world: World, server: Running) -> None:
    post(connect(world, server.port), purpose="reply", headers={})
    send()
    assert server.inbox.parsed()[0]["Auto-Submitted"] is None


def test_each_mail_comes_back_to_an_address_of_its_own(
    world: World, server: Running, settings: Settings
) -> None:
    program = connect(world, server.port)
    post(program)
    send()
    settings.PARTNERLOOP_RETURN_ADDRESS = "bounces+{number}@mail.northwind.example"
    second = post(program, "ben")
    send()
    own = f"bounces+{second.pk.hex}@mail.northwind.example"
    assert server.inbox.senders == ["partners@northwind.example", own]
    sender = "Northwind Robotics partner team <partners@northwind.example>"
    assert [mail.get_all("From") for mail in server.inbox.parsed()] == [[sender], [sender]]
    report = EmailMessage()
    report["Delivered-To"] = own.upper()
    assert numbers_in(report) == [second.pk]


def test_a_provider_of_the_installation_serves_programs_without_a_server(
    world: World, settings: Settings, mailoutbox: list[object]
) -> None:
    settings.PARTNERLOOP_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    world.program.sender_address = "partners@northwind.example"
    world.program.save()
    assert really_sends(world.program)
    message = post(world.program)
    send()
    message.refresh_from_db()
    assert len(mailoutbox) == 1
    assert (message.sent_at, message.text) == (MONDAY, "")


def test_a_server_that_hangs_up_is_tried_again(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:
        program = connect(world, rude.getsockname()[1])
        message = post(program)
        rude.settimeout(5)

        other_side = threading.Thread(target=lambda: rude.accept()[0].close())
        other_side.start()
        send()
        other_side.join()
    message.refresh_from_db()
    assert message.finished_at is None
    assert "closed the connection" in message.failure


def test_mails_travel_encrypted_and_signed_in(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    known = only("priya", "right")
    with running(tls_context=made.context, authenticator=known, auth_required=True) as server:
        program = connect(world, server.port)
        program.smtp_security, program.smtp_user = "starttls", "priya"
        program.smtp_password_sealed = seal("wrong")
        program.save()
        message = post(program)
        send()
        message.refresh_from_db()
        assert message.failure == "127.0.0.1 refused the user name or password."
        program.smtp_password_sealed = seal("right")
        program.save()
        send(at=MONDAY + timedelta(minutes=6))
        assert len(server.inbox.mails) == 1


@pytest.mark.parametrize("address", ["", "ana@", "ana@alder.example, eva@birk.example", "<>"])
def test_a_mail_that_cannot_be_written_stops_no_other(
    world: World, server: Running, address: str
) -> None:
    program = connect(world, server.port)
    broken = post(program, "ana", to=address)
    post(program, "ben")
    send()
    broken.refresh_from_db()
    assert broken.failure.startswith("This mail cannot be written.")
    assert server.inbox.recipients == ["ben@alder.example"]


@pytest.mark.parametrize(
    "backend", ["anymail.backends.nobody.EmailBackend", "anymail.backends.postmark.EmailBackend"]
)
def test_a_provider_that_is_not_set_up_makes_mails_wait(
    world: World, settings: Settings, backend: str
) -> None:
    settings.PARTNERLOOP_EMAIL_BACKEND = backend  # misspelled; without its token
    world.program.sender_address = "partners@northwind.example"
    world.program.save()
    message = post(world.program)
    send()
    message.refresh_from_db()
    assert message.finished_at is None
    assert message.text
    assert message.failure.startswith("The mail provider does not take mails.")
