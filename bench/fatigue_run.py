"""Lives through a year in which everybody wants something of everybody; prints counts as JSON."""

import json
import os
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerloop.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from partnerloop.loop.asking import NobodyToAsk, launch  # noqa: E402
from partnerloop.loop.occasions import Listening, ask_waiting, happened, listen  # noqa: E402
from partnerloop.loop.recurring import ask_again  # noqa: E402
from partnerloop.partners.models import Topic  # noqa: E402
from partnerloop.partners.reporting import Known, Occurred  # noqa: E402
from partnerloop.planning.models import OtherMail, WaitingAsk  # noqa: E402
from partnerloop.planning.other_mails import take_room  # noqa: E402
from partnerloop.pulses.models import Invitation  # noqa: E402
from tests import world as cast  # noqa: E402

PER_PARTNER = 8
ROLES = ("sales", "marketing", "technical", "executive", "operations")
LISTENED = {"onboarded": 30, "deal_won": 0, "ticket_closed": 7}
SURVEYS = (60, 61, 240)
CAMPAIGNS = ("spring", "summer", "autumn")
EVENTS_A_DAY = 0.1  # for each partner


def main(partners: int, days: int) -> None:
    """Ask, survey, campaign and report for so many days, then count."""
    call_command("migrate", verbosity=0)
    world = cast.make_world("fatigue")
    for number in range(partners):
        cast.company(world, f"Firm{number} Ltd", {"type": "reseller", "region": "EMEA"})
        for place in range(PER_PARTNER):
            name = f"P{place}x{number} Doe"
            cast.person(world, name, at=f"Firm{number} Ltd", role=ROLES[place % len(ROLES)])
    for kind, after in LISTENED.items():
        wanted = Listening(kind, kind, after, ["event_sell"])
        listen(wanted, by=world.priya, at=cast.MONDAY - timedelta(hours=1))
    launch(world.pulse("Monthly", every_days=31), by=world.priya, at=cast.MONDAY)
    launch_some(world)
    for day in range(1, days):
        live(world, day)
    print(json.dumps(count(world)))


def launch_some(world: cast.World) -> None:
    """Begin a second standing pulse, two weeks away from the first."""
    at = cast.MONDAY + timedelta(days=14)
    launch(world.pulse("Quarterly", every_days=91), by=world.priya, at=at)


def live(world: cast.World, day: int) -> None:
    """Live through one day."""
    at = cast.MONDAY + timedelta(days=day)
    partners = list(world.partners.values())
    for number in range(round(len(partners) * EVENTS_A_DAY)):
        partner = partners[(day * 7 + number * 13) % len(partners)]
        kind = tuple(LISTENED)[(day + number) % len(LISTENED)]
        happened(world.program, Occurred(kind, Known(number=partner.pk), at), at=at)
    if day in SURVEYS:
        try:
            launch(world.pulse(f"Survey {day}"), by=world.priya, at=at)
        except NobodyToAsk:
            return
    ask_again(world.program, at)
    ask_waiting(world.program, at)
    if day % 5 == 0:
        people = [person.pk for person in world.people.values()]
        for name in CAMPAIGNS:
            key = f"{name} {day // 60}"
            take_room(world.program, people, topic=Topic.CAMPAIGNS, key=key, at=at)


def count(world: cast.World) -> dict[str, int]:
    """Count what happened, and whatever is above the budget or without a reason."""
    asked: dict[int, list[date]] = defaultdict(list)
    for contact, at in Invitation.objects.of(world.program).values_list("contact_id", "asked_at"):
        asked[contact].append(at.date())
    mailed: dict[int, list[date]] = defaultdict(list)
    for contact, at in OtherMail.objects.of(world.program).values_list("contact_id", "at"):
        mailed[contact].append(at.date())
    waiting = list(WaitingAsk.objects.of(world.program).select_related("invitation"))
    states = Counter(ask.state for ask in waiting)
    merged = [one for one in waiting if one.invitation and one.invitation.pulse_id != one.pulse_id]
    lost = [
        one
        for one in waiting
        if (one.state == "asked" and one.invitation_id is None)
        or (one.state in ("overtaken", "dropped") and not one.reason)
    ]
    return {
        "people": len(world.people),
        "asks": sum(map(len, asked.values())),
        "most_in_a_year": max(map(len, asked.values())),
        "least_days_apart": min(_gaps(days) for days in asked.values()),
        "other_mails": sum(map(len, mailed.values())),
        "least_days_from_any_mail": min(
            _gaps([*days, *mailed[contact]]) for contact, days in asked.items()
        ),
        "after_events": len(waiting),
        "merged": len(merged),
        "overtaken": states["overtaken"],
        "still_waiting": states["waiting"],
        "without_reason": len(lost),
    }


def _gaps(days: list[date]) -> int:
    return min(((b - a).days for a, b in pairwise(sorted(days))), default=366)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
