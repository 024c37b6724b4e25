"""What the demo program's own systems report: portal logins by week, days until registrations."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
from numpy.random import Generator

from partnerloop.alerts.limiting import Limiting, set_limit
from partnerloop.alerts.models import SignalLimit
from partnerloop.core.clock import start_of
from partnerloop.demo.scenario import YEAR
from partnerloop.demo.world import World
from partnerloop.demo.writing.ecosystem import Ecosystem
from partnerloop.demo.writing.staff import Staff
from partnerloop.loop.occasions import Listening, listen
from partnerloop.loop.signalling import look_at_signals
from partnerloop.partners.models import Signal

BATCH = 500
WEEK, STAYED_AWAY, SET = 7, 40, timedelta(days=60)
LOGINS = Limiting("portal_login", "sum", 30, "below", Decimal(1), "alert")
REGISTRATION = Limiting("registration_days", "mean", 90, "above", Decimal(15), "pulse")
SLOW = Listening("Slow registrations", "", 3, ("touch_deal_registration",))


def write_signals(world: World, staff: Staff, ecosystem: Ecosystem, *, rng: Generator) -> None:
    """This will write a year of signals, set a limit of each sort, and look at them once.

    One partner in a hundred, and at least one, has not been seen in the portal for 40 days.
    """
    Signal.objects.bulk_create(
        [*_logins(world, staff, ecosystem, rng=rng), *_registrations(world, staff, ecosystem)],
        batch_size=BATCH,
    )
    by, since = staff.chief, world.at - SET
    set_limit(LOGINS, by=by, at=since)
    slow: SignalLimit = set_limit(REGISTRATION, by=by, at=since)
    listen(replace(SLOW, on_event=slow.event), by=by, at=since)
    look_at_signals(staff.program, world.at)


def _logins(world: World, staff: Staff, ecosystem: Ecosystem, *, rng: Generator) -> list[Signal]:
    """Return one signal a week and partner: larger companies log in more, each at its own pace."""
    people = np.array([company.contacts for company in world.companies])
    pace = people * rng.lognormal(0, 0.5, len(people))
    weeks = range(3, YEAR, WEEK)
    counts = 1 + rng.poisson(pace, (len(weeks), len(people)))
    there = [place for place, one in enumerate(world.companies) if one.ended_day is None]
    away = set(rng.choice(there, max(1, len(people) // 100), replace=False).tolist())
    return [
        _signal(staff, ecosystem, place, LOGINS.kind, _evening(world, day), int(count))
        for day, row in zip(weeks, counts, strict=True)
        for place, count in enumerate(row)
        if world.companies[place].is_active(day)
        and not (place in away and day >= YEAR - STAYED_AWAY)
    ]


def _registrations(world: World, staff: Staff, ecosystem: Ecosystem) -> list[Signal]:
    """Return how long each registration of the year's deals took, on the day it was decided."""
    return [
        _signal(
            staff,
            ecosystem,
            deal.company,
            REGISTRATION.kind,
            deal.decided_at,
            round((deal.decided_at - deal.registered_at) / timedelta(days=1), 1),
        )
        for deal in world.business.deals
        if deal.decided_at is not None
    ]


def _signal(
    staff: Staff, ecosystem: Ecosystem, place: int, kind: str, at: datetime, value: float
) -> Signal:
    return Signal(
        program=staff.program,
        partner=ecosystem.partners[place],
        kind=kind,
        at=at,
        value=Decimal(str(value)),
    )


def _evening(world: World, day: int) -> datetime:
    return start_of(world.first_day + timedelta(days=day)) + timedelta(hours=18)
