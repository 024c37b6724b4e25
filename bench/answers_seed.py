"""Makes the program that `bench.answers` sends responses to; prints the invitations as JSON."""

import json
import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerloop.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from partnerloop.core import clock, ids  # noqa: E402
from partnerloop.pulses.models import Invitation, Wording  # noqa: E402
from partnerloop.pulses.tokens import invitation_token  # noqa: E402
from partnerloop.scores.refresh import rebuild  # noqa: E402
from tests import world as cast  # noqa: E402

FIRMS = 60
PEOPLE = 5
ASKED = (
    "partnerscore",
    "communication_accuracy",
    "conflict_fairness",
    "communication_open_low",
)


def main(count: int) -> None:
    """Write 60 partners of five people and `count` open invitations."""
    call_command("migrate", verbosity=0)
    world = cast.make_world("bench")
    for number in range(FIRMS):
        place = {"type": "reseller", "tier": ("gold", "silver")[number % 2], "region": "EMEA"}
        cast.company(world, f"Firm{number} Ltd", place)
        for place_number in range(PEOPLE):
            cast.person(
                world, f"P{place_number}x{number} Doe", at=f"Firm{number} Ltd", role="sales"
            )
    now = clock.now()
    rebuild(world.program, at=now)
    people = [one for one in world.people.values() if one.name.endswith("Doe")]
    keys = {
        w.question.key: w.pk
        for w in Wording.objects.of(world.program).filter(language="en").select_related("question")
    }
    asked = [keys[key] for key in ASKED]
    rows = []
    for number in range(count):
        person = people[number % len(people)]
        if number % len(people) == 0:
            pulse = world.pulse(
                name=f"Round {number}",
                modes=["named", "confidential"],
                launched_at=now - timedelta(days=1),
                closes_at=now + timedelta(days=20),
            )
        pk = ids.random_id()
        rows.append(
            Invitation(
                id=pk,
                program=world.program,
                pulse=pulse,
                contact=person,
                partner_id=person.affiliations.get().partner_id,
                role="sales",
                token_hash=ids.token_hash(invitation_token(pk)),
                asked=asked,
                asked_at=now - timedelta(days=1),
                expires_at=now + timedelta(days=20),
            )
        )
    Invitation.objects.bulk_create(rows, batch_size=500)
    found = [
        {"token": invitation_token(row.pk), "rated": asked[:3], "open": asked[3]} for row in rows
    ]
    print(json.dumps(found))


main(int(sys.argv[1]))
