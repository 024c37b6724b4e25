"""The outbox shows mails while nothing is sent, and tells nothing of answers once they are."""

import pytest

from partnerloop.core.models import Message
from partnerloop.web.workspace.links import pieces
from tests.web.conftest import NOW


def letter(pages, purpose: str, **fields: object) -> Message:
    given = {
        "key": f"{purpose}-1",
        "program_id": pages.world.program.pk,
        "purpose": purpose,
        "to": "ana@alder.example",
        "to_name": "Ana Keller",
        "subject": f"A {purpose}",
        "text": "Open it:\nhttp://localhost:8000/a/abc\n\n<script>alert(1)</script>",
        "created_at": NOW,
        "available_at": NOW,
    }
    return Message.objects.create(**{**given, **fields})


@pytest.fixture
def really_sends(pages) -> None:
    program = pages.world.program
    program.smtp_host, program.sender_address = "smtp.example", "hello@northwind.example"
    program.save()


def test_an_empty_outbox_says_what_fills_it(pages, chief) -> None:
    assert "No mail yet" in chief.get(pages.url("outbox/")).text


def test_a_mail_can_be_opened_and_its_links_pressed(pages, chief) -> None:
    mail = letter(pages, "invitation")
    assert "A invitation" in chief.get(pages.url("outbox/")).text
    page = chief.get(pages.url(f"outbox/{mail.pk}/")).text
    assert '<a href="http://localhost:8000/a/abc">' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_sign_in_link_is_shown_to_nobody(pages, chief) -> None:
    mail = letter(pages, "sign_in")
    assert "A sign_in" not in chief.get(pages.url("outbox/")).text
    assert chief.get(pages.url(f"outbox/{mail.pk}/")).status_code == 404


@pytest.mark.usefixtures("really_sends")
def test_once_mails_leave_only_asks_are_counted(pages, chief) -> None:
    pulse = pages.world.pulse("Autumn", launched_at=NOW, closes_at=NOW.replace(year=2027))
    ask = letter(pages, "invitation", subject_ref=f"pulse:{pulse.pk}", finished_at=NOW)
    letter(pages, "receipt", subject_ref=f"pulse:{pulse.pk}", finished_at=NOW)
    page = chief.get(pages.url("outbox/"))
    [row] = page.context["progress"]
    assert (row.pulse, row.delivery.sent) == ("Autumn", 1)
    assert "ana@alder.example" not in page.text
    assert chief.get(pages.url(f"outbox/{ask.pk}/")).status_code == 404


@pytest.mark.usefixtures("really_sends")
def test_a_failed_address_is_named_unless_that_tells_who_answered(pages, chief) -> None:
    failed = {"finished_at": NOW, "failure": "There is no such mailbox."}
    letter(pages, "invitation", **failed)
    letter(pages, "receipt", to="gita@cedar.example", **failed)
    page = chief.get(pages.url("outbox/")).text
    assert "ana@alder.example" in page
    assert "gita@cedar.example" not in page


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See http://a.example/x.", ["http://a.example/x"]),
        ("(https://a.example/x?y=1&z=2)", ["https://a.example/x?y=1&z=2"]),
        ("javascript:alert(1) ftp://a.example", []),
        ("no link", []),
    ],
)
def test_only_web_addresses_become_links(text, links) -> None:
    found = pieces(text)
    assert [piece.text for piece in found if piece.is_link] == links
    assert "".join(piece.text for piece in found) == text
