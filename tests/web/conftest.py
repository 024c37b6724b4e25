"""Members who sign in, and a program that has been heard from, for the tests of pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.test import Client

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.core import clock, outbox
from partnerloop.core.models import Event
from partnerloop.loop.receiving import receive
from partnerloop.loop.worker import react
from partnerloop.partners.models import Department, PartnerAssignment
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Invitation, Wording
from partnerloop.responses.accepted import Submission
from tests.world import LONG_AGO, MONDAY, World, make_world

NOW = MONDAY + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _it_is_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the only clock there is at the world's day."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@dataclass
class Pages:
    """A program with people who sign in to it."""

    world: World

    def as_member(self, member: Membership) -> Client:
        """Return a browser in which this member is signed in."""
        client = Client()
        client.force_login(member.user)
        return client

    def member(self, name: str, role: Role) -> Membership:
        """Add a member with a role."""
        slug = self.world.program.slug
        email = f"{name.split()[0].lower()}@{slug}.example"
        user = User.objects.create_user(email, name=name, at=LONG_AGO)
        return Membership.objects.create(
            program=self.world.program, user=user, role=role, since=LONG_AGO.date()
        )

    def manager(self, name: str, *, of: str) -> Membership:
        """Add a partner manager who looks after one partner."""
        member = self.member(name, Role.MANAGER)
        PartnerAssignment.objects.create(
            program=self.world.program,
            partner=self.world.partners[of],
            member=member,
            since=LONG_AGO.date(),
        )
        return member

    def department(self, key: str, *, lead: Membership | None = None) -> Department:
        """Add a department that answers feedback."""
        return Department.objects.create(
            program=self.world.program, key=key, name=key.capitalize(), lead=lead
        )

    def url(self, path: str = "") -> str:
        """Return an address of this program."""
        return f"/p/{self.world.program.slug}/{path}"


@pytest.fixture
def pages(db: None) -> Pages:
    """The cast's program, already set up."""
    world = make_world()
    world.program.setup_finished_at = LONG_AGO
    world.program.save()
    return Pages(world)


@pytest.fixture
def chief(pages: Pages) -> Client:
    """Priya's browser: she runs the program."""
    return pages.as_member(pages.world.priya)


Say = Callable[..., Invitation]


@pytest.fixture
def say(pages: Pages) -> Say:
    """Let somebody answer by name, through the real door."""
    pulse = pages.world.pulse(
        launched_at=MONDAY - timedelta(days=1),
        closes_at=MONDAY + timedelta(days=27),
        modes=["named", "confidential"],
    )

    def answered(
        name: str, ratings: dict[str, int], *, words: str = "", at: datetime = NOW
    ) -> Invitation:
        keys = tuple(ratings) + (("communication_open_low",) if words else ())
        return _answer(pages.world, name, keys, ratings, words, pulse=pulse, at=at)

    return answered


def _answer(world, name, keys, ratings, words, *, pulse, at) -> Invitation:
    invitation = world.ask(name, pulse=pulse, at=at - timedelta(hours=1), keys=keys)
    wordings = {
        wording.question.key: wording.pk
        for wording in Wording.objects.of(world.program)
        .filter(language="en")
        .select_related("question")
    }
    submission = Submission(
        ratings={wordings[key]: value for key, value in ratings.items()},
        words={wordings["communication_open_low"]: words} if words else {},
        mode=Mode.NAMED,
    )
    receive(invitation, submission, at=at)
    return invitation


@pytest.fixture
def work_through(pages: Pages) -> Callable[[], None]:
    """Let the worker do all that waits, mails apart."""

    def drained() -> None:
        while events := outbox.lease(Event, worker="test", at=NOW, limit=50):
            for event in events:
                react(event, at=NOW)

    return drained
