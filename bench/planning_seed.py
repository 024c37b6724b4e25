"""Makes the program that `bench.planning` plans in, and plans once; prints what it took as JSON."""

import json
import os
import resource
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerloop.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from partnerloop.core import clock, ids  # noqa: E402
from partnerloop.core.clock import week_of  # noqa: E402
from partnerloop.partners.models import (  # noqa: E402
    Affiliation,
    Contact,
    Partner,
    SegmentAttribute,
)
from partnerloop.planning.preview import plan  # noqa: E402
from partnerloop.pulses.models import Invitation, Pulse, Wording  # noqa: E402
from partnerloop.responses.participation import Participation  # noqa: E402
from partnerloop.scores.refresh import rebuild  # noqa: E402
from tests import world as cast  # noqa: E402

PER_PARTNER = 8
ROLES = ("sales", "marketing", "technical", "executive", "operations")
ASKED = (
    ("partnerscore", "communication_accuracy", "conflict_fairness"),
    ("partnerscore", "cooperation_planning", "credibility_support"),
)
ANSWERED = 0.33
BATCH = 5000


def make(people: int, asks: int) -> None:
    """Write partners of eight people each, who were all asked `asks` times in a year."""
    call_command("migrate", verbosity=0)
    world = cast.make_world("bench")
    with transaction.atomic():
        partners = _partners(world, -(-people // PER_PARTNER))
        contacts = _contacts(world, partners, people)
        _asks(world, contacts, asks)
    rebuild(world.program, at=clock.now())


def look(people_to_ask: int) -> None:
    """Plan one pulse as its preview does: who may be asked, who is drawn, who is asked what."""
    program = Pulse.objects.across_programs().order_by("pk").first()
    assert program is not None
    pulse = Pulse(
        program=program.program,
        name="Planned",
        modes=["named", "confidential"],
        people_to_ask=people_to_ask or None,
        seed=11,
    )
    begun, used = time.perf_counter(), time.process_time()
    found = plan(pulse, at=clock.now())
    told = {
        "seconds": time.perf_counter() - begun,
        "cpu_s": time.process_time() - used,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "chosen": len(found.chosen),
    }
    print(json.dumps(told))


def _partners(world: cast.World, count: int) -> list[Partner]:
    since = cast.LONG_AGO.date()
    made = Partner.objects.bulk_create(
        [
            Partner(
                program=world.program,
                name=f"Firm {number}",
                joined_on=since,
                created_at=cast.LONG_AGO,
            )
            for number in range(count)
        ],
        batch_size=BATCH,
    )
    SegmentAttribute.objects.bulk_create(
        [
            SegmentAttribute(
                program=world.program, partner=partner, key=key, value=value, since=since
            )
            for number, partner in enumerate(made)
            for key, value in (
                ("type", ("reseller", "integrator", "distributor")[number % 3]),
                ("tier", ("gold", "silver")[number % 2]),
                ("region", ("EMEA", "NA", "APAC")[number % 3]),
            )
        ],
        batch_size=BATCH,
    )
    return made


def _contacts(world: cast.World, partners: list[Partner], count: int) -> list[Affiliation]:
    people = Contact.objects.bulk_create(
        [
            Contact(
                program=world.program,
                name=f"Ana{number} Keller",
                email=f"ana{number}@firm{number // PER_PARTNER}.example",
                entered_at=cast.LONG_AGO,
                addressed_at=cast.LONG_AGO,
            )
            for number in range(count)
        ],
        batch_size=BATCH,
    )
    return Affiliation.objects.bulk_create(
        [
            Affiliation(
                program=world.program,
                contact=person,
                partner=partners[number // PER_PARTNER],
                role=ROLES[number % len(ROLES)],
                since=cast.LONG_AGO.date(),
            )
            for number, person in enumerate(people)
        ],
        batch_size=BATCH,
    )


def _asks(world: cast.World, places: list[Affiliation], asks: int) -> None:
    now = clock.now()
    keys = dict(
        Wording.objects.of(world.program).filter(language="en").values_list("question__key", "pk")
    )
    for number in range(asks):
        at = now - timedelta(days=20 + number * 330 // asks)
        pulse = world.pulse(
            f"Round {number}",
            modes=["named", "confidential"],
            launched_at=at,
            closes_at=at + timedelta(days=28),
        )
        asked = [keys[key] for key in ASKED[number % len(ASKED)]]
        for start in range(0, len(places), BATCH):
            made = Invitation.objects.bulk_create(
                Invitation(
                    program=world.program,
                    pulse=pulse,
                    contact_id=place.contact_id,
                    partner_id=place.partner_id,
                    role=place.role,
                    token_hash=ids.token_hash(f"{number}:{place.contact_id}"),
                    asked=asked,
                    asked_at=at,
                    expires_at=at + timedelta(days=28),
                    propensity=1.0,
                    reason="drawn",
                )
                for place in places[start : start + BATCH]
            )
            Participation.objects.bulk_create(
                Participation(program=world.program, invitation=one, week=week_of(at.date()))
                for one in made[:: round(1 / ANSWERED)]
            )


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), int(sys.argv[3]))
    else:
        look(int(sys.argv[2]))
