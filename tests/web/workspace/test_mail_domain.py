"""The page on the sender's domain asks DNS only when the button is pressed."""

import dns.exception
import dns.resolver
import pytest

from partnerloop.accounts.models import Role
from partnerloop.integrations.models import ClickTotal
from tests.web.conftest import NOW


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A network without a way out."""
    names: list[str] = []

    def silent(name: str, *_args: object, **_kwargs: object) -> None:
        names.append(name)
        raise dns.exception.Timeout

    monkeypatch.setattr(dns.resolver, "resolve", silent)
    return names


def test_looking_asks_nobody_and_the_button_does(pages, chief, asked) -> None:
    program = pages.world.program
    program.sender_address = "partners@northwind.example"
    program.save()
    assert "Ask DNS" in chief.get(pages.url("settings/mail/")).text
    assert asked == []
    shown = chief.post(pages.url("settings/mail/"), {"selector": "mine"}).text
    assert "There was no answer from DNS" in shown
    assert "mine._domainkey.northwind.example" in asked


def test_a_selector_that_is_none_is_refused(pages, chief, asked) -> None:
    program = pages.world.program
    program.sender_address = "partners@northwind.example"
    program.save()
    assert chief.post(pages.url("settings/mail/"), {"selector": "a b/../c"}).status_code == 400
    assert asked == []


def test_it_shows_where_scanners_are_at_work(pages, chief) -> None:
    pulse = pages.world.pulse()
    ClickTotal.objects.create(
        program=pages.world.program,
        pulse=pulse,
        domain="alder.example",
        day=NOW.date(),
        taps=44,
        bursts=4,
    )
    shown = chief.get(pages.url("settings/mail/")).text
    assert "alder.example" in shown
    assert "at work" in shown


def test_only_who_runs_the_program_sees_it(pages) -> None:
    reader = pages.as_member(pages.member("Rita Moss", Role.EXECUTIVE))
    assert reader.get(pages.url("settings/mail/")).status_code == 403
