"""Everything shown is a function of ledger, named answers and public facts: change what is hidden,
and nothing changes by a byte; delete it, and nothing does either; add to it, and nothing tells.
"""

from datetime import datetime, timedelta
from difflib import unified_diff
from uuid import UUID

import pytest

from partnerloop.accounts.inviting import invite
from partnerloop.accounts.models import Role
from partnerloop.accounts.signing_in import make_link
from partnerloop.evidence.models import Atom, PendingAnswer
from partnerloop.integrations.keys.issuing import issue
from partnerloop.integrations.models import KeyScope
from partnerloop.loop.receiving import receive
from partnerloop.loop.resending import mine_token
from partnerloop.loop.schedule import weekly_tick
from partnerloop.partners.models import Department
from partnerloop.partners.visiting import portal_token
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Invitation, Metric, Wording
from partnerloop.pulses.tokens import invitation_token
from partnerloop.release.models import HeldComment
from partnerloop.responses.accepted import Submission
from partnerloop.responses.drafting import keep
from partnerloop.responses.identities import Identity
from partnerloop.responses.models import Answer, Comment, Response
from partnerloop.responses.participation import Participation
from partnerloop.responses.standing import receipt_token
from tests.own_metrics import its_question, own_metric, settled
from tests.web.conftest import NOW, Pages
from tests.web.everything import Looks, Show, everything
from tests.web.test_tenants import foreign_rows
from tests.world import MONDAY, person

LAST_WEEK = MONDAY - timedelta(days=4)


CROWD = ("Claire Dubois", "Ivo Lang", "Jana Weiss")


@pytest.fixture
def told(pages, say, work_through, request) -> Pages:
    """Alder's people said something by name, in an atom, and in what still waits.

    With "an own metric" as its parameter the program measures one, and people speak on it as well.
    """
    own = _own_question(pages) if getattr(request, "param", "") == "an own metric" else ""
    for name in CROWD[1:]:
        person(pages.world, name, at="Alder & Finch", role="operations")
    also = {own: 3} if own else {}
    by_name = {"partnerscore": 4, "communication_accuracy": 3, **also}
    say("Ana Keller", by_name, words="Prices come late.")
    for name in CROWD:
        given = {"communication_accuracy": 2, "partnerscore": 3, **also}
        whisper(pages, name, given, at=LAST_WEEK)
    weekly_tick(pages.world.program, NOW)
    for name, value in ((CROWD[0], 9), (CROWD[1], 1), ("Eva Lind", 5)):
        given = {"credibility_carried_out": value, "partnerscore": value}
        given |= {own: value} if own else {}
        whisper(pages, name, given, words=f"Held words of {name}.", at=NOW - timedelta(hours=1))
    work_through()
    return pages


def _own_question(pages: Pages) -> str:
    metric = own_metric(pages.world.program, weight="0.5")
    question = its_question(metric)
    settled(pages.world.program)
    return question.key


def asked(pages, name, ratings, *, words="", at: datetime) -> Invitation:
    """Ask somebody in a round of their own."""
    keys = (*ratings, *(("credibility_open_low",) if words else ()))
    pulse = pages.world.pulse(
        f"Asked {name} {at:%d %H}",
        launched_at=at - timedelta(days=1),
        closes_at=at + timedelta(days=27),
        modes=["named", "confidential"],
    )
    return pages.world.ask(name, pulse=pulse, at=at - timedelta(hours=1), keys=keys)


def answer(pages, invitation: Invitation, ratings, *, words="", at: datetime) -> None:
    """Answer confidentially, through the real door."""
    wordings = {
        wording.question.key: wording.pk
        for wording in Wording.objects.of(pages.world.program)
        .filter(language="en")
        .select_related("question")
    }
    submission = Submission(
        ratings={wordings[key]: value for key, value in ratings.items()},
        words={wordings["credibility_open_low"]: words} if words else {},
        mode=Mode.CONFIDENTIAL,
    )
    receive(invitation, submission, at=at)


def whisper(pages, name, ratings, *, words="", at: datetime) -> None:
    """Ask somebody, and let them answer confidentially."""
    answer(pages, asked(pages, name, ratings, words=words, at=at), ratings, words=words, at=at)


@pytest.fixture
def show(told, work_through) -> Show:
    """Every kind of reader, one row for each kind of address, and links of people who are named.

    Links hold the time at which they were signed: one for all looks.
    """
    world = told.world
    program, ana = world.program, world.people["Ana Keller"]
    lead = told.member("Lee Lead", Role.LEAD)
    manager = told.manager("Mo Reed", of="Alder & Finch")
    readers = {
        "owner": told.member("Ona Owner", Role.OWNER),
        "chief": world.priya,
        "manager": manager,
        "lead": lead,
        "executive": told.member("Ex Ecutive", Role.EXECUTIVE),
    }
    Department.objects.create(program=program, key="support", name="Support", lead=lead)
    rows = foreign_rows(world) | {
        "partner_id": world.partners["Alder & Finch"].pk,
        "pulse_id": world.pulse("Drafted", modes=["named", "confidential"]).pk,
        "session_id": UUID(int=1),
        "passkey_id": 1,
        "comment_id": UUID(int=1),
        "provider": "postmark",
    }
    named = Invitation.objects.of(program).get(contact=ana)
    unanswered = asked(told, "Finn Berg", {"partnerscore": 5}, at=NOW)
    tokens = [
        invitation_token(named.pk),
        invitation_token(unanswered.pk),
        receipt_token(Response.objects.of(program).get(mode=Mode.NAMED).pk),
        portal_token(ana, world.partners["Alder & Finch"], at=NOW),
        mine_token(ana),
        make_link(world.priya.user, at=NOW),
        invite(program, email="j@n.example", role="lead", by=world.priya, at=NOW).token,
    ]
    secrets = {
        who: issue(who, scopes=list(KeyScope.values), days=9, by=member, at=NOW).secret
        for who, member in readers.items()
        if member.role in (Role.OWNER, Role.CHIEF, Role.MANAGER, Role.EXECUTIVE)
    }
    work_through()
    return Show(told, readers, rows, tokens, secrets)


def changed(before: Looks, after: Looks) -> list[str]:
    """List the lines that differ, so that a failure says what gave itself away."""
    assert before.keys() == after.keys()
    return [
        f"{place} {line}"
        for place, text in before.items()
        if text != after[place]
        for line in unified_diff(text.splitlines(), after[place].splitlines(), n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]


def hide_otherwise(show: Show) -> None:
    """Give what waits other values and other words."""
    program = show.pages.world.program
    hidden = Response.objects.of(program).filter(mode=Mode.CONFIDENTIAL)
    PendingAnswer.objects.of(program).filter(consumed_in=None).update(value=10)
    Answer.objects.of(program).filter(response__in=hidden).update(value=10)
    Comment.objects.of(program).filter(response__in=hidden).update(text="Quite other words.")


def hide_nothing(show: Show) -> None:
    """Empty the confidential tables."""
    program = show.pages.world.program
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


@pytest.mark.parametrize("told", ["the seven", "an own metric"], indirect=True)
def shows_what_was_said(show: Show, seen: Looks) -> None:
    """Check that there was something to see, and something to hide."""
    program = show.pages.world.program
    own = Metric.objects.of(program).filter(key="our_enablement")
    assert Atom.objects.of(program).filter(kind="company").count() == 2 + own.count()
    assert PendingAnswer.objects.of(program).filter(consumed_in=None).exists()
    opened = {place.split(": ", 1)[1] for place, text in seen.items() if text.startswith("200")}
    assert len(opened) > 60
    everywhere = "\n".join(seen.values())
    assert ('"our_enablement": {"value"' in everywhere) == own.exists()
    for shown in ("Prices come late.", "Named answers and blurred batches", "Ana Keller"):
        assert shown in everywhere
    assert "Held words" not in everywhere
    assert {who.split(" ")[0].rstrip(":") for who in seen} >= {*show.readers, "anybody"}


def test_neither_what_waits_nor_one_more_answer_nor_emptied_tables_change_anything(
    show, work_through
) -> None:
    """All is looked at three times, for that takes long: as it is, with more and other hidden
    things, and with none of them.
    """
    given = {"partnerscore": 1}
    invitation = asked(show.pages, "Gita Rao", given, at=NOW)
    undecided = asked(show.pages, "Eva Lind", given, at=NOW)
    work_through()
    before = everything(show)
    shows_what_was_said(show, before)
    answer(show.pages, invitation, given, at=NOW)
    keep(undecided, Submission(None, {undecided.asked[0]: 0}, {}), at=NOW)
    work_through()
    assert Participation.objects.of(show.pages.world.program).filter(invitation=invitation).exists()
    hide_otherwise(show)
    assert changed(before, everything(show)) == []
    hide_nothing(show)
    assert changed(before, everything(show)) == []
