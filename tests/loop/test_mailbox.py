"""Mails that come in: reports stop or rest an address, replies are heard, machines are not."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from pytest_django import Settings

from partnerloop.actions.answering import answer
from partnerloop.actions.models import FeedbackItem
from partnerloop.cli.receiving import receive_mail
from partnerloop.core import outbox
from partnerloop.core.models import Event, Message, ScheduledRun
from partnerloop.integrations.email.envelopes import message_id
from partnerloop.integrations.email.fetching import mailbox_of
from partnerloop.loop.inviting import message_for
from partnerloop.loop.mailbox import Taken, take_mail
from partnerloop.loop.schedule import look_into_mailbox
from partnerloop.loop.worker import react
from partnerloop.partners.models import Contact, Pace
from partnerloop.partners.stopping import suppressed
from partnerloop.responses.spoken import SpokenWords
from tests.world import MONDAY, World

ANA = "ana@alder.example"
QUOTED = """Delivery dates change after we promised them.
Please call before.

On Mon, 23 Nov 2026 at 10:00, Northwind <partners@northwind.example> wrote:
> How good is it?
> Answer here
"""


@pytest.fixture
def number(world: World) -> str:
    """The Message-ID of Ana's invitation, which was sent."""
    world.program.sender_address = "partners@northwind.example"
    world.program.save()
    pulse = world.pulse(launched_at=MONDAY, closes_at=MONDAY + timedelta(days=28), modes=["named"])
    invitation = world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=("partnerscore",))
    mail = message_for(invitation, at=MONDAY)
    mail.sent_at = mail.finished_at = MONDAY
    mail.save()
    return message_id(mail, program=world.program)


def reply(about: str, *more: str, sender: str = ANA, body: str = QUOTED) -> bytes:
    headers = [
        f"From: Ana Keller <{sender}>",
        "To: partners@northwind.example",
        "Subject: Re: How good is it?",
        "Message-ID: <reply-1@alder.example>",
        f"In-Reply-To: {about}",
        "Content-Type: text/plain; charset=utf-8",
        *more,
    ]
    return ("\r\n".join(headers) + "\r\n\r\n" + body).encode()


def report(about: str, *, status: str, action: str = "failed") -> bytes:
    return f"""From: MAILER-DAEMON@mx.example
To: partners@northwind.example
Message-ID: <bounce-{status}@mx.example>
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It failed.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {ANA}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no

--b
Content-Type: text/rfc822-headers

Message-ID: {about}
Subject: How good is it?

--b--
""".encode()


def complaint(about: str) -> bytes:
    return f"""From: feedback@isp.example
Message-ID: <complaint@isp.example>
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Version: 1

--b
Content-Type: message/rfc822

Message-ID: {about}
Subject: How good is it?

Answer here
--b--
""".encode()


def test_a_reply_opens_a_named_item_without_what_it_quotes(world: World, number: str) -> None:
    assert take_mail(reply(number), at=MONDAY) is Taken.HEARD
    assert take_mail(reply(number), at=MONDAY) is Taken.KNOWN
    for event in outbox.lease(Event, worker="test", at=MONDAY, limit=9):
        react(event, at=MONDAY)
    item = FeedbackItem.objects.of(world.program).select_related("comment__contact").get()
    assert item.comment.text == (
        "Delivery dates change after we promised them.\nPlease call before."
    )
    assert item.comment.contact == world.people["Ana Keller"]


def test_a_reply_in_markup_alone_is_read(world: World, number: str) -> None:
    body = "<style>p{}</style><p>Late &amp; late.</p><blockquote>How good is it?</blockquote>"
    raw = reply(number, body=body).replace(b"text/plain", b"text/html")
    assert take_mail(raw, at=MONDAY) is Taken.HEARD
    assert SpokenWords.objects.of(world.program).get().text == "Late & late."


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; by=us",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "Return-Path: <>",
    ],
)
def test_an_automatic_answer_is_no_feedback_and_the_address_rests(
    world: World, number: str, header: str
) -> None:
    assert take_mail(reply(number, header), at=MONDAY) is Taken.RESTS
    assert not SpokenWords.objects.of(world.program).exists()
    rest = Pace.objects.of(world.program).get()
    assert rest.not_before == (MONDAY + timedelta(days=7)).date()


def test_our_own_mail_that_comes_back_is_no_feedback(world: World, number: str) -> None:
    loop = reply(number, "Auto-Submitted: auto-generated", sender="partners@northwind.example")
    assert take_mail(loop, at=MONDAY) is Taken.NOTED
    assert not SpokenWords.objects.of(world.program).exists()


def test_nobody_speaks_in_the_name_of_somebody_else(world: World, number: str) -> None:
    assert take_mail(reply(number, sender="ben@alder.example"), at=MONDAY) is Taken.UNKNOWN
    assert take_mail(reply("<guess@northwind.example>"), at=MONDAY) is Taken.UNKNOWN
    assert not SpokenWords.objects.of(world.program).exists()


def test_an_empty_reply_opens_nothing(world: World, number: str) -> None:
    assert take_mail(reply(number, body="\n> How good is it?\n"), at=MONDAY) is Taken.NOTED


@pytest.mark.parametrize(
    ("status", "action", "taken", "stops"),
    [
        ("5.1.1", "failed", Taken.STOPPED, True),
        ("5.2.2", "failed", Taken.RESTS, False),
        ("5.7.26", "failed", Taken.NOTED, False),
        ("4.4.1", "delayed", Taken.NOTED, False),
    ],
)
def test_a_delivery_report_stops_or_rests_the_address(
    world: World, number: str, status: str, action: str, taken: Taken, stops: bool
) -> None:
    assert take_mail(report(number, status=status, action=action), at=MONDAY) is taken
    assert bool(suppressed([ANA])) == stops


def test_a_forged_report_stops_nobody(world: World, number: str) -> None:
    forged = report("<4d3c1c1e-0000-4000-8000-000000000000@northwind.example>", status="5.1.1")
    assert take_mail(forged, at=MONDAY) is Taken.UNKNOWN
    assert not suppressed([ANA])


def test_a_complaint_stops_address_and_person(world: World, number: str) -> None:
    assert take_mail(complaint(number), at=MONDAY) is Taken.STOPPED
    assert suppressed([ANA])
    assert Contact.objects.of(world.program).get(email=ANA).stopped_at == MONDAY


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"Content-Type: multipart/mixed\n\nx"])
def test_rubbish_is_survived(world: World, number: str, raw: bytes) -> None:
    assert take_mail(raw, at=MONDAY) is Taken.UNKNOWN


def test_a_mail_may_be_piped(world: World, number: str) -> None:
    done = CliRunner().invoke(receive_mail, input=reply(number))
    assert (done.exit_code, SpokenWords.objects.of(world.program).count()) == (0, 1)


class Imap(socketserver.StreamRequestHandler):
    """As much of an IMAP server as one reader needs."""

    def handle(self) -> None:
        self.say("* OK ready")
        for line in self.rfile:
            tag, command, *rest = line.decode().split()
            self.answer(tag, command.upper(), rest)

    def answer(self, tag: str, command: str, rest: list[str]) -> None:
        mails, seen = self.server.mails, self.server.seen  # type: ignore[attr-defined]
        match command, *[word.upper() for word in rest]:
            case "CAPABILITY", *_:
                self.say("* CAPABILITY IMAP4rev1")
            case "LOGIN", *_:
                if rest[1] != '"secret"':
                    self.say(f"{tag} NO wrong password")
                    return
            case "SELECT", *_:
                self.say(f"* {len(mails)} EXISTS")
            case "UID", "SEARCH", *_:
                new = [str(n + 1) for n in range(len(mails)) if n not in seen]
                self.say(f"* SEARCH {' '.join(new)}")
            case "UID", "FETCH", number, *_:
                raw = mails[int(number) - 1]
                self.say(f"* {number} FETCH (UID {number} BODY[] {{{len(raw)}}}")
                self.wfile.write(raw)
                self.say(")")
            case "UID", "STORE", number, *_:
                seen.add(int(number) - 1)
        self.say(f"{tag} OK done")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def imap() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap) as server:
        server.daemon_threads = True
        server.mails, server.seen = [], set()  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_mailbox_is_looked_into_and_each_mail_taken_once(
    world: World, number: str, imap: socketserver.ThreadingTCPServer, settings: Settings
) -> None:
    port = imap.server_address[1]
    settings.PARTNERLOOP_MAILBOX = f"imap://partners%40northwind:secret@127.0.0.1:{port}/INBOX"
    imap.mails += [reply(number), b"rubbish", report(number, status="5.1.1")]  # type: ignore[attr-defined]
    assert look_into_mailbox(at=MONDAY) == 3
    assert look_into_mailbox(at=MONDAY) == 0  # not twice in a minute
    assert look_into_mailbox(at=MONDAY + timedelta(minutes=1)) == 0
    assert SpokenWords.objects.of(world.program).count() == 1
    assert suppressed([ANA])


def test_a_mailbox_that_refuses_is_written_down(
    world: World, imap: socketserver.ThreadingTCPServer, settings: Settings
) -> None:
    port = imap.server_address[1]
    settings.PARTNERLOOP_MAILBOX = f"imap://partners:wrong@127.0.0.1:{port}"
    assert look_into_mailbox(at=MONDAY) == 0
    assert "wrong password" in ScheduledRun.objects.get(task="mailbox").failure
    settings.PARTNERLOOP_MAILBOX = "pop3://elsewhere"
    assert look_into_mailbox(at=MONDAY + timedelta(minutes=1)) == 0
    assert "imaps://" in ScheduledRun.objects.get(task="mailbox").failure


def test_names_and_passwords_are_written_as_in_web_addresses() -> None:
    mailbox = mailbox_of("imaps://a%40b.example:p%2Fw@mail.example/Sent%20Items")
    assert (mailbox.user, mailbox.password, mailbox.folder) == ("a@b.example", "p/w", "Sent Items")
    assert (mailbox.port, mailbox.is_encrypted) == (993, True)


RETURNS = "bounces+{number}@mail.northwind.example"


def returned(number: str, body: str, *, sender: str = "MAILER-DAEMON@mx.example") -> bytes:
    """A report in words of its own, to the return address of a mail."""
    local = RETURNS.replace("{number}", number[1:37].replace("-", ""))
    return f"""From: Mail Delivery <{sender}>
To: undisclosed-recipients:;
Delivered-To: {local}
Message-ID: <odd-{len(body)}@mx.example>
Subject: failure notice

{body}
""".encode()


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        ("Leider nicht zustellbar. 5.1.1 unbekannt", Taken.STOPPED),
        ("over quota 5.2.2", Taken.RESTS),
        ("I was unable to deliver your message.", Taken.RESTS),
    ],
)
def test_a_report_that_names_nothing_finds_its_person_by_the_return_address(
    world: World, number: str, settings: Settings, body: str, taken: Taken
) -> None:
    assert take_mail(returned(number, body), at=MONDAY) is Taken.UNKNOWN
    settings.PARTNERLOOP_RETURN_ADDRESS = RETURNS
    assert take_mail(returned(number, body), at=MONDAY) is taken
    assert bool(suppressed([ANA])) is (taken is Taken.STOPPED)


def test_a_guessed_return_address_or_a_stranger_changes_nothing(
    world: World, number: str, settings: Settings
) -> None:
    settings.PARTNERLOOP_RETURN_ADDRESS = RETURNS
    guessed = returned("<00000000-0000-4000-8000-000000000000@", "5.1.1")
    assert take_mail(guessed, at=MONDAY) is Taken.UNKNOWN
    stranger = returned(number, "Hello 5.1.1", sender="eve@else.example")
    assert take_mail(stranger, at=MONDAY) is Taken.UNKNOWN
    assert not suppressed([ANA])


def test_an_answer_stands_below_the_mail_it_answers_and_a_reply_to_it_is_heard(
    world: World, number: str
) -> None:
    take_mail(reply(number), at=MONDAY)
    drain()
    item = FeedbackItem.objects.of(world.program).get()
    answer(item, "We call first from now on.", by=world.priya, at=MONDAY)
    drain()
    told = Message.objects.get(purpose=Message.Purpose.REPLY)
    assert told.headers == {
        "In-Reply-To": "<reply-1@alder.example>",
        "References": f"{number} <reply-1@alder.example>",
    }
    ours = message_id(told, program=world.program)
    again = reply(
        ours, f"References: {told.headers['References']} {ours}", body="Thanks, it helps."
    )
    again = again.replace(b"<reply-1@", b"<reply-2@", 1)
    assert take_mail(again, at=MONDAY) is Taken.HEARD
    assert SpokenWords.objects.of(world.program).filter(text="Thanks, it helps.").exists()


def test_a_message_id_that_would_break_a_header_is_not_kept(world: World, number: str) -> None:
    odd = reply(number).replace(b"<reply-1@alder.example>", b"<reply 1\t@alder.example>")
    assert take_mail(odd, at=MONDAY) is Taken.HEARD
    assert SpokenWords.objects.of(world.program).get().mail_number == ""


def drain() -> None:
    while events := outbox.lease(Event, worker="test", at=MONDAY, limit=9):
        for event in events:
            react(event, at=MONDAY)
