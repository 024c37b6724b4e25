"""A world in which people have spoken, for the gate's tests."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from partnerloop.loop.receiving import Received, receive
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Pulse
from partnerloop.responses.accepted import Submission
from tests.world import MONDAY, World, make_world

KEYS = ("partnerscore", "communication_accuracy", "conflict_intensity", "communication_open_low")
Speak = Callable[..., Received]


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def pulse(world: World) -> Pulse:
    return world.pulse(
        modes=["named", "confidential"],
        launched_at=MONDAY,
        closes_at=MONDAY + timedelta(days=90),
    )


@pytest.fixture
def speak(world: World) -> Speak:
    """Let a person answer: three values, maybe words, in a mode, at a time; one pulse for each."""

    def speaking(
        name: str,
        *values: int,
        mode: Mode = Mode.NAMED,
        at: datetime = MONDAY,
        words: str = "",
    ) -> Received:
        pulse = world.pulse(
            name=f"{name} {at}",
            modes=["named", "confidential"],
            launched_at=MONDAY - timedelta(days=300),
            closes_at=MONDAY + timedelta(days=900),
        )
        invitation = world.ask(name, pulse=pulse, at=at - timedelta(hours=2), keys=KEYS)
        ratings = dict(zip(invitation.asked[:3], values, strict=False))
        said = {invitation.asked[3]: words} if words else {}
        return receive(invitation, Submission(mode, ratings, said), at=at)

    return speaking
