"""Run in a process of its own: writes the small cast with four named answers, and says the way in.

usage: python -m tests.browser.cast_for_browsers
"""

import json
import os
import sys
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerloop.config.settings")
django.setup()

from partnerloop.accounts.signing_in import make_link  # noqa: E402
from partnerloop.core import clock  # noqa: E402
from partnerloop.loop.receiving import receive  # noqa: E402
from partnerloop.programs.models import Mode  # noqa: E402
from partnerloop.pulses.models import Invitation  # noqa: E402
from partnerloop.pulses.tokens import invitation_token  # noqa: E402
from partnerloop.responses.accepted import Submission  # noqa: E402
from tests.world import make_world  # noqa: E402

KEYS = ("partnerscore", "communication_accuracy", "conflict_fairness", "communication_open_low")
ANSWERED = {"Ana Keller": 7, "Ben Okafor": 6, "Eva Lind": 8, "Finn Berg": 5}
WORDS = "Delivery dates change after we have promised them to customers."


def write(*, at: datetime) -> dict[str, object]:
    """This will ask everybody, let four people answer, and return the links."""
    world = make_world("small")
    world.program.setup_finished_at = at
    world.program.save()
    pulse = world.pulse(
        modes=["named", "confidential"],
        launched_at=at - timedelta(days=1),
        closes_at=at + timedelta(days=20),
    )
    asked = {
        name: world.ask(name, pulse=pulse, at=at - timedelta(hours=3), keys=KEYS)
        for name in world.people
    }
    for name, rating in ANSWERED.items():
        receive(asked[name], _submission(asked[name], rating, name), at=at)
    return {
        "sign_in": f"/s/{make_link(world.priya.user, at=at)}",
        "asked": {name: f"/a/{invitation_token(one.pk)}" for name, one in asked.items()},
    }


def _submission(invitation: Invitation, rating: int, name: str) -> Submission:
    *rated, open_one = invitation.asked
    return Submission(
        ratings=dict.fromkeys(rated, rating),
        words={open_one: WORDS} if name == "Ana Keller" else {},
        mode=Mode.NAMED,
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(write(at=clock.now())) + "\n")
