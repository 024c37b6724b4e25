"""Run in a process of its own: writes a small program to be asked, or counts what is stored.

usage: python -m tests.supervise.cast_for_kills seed COUNT | count
"""

import json
import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerloop.config.settings")
django.setup()

from partnerloop.actions.models import FeedbackItem  # noqa: E402
from partnerloop.core import clock  # noqa: E402
from partnerloop.core.models import Event  # noqa: E402
from partnerloop.evidence.models import NamedAnswer  # noqa: E402
from partnerloop.pulses.tokens import invitation_token  # noqa: E402
from partnerloop.release.models import ReleasedComment  # noqa: E402
from partnerloop.responses.models import Answer, Comment, Response  # noqa: E402
from tests.world import make_world  # noqa: E402

KEYS = ("partnerscore", "communication_accuracy", "conflict_fairness", "communication_open_low")


def seed(count: int) -> list[dict[str, object]]:
    """Ask Ana `count` times, in a pulse each."""
    world, now = make_world("kills"), clock.now()
    asked = []
    for number in range(count):
        pulse = world.pulse(
            name=f"Pulse {number}",
            modes=["named", "confidential"],
            launched_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=9),
        )
        invitation = world.ask("Ana Keller", pulse=pulse, at=now - timedelta(hours=3), keys=KEYS)
        asked.append({"token": invitation_token(invitation.pk), "asked": invitation.asked})
    return asked


def count() -> dict[str, object]:
    """Return what is stored, and what still waits in the outbox."""
    return {
        "said": sorted(Comment.objects.across_programs().values_list("text", flat=True)),
        "released": sorted(
            ReleasedComment.objects.across_programs().values_list("text", flat=True)
        ),
        "responses": Response.objects.across_programs().count(),
        "answers": Answer.objects.across_programs().count(),
        "named": NamedAnswer.objects.across_programs().count(),
        "items": FeedbackItem.objects.across_programs().count(),
        "waiting": Event.objects.filter(finished_at__isnull=True).count(),
    }


if __name__ == "__main__":
    found = seed(int(sys.argv[2])) if sys.argv[1] == "seed" else count()
    sys.stdout.write(json.dumps(found) + "\n")
