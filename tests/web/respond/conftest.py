"""Somebody who was asked, and the link they were sent."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import caches

from partnerloop.pulses.models import Invitation
from partnerloop.pulses.tokens import invitation_token
from tests.web.conftest import Pages
from tests.world import MONDAY

KEYS = ("partnerscore", "communication_accuracy", "communication_open_low")


@pytest.fixture(autouse=True)
def _nothing_was_opened() -> Iterator[None]:
    counted = settings.PARTNERLOOP_CACHE_FOLDER / "clicks.json"
    caches["taps"].clear()
    counted.unlink(missing_ok=True)
    yield
    caches["taps"].clear()


@pytest.fixture
def ask(pages: Pages) -> Invitation:
    """Ana's invitation, with two ratings and one line."""
    pulse = pages.world.pulse(
        launched_at=MONDAY - timedelta(days=1),
        closes_at=MONDAY + timedelta(days=27),
        modes=["named", "confidential"],
    )
    return pages.world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=KEYS)


@pytest.fixture
def link(ask: Invitation) -> str:
    return f"/a/{invitation_token(ask.pk)}"
