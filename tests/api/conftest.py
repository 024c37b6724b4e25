"""A program with a key, called as a machine would."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.actions.models import FeedbackItem
from partnerloop.actions.opening import open_items
from partnerloop.core import clock
from partnerloop.integrations.keys.issuing import issue
from partnerloop.integrations.models import KeyScope
from partnerloop.loop.receiving import receive
from partnerloop.partners.models import PartnerAssignment
from partnerloop.programs.models import Mode
from partnerloop.release.models import ReleasedComment
from partnerloop.responses.accepted import Submission
from tests.world import LONG_AGO, MONDAY, World, make_world

NOW = MONDAY + timedelta(hours=2)


@dataclass
class Watch:
    """The only clock there is; tests move it."""

    now: datetime = NOW


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    stopped = Watch()
    monkeypatch.setattr(clock, "now", lambda: stopped.now)
    return stopped


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@dataclass
class Caller:
    """A machine that holds a key."""

    secret: str
    client: Client

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self._headers())

    def post(self, path: str, body: Any, *, key: str = "") -> Any:
        extra = {"Idempotency-Key": key} if key else {}
        said = body if isinstance(body, str) else json.dumps(body)
        return self.client.post(
            f"/api/v1{path}",
            said,
            content_type="application/json",
            headers={**self._headers(), **extra},
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"} if self.secret else {}


def calling(by: Membership, *scopes: KeyScope, days: int = 30) -> Caller:
    """Return a machine with a fresh key of a member; of all scopes unless some are named."""
    wanted = [scope.value for scope in scopes or KeyScope]
    issued = issue("Warehouse", scopes=wanted, days=days, by=by, at=LONG_AGO + timedelta(days=390))
    return Caller(issued.secret, Client(enforce_csrf_checks=True))


@pytest.fixture
def caller(world: World) -> Caller:
    return calling(world.priya)


def member(world: World, name: str, role: Role, *, of: str = "") -> Membership:
    """Add a member, who looks after a partner if one is named."""
    email = f"{name.lower()}@{world.program.slug}.example"
    user = User.objects.create_user(email, name=name, at=LONG_AGO)
    since = LONG_AGO.date()
    made = Membership.objects.create(program=world.program, user=user, role=role, since=since)
    if of:
        PartnerAssignment.objects.create(
            program=world.program, partner=world.partners[of], member=made, since=since
        )
    return made


def feedback(world: World, text: str, *, by: str = "") -> FeedbackItem:
    """Release a comment and open its item; of somebody unnamed unless one is named."""
    who = world.people.get(by)
    place = who.affiliations.get() if who else None
    comment = ReleasedComment.objects.create(
        program=world.program,
        comment_id=uuid4(),
        text=text,
        week=MONDAY.date(),
        released_at=MONDAY,
        contact=who,
        partner=place.partner if place else None,
        role=place.role if place else "",
        label="" if place else "one of your partners",
    )
    return open_items(world.program, [comment], at=MONDAY)[0]


@pytest.fixture
def heard(world: World) -> Callable[[str, int], None]:
    """Let somebody rate the program by name, through the real door."""
    pulse = world.pulse(launched_at=MONDAY, closes_at=MONDAY + timedelta(days=28), modes=["named"])

    def answered(name: str, value: int) -> None:
        key = "partnerscore"
        invitation = world.ask(name, pulse=pulse, at=NOW - timedelta(hours=1), keys=(key,))
        receive(
            invitation,
            Submission(ratings={invitation.asked[0]: value}, words={}, mode=Mode.NAMED),
            at=NOW,
        )

    return answered
