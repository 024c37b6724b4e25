"""What is wrong with a mail server, in plain words."""

import smtplib
import ssl
from pathlib import Path

import pytest

from partnerloop.integrations.email.checking import Finding, check
from partnerloop.integrations.email.failures import Kind, failure_of
from partnerloop.integrations.email.servers import MailServer
from partnerloop.programs.sealing import SealBroken
from tests.integrations.mail_server import certificate, free_port, only, running


def settings(port: int, **changes: object) -> MailServer:
    given: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "user": "",
        "password": "",
        "sender_address": "partners@northwind.example",
    }
    return MailServer(**{**given, **changes})  # type: ignore[arg-type]


def test_a_server_that_works_is_said_to_work_and_gets_no_mail() -> None:
    with running() as server:
        found = check(settings(server.port))
        assert server.inbox.mails == []
    assert found.works
    assert found.sentence.startswith("127.0.0.1 takes mails from partners@northwind.example.")
    assert "unencrypted" in found.sentence


def test_starttls_with_a_trusted_certificate_and_a_password_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    known = only("priya", "right")
    with running(tls_context=made.context, authenticator=known, auth_required=True) as server:
        good = settings(server.port, security="starttls", user="priya", password="right")
        assert check(good) == Finding(
            True, "127.0.0.1 takes mails from partners@northwind.example."
        )
        wrong = settings(server.port, security="starttls", user="priya", password="wrong")
        assert check(wrong) == Finding(False, "127.0.0.1 refused the user name or password.")


def test_tls_from_the_first_byte_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    with running(ssl_context=made.context) as server:
        assert check(settings(server.port, security="tls", host="localhost")).works


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    with running(tls_context=certificate(tmp_path).context) as server:
        found = check(settings(server.port, security="starttls"))
    assert not found.works
    assert found.sentence.startswith("The certificate of 127.0.0.1 cannot be trusted")


def test_a_wrong_choice_of_encryption_is_named() -> None:
    with running() as server:
        starttls = check(settings(server.port, security="starttls"))
        tls = check(settings(server.port, security="tls"))
    assert starttls.sentence == (
        f"127.0.0.1 does not offer STARTTLS on port {server.port}. Try TLS on port 465."
    )
    assert tls.sentence == (
        f"127.0.0.1 does not speak TLS on port {server.port}. Try STARTTLS, usually on port 587."
    )


def test_a_password_is_not_offered_to_who_does_not_ask() -> None:
    with running() as server:
        found = check(settings(server.port, user="priya", password="right"))
    assert found.sentence.startswith("127.0.0.1 offers no sign-in on port")


def test_nobody_listening_is_named() -> None:
    port = free_port()
    found = check(settings(port))
    assert found.sentence.startswith(f"127.0.0.1 is there, but nothing listens on port {port}.")


def test_a_name_that_does_not_exist_is_named() -> None:
    found = check(settings(25, host="mail.northwind.invalid"))
    assert found == Finding(
        False, "There is no server named mail.northwind.invalid. Check the spelling."
    )


def test_a_sender_that_may_not_send_is_named() -> None:
    with running() as server:
        server.inbox.sender_refusal = "550 5.7.1 Not yours"
        found = check(settings(server.port))
    assert found.sentence == (
        "127.0.0.1 does not let this program send from partners@northwind.example. "
        "(5.7.1 Not yours)"
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"host": ""}, "No mail server is set."),
        ({"sender_address": ""}, "No sender address is set."),
        ({"user": "priya"}, "Give both user name and password, or neither."),
    ],
)
def test_what_is_missing_is_said_before_anything_is_tried(
    changes: dict[str, object], sentence: str
) -> None:
    assert check(settings(25, **changes)) == Finding(False, sentence)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "does not answer on port 25"),
        (OSError(113, "No route to host"), "cannot be reached on port 25"),
        (ssl.SSLError(), "does not speak TLS"),
        (smtplib.SMTPConnectError(421, b"Busy"), "does not accept mails at the moment"),
        (SealBroken(), "Enter it again"),
    ],
)
def test_every_fault_of_a_server_pauses_its_program(error: Exception, words: str) -> None:
    failure = failure_of(error, host="mail.example", port=25)
    assert failure.kind is Kind.DOWN
    assert words in failure.reason


def test_long_replies_of_a_server_are_cut_to_one_line() -> None:
    error = smtplib.SMTPDataError(554, b"Spam\r\n" + b"very " * 200)
    failure = failure_of(error, host="mail.example", port=25)
    assert failure.kind is Kind.REFUSED
    assert len(failure.reason) < 250
    assert "\n" not in failure.reason
