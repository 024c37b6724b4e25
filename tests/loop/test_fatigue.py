"""Fatigue: campaigns, surveys, standing pulses and events at once; one budget, nothing lost."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from partnerloop.loop.asking import NobodyToAsk, launch
from partnerloop.loop.occasions import Listening, ask_waiting, happened, listen
from partnerloop.loop.recurring import ask_again
from partnerloop.partners.models import Topic
from partnerloop.partners.reporting import Known, Occurred
from partnerloop.planning.models import OtherMail, WaitingAsk
from partnerloop.planning.other_mails import take_room
from partnerloop.pulses.models import Invitation
from tests.world import MONDAY, World

DAYS = 200
LISTENED = ("deal_won", "ticket_closed", "onboarded")
SURVEYS = {20: "Annual", 21: "NPS", 110: "Annual again"}
CAMPAIGNS = {0: "spring", 1: "summer", 2: "autumn"}


@pytest.fixture
def busy(world: World) -> World:
    """Half a year in which everybody wants something of everybody."""
    for kind, days in zip(LISTENED, (0, 7, 30), strict=True):
        wanted = Listening(kind, kind, days, ["event_sell"])
        listen(wanted, by=world.priya, at=MONDAY - timedelta(hours=1))
    launch(world.pulse("Fortnight", every_days=14), by=world.priya, at=MONDAY)
    partners = list(world.partners.values())
    people = [person.pk for person in world.people.values()]
    for day in range(1, DAYS):
        at = MONDAY + timedelta(days=day)
        for number, kind in enumerate(LISTENED):
            if day % (9 + number) == 0:
                partner = Known(number=partners[(day + number) % 3].pk)
                happened(world.program, Occurred(kind, partner, at), at=at)
        if day in SURVEYS:
            _survey(world, SURVEYS[day], at=at)
        ask_again(world.program, at)
        ask_waiting(world.program, at)
        for number, name in CAMPAIGNS.items():
            key = f"{name} {day // 40}"
            if day % 40 >= number:  # three campaigns, each tried daily until all have had it
                take_room(world.program, people, topic=Topic.CAMPAIGNS, key=key, at=at)
    return world


def _survey(world: World, name: str, *, at) -> None:
    try:
        launch(world.pulse(name), by=world.priya, at=at)
    except NobodyToAsk:
        return


def test_nobody_is_above_the_budget_and_nothing_vanishes(busy: World) -> None:
    program = busy.program
    for person in busy.people.values():
        asks = Invitation.objects.of(program).filter(contact=person).order_by("asked_at")
        asked = [at.date() for at in asks.values_list("asked_at", flat=True)]
        gaps = [(later - earlier).days for earlier, later in pairwise(asked)]
        assert min(gaps) >= program.asks_every_days
        assert len(asked) <= program.asks_a_year
        mails = OtherMail.objects.of(program).filter(contact=person).order_by("at")
        written = [at.date() for at in mails.values_list("at", flat=True)]
        assert written, "campaigns find their room between the asks"
        for earlier, later in pairwise(sorted([*asked, *written])):
            assert (later - earlier).days >= 3
        for first in written:
            month = [day for day in written if 0 <= (day - first).days < 30]
            assert len(month) <= 2
    waiting = WaitingAsk.objects.of(program)
    states = Counter(waiting.values_list("state", flat=True))
    assert states["asked"] > 20
    assert waiting.filter(state="asked", invitation=None).count() == 0
    closed = waiting.exclude(state__in=("asked", "waiting"))
    assert closed.filter(reason="").count() == 0
    late = waiting.filter(state="waiting", due_on__lt=(MONDAY + timedelta(days=DAYS - 62)).date())
    assert late.count() == 0  # asked, merged, or closed with its reason
    merged = [ask for ask in waiting.filter(state="asked") if ask.invitation.pulse != ask.pulse]
    assert merged, "what waits goes along with the next pulse"
