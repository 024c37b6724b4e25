"""Links that hang somewhere: one's own mail is the key, and a stranger learns and moves nothing."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from partnerloop.core import clock
from partnerloop.core.models import Message
from partnerloop.loop.linking import close_link, post_link, posted_url
from partnerloop.partners.stopping import suppress
from partnerloop.pulses.models import Invitation, Pulse
from tests.web.conftest import NOW
from tests.world import MONDAY


@pytest.fixture
def pulse(pages) -> Pulse:
    return post_link("Fair", ["touch_portal"], by=pages.world.priya, at=MONDAY)


def path(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


def own_link(mail: Message) -> str:
    found = re.search(r"https?://\S+(/me/\S+)", mail.text)
    assert found
    return found[1]


def ask_for(client: Client, pulse: Pulse, email: str, partner=None):
    return client.post(path(posted_url(pulse, partner)), {"email": email})


def asks(pages) -> list[Invitation]:
    return list(Invitation.objects.of(pages.world.program))


def test_from_the_square_to_the_questions(pages, client, pulse) -> None:
    assert "seen with your name" in client.get(path(posted_url(pulse))).text
    ask_for(client, pulse, " ANA@alder.example ")
    mail = Message.objects.get()
    now = re.search(r"/portal/[\w~:-]+/now/", mail.text)
    assert now
    assert client.get(now[0]).status_code == 200
    assert (mail.to, asks(pages)) == ("ana@alder.example", [])
    link = own_link(mail)
    opened = client.get(link)
    assert "Ana Keller" in opened.text
    assert asks(pages) == []  # opening stores nothing
    answer = client.post(link)
    [asked] = asks(pages)
    assert (asked.contact, asked.reason) == (pages.world.people["Ana Keller"], "own_accord")
    page = client.get(answer.url)
    assert "see your name and your answer, at once" in page.text
    assert 'value="confidential"' not in page.text


def test_coming_again_finds_the_same_questions(pages, client, pulse) -> None:
    ask_for(client, pulse, "ana@alder.example")
    link = own_link(Message.objects.get())
    assert client.post(link).url == client.post(link).url
    assert len(asks(pages)) == 1


def test_a_stranger_reads_the_same_and_no_mail_goes_out(pages, client, pulse) -> None:
    known = ask_for(client, pulse, "ana@alder.example").text
    for address in ("who@nowhere.example", "", "no address", "eva@birk.example" * 40):
        assert ask_for(client, pulse, address).text == known
    assert Message.objects.count() == 1


def test_the_same_person_gets_one_mail_an_hour(client, pulse, monkeypatch) -> None:
    for minutes in (0, 1, 59, 61):
        monkeypatch.setattr(clock, "now", lambda m=minutes: NOW + timedelta(minutes=m))
        ask_for(client, pulse, "ana@alder.example")
    assert Message.objects.count() == 2


def test_a_link_of_one_partner_takes_its_people_only(pages, client, pulse) -> None:
    birk = pages.world.partners["Birk"]
    ask_for(client, pulse, "ana@alder.example", birk)
    assert not Message.objects.exists()
    ask_for(client, pulse, "eva@birk.example", birk)
    assert Message.objects.get().to == "eva@birk.example"


def test_an_address_that_is_never_written_to_gets_nothing(client, pulse) -> None:
    suppress("ana@alder.example", at=MONDAY, reason="complaint")
    ask_for(client, pulse, "ana@alder.example")
    assert not Message.objects.exists()


def test_an_own_link_ends_after_a_day_and_with_the_address(
    pages, client, pulse, monkeypatch
) -> None:
    ask_for(client, pulse, "ana@alder.example")
    link = own_link(Message.objects.get())
    ana = pages.world.people["Ana Keller"]
    ana.addressed_at = NOW + timedelta(minutes=1)
    ana.save()
    assert client.post(link).status_code == 404
    ana.addressed_at = MONDAY - timedelta(days=100)
    ana.save()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1, seconds=2))
    assert client.post(link).status_code == 404
    assert asks(pages) == []


def test_a_changed_link_is_nobodys(client, pulse) -> None:
    url = path(posted_url(pulse))
    assert client.get(url[:-1] + ("A" if url[-1] != "A" else "B")).status_code == 404
    assert client.get("/me/made-up").status_code == 404


def test_a_closed_link_says_so_and_mails_nobody(pages, client, pulse) -> None:
    ask_for(client, pulse, "ana@alder.example")
    link = own_link(Message.objects.get())
    close_link(pulse, by=pages.world.priya, at=NOW)
    assert ask_for(client, pulse, "ben@alder.example").status_code == 410
    assert client.post(link).status_code == 404
    assert Message.objects.count() == 1


def test_neither_page_sets_a_cookie(client, pulse) -> None:
    client.get(path(posted_url(pulse)))
    ask_for(client, pulse, "ana@alder.example")
    client.post(own_link(Message.objects.get()))
    assert not client.cookies
