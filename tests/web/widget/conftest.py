"""A portal that shows the widget: its key, its address, and fresh tokens."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.test import Client

from partnerloop.integrations.widget.identity import audience
from partnerloop.integrations.widget.keys import Made, make_secret
from partnerloop.integrations.widget.origins import allow
from tests.web.conftest import NOW
from tests.world import LONG_AGO, World, make_world

PORTAL = "https://portal.example.com"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def made(world: World) -> Made:
    allow(PORTAL, by=world.priya, at=LONG_AGO)
    return make_secret(by=world.priya, at=LONG_AGO)


class Portal:
    """A partner's browser that shows a page of the portal, and in it the widget."""

    def __init__(self, world: World, made: Made) -> None:
        self.world, self.made = world, made
        self.client = Client(enforce_csrf_checks=True)
        self.address = f"/widget/{world.program.slug}/frame"
        self.opened = 0

    def token(self, **changes: Any) -> str:
        self.opened += 1
        claims = {
            "iss": PORTAL,
            "sub": "ana@alder.example",
            "aud": audience(self.world.program),
            "iat": int(NOW.timestamp()),
            "exp": int((NOW + timedelta(minutes=5)).timestamp()),
            "jti": f"opening-{self.opened}",
            **changes,
        }
        head = {"kid": self.made.key.kid}
        return jwt.encode(claims, self.made.secret, algorithm="HS256", headers=head)

    def open(self, **changes: Any) -> Any:
        return self.client.post(self.address, {"token": self.token(**changes)})

    def press(self, before: Any, step: str, **filled: str) -> Any:
        mark = before.context["page"].around.mark
        return self.client.post(self.address, {"mark": mark, "step": step, **filled})


@pytest.fixture
def portal(world: World, made: Made) -> Portal:
    return Portal(world, made)
