"""Loading the demo program: a year of a partner program, written through the real doors in bulk."""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.conf import settings
from django.db import connection, transaction

from partnerloop.demo.comments import Voice
from partnerloop.demo.scenario import Scenario
from partnerloop.demo.world import DEFAULT_SEED, World, build
from partnerloop.demo.writing.asks import write_asks
from partnerloop.demo.writing.ecosystem import write_ecosystem
from partnerloop.demo.writing.feedback import write_feedback
from partnerloop.demo.writing.guesses import write_guesses
from partnerloop.demo.writing.money import write_money
from partnerloop.demo.writing.objectives import write_objectives
from partnerloop.demo.writing.occasions import write_occasions
from partnerloop.demo.writing.reported import write_signals
from partnerloop.demo.writing.staff import DemoAlreadyLoaded, Staff, write_staff
from partnerloop.demo.writing.visits import write_visits
from partnerloop.loop.replaying import replay
from partnerloop.programs.models import Program

__all__ = ["DemoAlreadyLoaded", "LoadedDemo", "load", "load_world"]


@dataclass(frozen=True, slots=True, eq=False)
class LoadedDemo:
    """A demo program in the database, beside the world that it was written from.

    `world.truth` is for tests and benchmarks; `partner_ids` and `contact_ids` lead from the world's
    companies and people to their rows.
    """

    program: Program
    world: World
    staff: Staff
    partner_ids: tuple[int, ...]
    contact_ids: tuple[int, ...]
    invitations: int
    responses: int
    comments: int


def load(
    *, at: datetime, seed: int = DEFAULT_SEED, partners: int = 300, mix: str = "50/40"
) -> LoadedDemo:
    """This will write the demo program of a size and mix of modes, its year ending at `at`."""
    scenario = Scenario(partners=partners, mix=mix)
    return load_world(build(scenario, at=at, seed=seed), seed=seed)


@transaction.atomic
def load_world(world: World, *, seed: int) -> LoadedDemo:
    """This will write a world down, all of it or nothing."""
    words, feedback, numbers, guesses, visits, signals = (
        np.random.default_rng(child) for child in np.random.SeedSequence([seed, 1]).spawn(6)
    )

    def new_id() -> uuid.UUID:
        return uuid.UUID(bytes=numbers.bytes(16), version=4)

    staff = write_staff(world)
    objective = write_objectives(staff, at=world.at)
    ecosystem = write_ecosystem(world, staff)
    write_money(world, staff.program, ecosystem)
    asking = write_asks(
        world, staff, ecosystem, objective=objective, voice=Voice(words), new_id=new_id
    )
    released = replay(
        staff.program,
        asking.accepted,
        at=world.at,
        key=settings.PARTNERLOOP_BLUR_KEY.encode(),
        rng=random.Random(seed),
        rounds=asking.rounds,
    )
    write_guesses(ecosystem, at=world.at, rng=guesses)
    write_occasions(world, staff, ecosystem)
    write_signals(world, staff, ecosystem, rng=signals)
    write_visits(asking.invitations, at=world.at, rng=visits)
    write_feedback(released, asking.topics, staff, ecosystem, at=world.at, rng=feedback)
    let_the_database_count()
    return LoadedDemo(
        program=staff.program,
        world=world,
        staff=staff,
        partner_ids=tuple(partner.pk for partner in ecosystem.partners),
        contact_ids=tuple(contact.pk for contact in ecosystem.contacts),
        invitations=len(asking.invitations),
        responses=len(world.asks.answered),
        comments=len(asking.topics),
    )


def let_the_database_count() -> None:
    """This will renew the statistics that queries are planned by, which a year at once outdates."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
