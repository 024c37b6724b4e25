"""Every page is a function of ledger, named answers and public facts: change what is hidden, and no
page changes by a byte; delete it, and none does either.
"""

import re
from datetime import datetime, timedelta
from difflib import unified_diff

import pytest
from django.test import Client
from django.urls import reverse

from partnerloop.accounts.models import Role
from partnerloop.alerts.watching import watch
from partnerloop.evidence.models import Atom, PendingAnswer
from partnerloop.loop.receiving import receive
from partnerloop.loop.schedule import weekly_tick
from partnerloop.partners.visiting import portal_token
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Wording
from partnerloop.release.models import HeldComment
from partnerloop.responses.accepted import Submission
from partnerloop.responses.drafting import keep
from partnerloop.responses.identities import Identity
from partnerloop.responses.models import Answer, Comment, Response
from partnerloop.responses.participation import Participation
from partnerloop.scores.refresh import refit
from tests.web.conftest import NOW, Pages
from tests.web.test_tenants import ROUTES
from tests.world import MONDAY

LAST_WEEK = MONDAY - timedelta(days=4)
# Pages that need a file, or a row that this world has none of.
APART = {"import-check", "import-confirm", "inbox-act", "live-ticket", "outbox-mail", "pulse"}


@pytest.fixture
def told(pages, say, work_through) -> Pages:
    """Alder's people said something by name, in an atom, and in what still waits."""
    say("Ana Keller", {"partnerscore": 4, "communication_accuracy": 3}, words="Prices come late.")
    for name in ("Ben Okafor", "Claire Dubois", "Dan Novak"):
        whisper(pages, name, {"communication_accuracy": 2, "partnerscore": 3}, at=LAST_WEEK)
    weekly_tick(pages.world.program, NOW)
    for name, value in (("Ben Okafor", 9), ("Claire Dubois", 1), ("Eva Lind", 5)):
        given = {"credibility_carried_out": value, "partnerscore": value}
        whisper(pages, name, given, words=f"Held words of {name}.", at=NOW - timedelta(hours=1))
    work_through()
    return pages


def whisper(pages, name, ratings, *, words="", at: datetime) -> None:
    """Let somebody answer confidentially, through the real door."""
    world = pages.world
    keys = (*ratings, *(("credibility_open_low",) if words else ()))
    pulse = world.pulse(
        f"Asked {name} {at:%d %H}",
        launched_at=at - timedelta(days=1),
        closes_at=at + timedelta(days=27),
        modes=["named", "confidential"],
    )
    invitation = world.ask(name, pulse=pulse, at=at - timedelta(hours=1), keys=keys)
    wordings = {
        wording.question.key: wording.pk
        for wording in Wording.objects.of(world.program)
        .filter(language="en")
        .select_related("question")
    }
    submission = Submission(
        ratings={wordings[key]: value for key, value in ratings.items()},
        words={wordings["credibility_open_low"]: words} if words else {},
        mode=Mode.CONFIDENTIAL,
    )
    receive(invitation, submission, at=at)


def bytes_of(pages: Pages, readers: dict[str, Client], token: str) -> dict[str, str]:
    """Score everybody anew, then fetch every page for every reader, and the partner's own."""
    world = pages.world
    refit(world.program, at=NOW)
    watch(world.program, at=NOW)
    partner = world.partners["Alder & Finch"]
    rows = {"slug": world.program.slug, "partner_id": partner.pk}
    urls = {
        reverse(name, kwargs={argument: rows[argument] for argument in arguments})
        for name, arguments in ROUTES
        if name not in APART and set(arguments) <= set(rows)
    }
    found = {"portal": Client().get(f"/portal/{token}/").text}
    for who, client in readers.items():
        for url in sorted(urls):
            found[f"{who}: {url}"] = without_tokens(client.get(url).text)
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """List the lines in which pages differ, so that a failure says what gave itself away."""
    return [
        f"{page} {line}"
        for page, text in before.items()
        for line in unified_diff(text.splitlines(), after[page].splitlines(), n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]


def without_tokens(page: str) -> str:
    """Leave out the only thing that is drawn anew for each page."""
    return re.sub(r'csrf(?:middleware)?token"(?: value=|: )"[^"]+"', "", page)


@pytest.fixture
def readers(pages) -> dict[str, Client]:
    return {
        "chief": pages.as_member(pages.world.priya),
        "manager": pages.as_member(pages.manager("Mo Reed", of="Alder & Finch")),
        "executive": pages.as_member(pages.member("Ex Ecutive", Role.EXECUTIVE)),
    }


@pytest.fixture
def link(pages) -> str:
    """A link holds the time at which it was signed: one for both looks."""
    world = pages.world
    return portal_token(world.people["Ana Keller"], world.partners["Alder & Finch"], at=NOW)


def test_the_pages_do_show_what_was_said(told, readers, link) -> None:
    before = bytes_of(told, readers, link)
    assert Atom.objects.of(told.world.program).filter(kind="company").count() == 2
    assert PendingAnswer.objects.of(told.world.program).filter(consumed_in=None).exists()
    assert len(before) > 20
    assert any("Prices come late." in page for page in before.values())
    assert any("Named answers and blurred batches" in page for page in before.values())
    assert not any("Held words" in page for page in before.values())


def test_other_values_and_words_of_what_waits_change_no_page(told, readers, link) -> None:
    before = bytes_of(told, readers, link)
    program = told.world.program
    hidden = Response.objects.of(program).filter(mode=Mode.CONFIDENTIAL)
    PendingAnswer.objects.of(program).filter(consumed_in=None).update(value=10)
    Answer.objects.of(program).filter(response__in=hidden).update(value=10)
    Comment.objects.of(program).filter(response__in=hidden).update(text="Quite other words.")
    assert changed(before, bytes_of(told, readers, link)) == []


def test_all_confidential_tables_emptied_change_no_page(told, readers, link) -> None:
    before = bytes_of(told, readers, link)
    program = told.world.program
    hidden = Response.objects.of(program).filter(mode=Mode.CONFIDENTIAL)
    assert Participation.objects.of(program).count() > hidden.count()
    for rows in (
        PendingAnswer.objects.of(program),
        HeldComment.objects.of(program),
        Identity.objects.of(program).filter(response__in=hidden),
        Comment.objects.of(program).filter(response__in=hidden),
        Answer.objects.of(program).filter(response__in=hidden),
    ):
        assert rows.exists()
        rows.delete()
    hidden.delete()
    assert changed(before, bytes_of(told, readers, link)) == []


def test_a_draft_shows_on_no_page(told, readers, link) -> None:
    """What was sent without choosing who may know counts for nothing, and nobody sees it."""
    world = told.world
    pulse = world.pulse("Fresh", launched_at=NOW, closes_at=NOW + timedelta(days=28))
    asked = world.ask("Gita Rao", pulse=pulse, at=NOW, keys=("partnerscore",))
    before = bytes_of(told, readers, link)
    keep(asked, Submission(None, {asked.asked[0]: 0}, {}), at=NOW)
    assert changed(before, bytes_of(told, readers, link)) == []
