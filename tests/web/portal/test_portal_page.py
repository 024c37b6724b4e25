"""The partner's own page: by its link alone, the vendor's figures, and nothing of others."""

import re
from datetime import timedelta

import pytest

from partnerloop.actions.answering import answer
from partnerloop.actions.models import FeedbackItem
from partnerloop.core import clock
from partnerloop.core.models import AuditEntry, Message
from partnerloop.partners.models import Affiliation
from partnerloop.partners.stopping import suppress
from partnerloop.partners.visiting import PortalLinkRefused, opened, portal_token
from tests.web.conftest import NOW


@pytest.fixture
def link(pages) -> str:
    world = pages.world
    token = portal_token(world.people["Ana Keller"], world.partners["Alder & Finch"], at=NOW)
    return f"/portal/{token}/"


def test_it_shows_the_figures_that_the_vendor_sees(pages, chief, client, link, say) -> None:
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois"):
        say(name, {"partnerscore": 4, "communication_accuracy": 3})
    partner = pages.world.partners["Alder & Finch"].pk
    theirs = chief.get(pages.url(f"partners/{partner}/")).context
    ours = client.get(link).context
    assert ours["composite"].figure == theirs["composite"].figure
    assert [line.figure for line in ours["lines"]] == [line.figure for line in theirs["lines"]]


def test_it_sets_no_cookie_and_stays_out_of_caches(client, link) -> None:
    page = client.get(link)
    assert page.status_code == 200
    assert not page.cookies
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_it_shows_ones_own_named_words_with_what_became_of_them(
    pages, client, link, say, work_through
) -> None:
    say("Ana Keller", {"partnerscore": 4}, words="Deals are registered twice.")
    work_through()
    item = FeedbackItem.objects.of(pages.world.program).get()
    answer(item, "One person decides now.", by=pages.world.priya, at=NOW)
    page = client.get(link).text
    assert "Deals are registered twice." in page
    assert "One person decides now." in page
    assert "Answered" in page


def test_colleagues_never_read_each_others_named_words(client, link, say, work_through) -> None:
    """The promise of a named answer lets the vendor's people read it, and nobody else."""
    say("Ben Okafor", {"partnerscore": 4}, words="Words of a colleague.")
    work_through()
    page = client.get(link).text
    assert "Words of a colleague." not in page
    assert "Ben Okafor" not in page


def test_it_shows_nothing_of_other_partners(client, link, say, work_through) -> None:
    say("Eva Lind", {"partnerscore": 4}, words="Words of Birk.")
    work_through()
    page = client.get(link).text
    assert "Words of Birk." not in page
    assert "You have not written anything under your own name yet." in page


@pytest.mark.parametrize("wrong", ["nonsense", "WzEsMSwxXQ~x~y", "a" * 3000])
def test_a_link_that_is_not_ours_is_refused_in_words(pages, client, wrong) -> None:
    answer = client.get(f"/portal/{wrong}/")
    assert answer.status_code == 410
    assert "Mail a fresh link" in answer.text


def test_a_link_ends_after_seven_days(pages) -> None:
    token = portal_token(
        pages.world.people["Ana Keller"], pages.world.partners["Alder & Finch"], at=NOW
    )
    assert opened(token, at=NOW + timedelta(days=6)).partner.name == "Alder & Finch"
    with pytest.raises(PortalLinkRefused):
        opened(token, at=NOW + timedelta(days=7))


def test_a_link_made_for_longer_than_seven_days_opens_nothing(pages) -> None:
    """Links mailed before they were short-lived say more days than a link may have."""
    ana, alder = pages.world.people["Ana Keller"], pages.world.partners["Alder & Finch"]
    token = portal_token(ana, alder, at=NOW + timedelta(days=3))
    with pytest.raises(PortalLinkRefused):
        opened(token, at=NOW)


def test_a_link_ends_when_its_person_gets_another_address(pages, client, link) -> None:
    ana = pages.world.people["Ana Keller"]
    ana.email, ana.addressed_at = "somebody@else.example", NOW + timedelta(seconds=1)
    ana.save()
    assert client.get(link).status_code == 410


def test_a_link_ends_when_its_person_leaves(pages, client, link) -> None:
    works = Affiliation.objects.of(pages.world.program)
    works.filter(contact=pages.world.people["Ana Keller"]).update(until=NOW.date())
    assert client.get(link).status_code == 410


def test_a_link_is_for_its_own_partner(pages) -> None:
    token = portal_token(pages.world.people["Ana Keller"], pages.world.partners["Birk"], at=NOW)
    with pytest.raises(PortalLinkRefused):
        opened(token, at=NOW)


def test_a_portal_link_signs_nobody_in(pages, client, link) -> None:
    client.get(link)
    assert client.get(pages.url()).status_code == 302


def test_a_visitor_says_something_now_under_their_own_name(
    pages, client, link, work_through
) -> None:
    assert f"{link}now/" in client.get(link).text
    assert client.post(f"{link}now/", {"words": " "}).status_code == 422
    assert client.post(f"{link}now/", {"words": "Prices of Monday are wrong."}).status_code == 200
    work_through()
    item = FeedbackItem.objects.of(pages.world.program).select_related("comment").get()
    assert item.comment.contact == pages.world.people["Ana Keller"]
    assert (item.comment.role, item.partner) == ("technical", pages.world.partners["Alder & Finch"])


def test_a_link_that_is_refused_takes_no_words(client) -> None:
    assert client.post("/portal/guess/now/", {"words": "Hello"}).status_code == 410


@pytest.fixture
def old_link(link, monkeypatch) -> str:
    """A link of a week ago."""
    later = NOW + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    return link


def portal_mails(pages) -> list[Message]:
    return list(Message.objects.filter(program_id=pages.world.program.pk, purpose="portal"))


def test_one_button_mails_a_fresh_link_to_the_persons_own_address(pages, client, old_link) -> None:
    page = client.get(old_link)
    assert page.status_code == 410
    assert f'action="{old_link}fresh/"' in page.text
    answer = client.post(f"{old_link}fresh/")
    assert "Look into your mail" in answer.text
    mail = portal_mails(pages)[0]
    assert mail.to == pages.world.people["Ana Keller"].email
    fresh = re.search(r"/portal/[^/\s]+/", mail.text).group()
    assert fresh != old_link
    assert fresh not in answer.text
    assert client.get(fresh).status_code == 200


def test_pressing_often_mails_once_an_hour(pages, client, old_link) -> None:
    for _ in range(5):
        client.post(f"{old_link}fresh/")
    assert len(portal_mails(pages)) == 1
    noted = AuditEntry.objects.filter(action="portal.link_renewed")
    assert [(one.actor, one.program_id) for one in noted] == [("contact", pages.world.program.pk)]


def test_the_button_says_the_same_whoever_presses_it(pages, client, old_link) -> None:
    guess = client.post("/portal/guess/fresh/")
    known = client.post(f"{old_link}fresh/")
    throttled = client.post(f"{old_link}fresh/")
    suppress(pages.world.people["Ana Keller"].email, at=NOW, reason="bounced")
    refused = client.post(f"{old_link}fresh/")
    assert len({(one.status_code, one.text) for one in (guess, known, throttled, refused)}) == 1
    assert not known.cookies


def test_who_has_left_or_bounced_gets_no_fresh_link(pages, client, old_link) -> None:
    suppress(pages.world.people["Ana Keller"].email, at=NOW, reason="bounced")
    client.post(f"{old_link}fresh/")
    assert portal_mails(pages) == []
    works = Affiliation.objects.of(pages.world.program)
    ben = pages.world.people["Ben Okafor"]
    theirs = portal_token(ben, pages.world.partners["Alder & Finch"], at=NOW)
    works.filter(contact=ben).update(until=NOW.date())
    client.post(f"/portal/{theirs}/fresh/")
    assert portal_mails(pages) == []


def test_looking_at_the_button_mails_nothing(pages, client, old_link) -> None:
    client.get(old_link)
    assert client.get(f"{old_link}fresh/").status_code == 405
    assert portal_mails(pages) == []
