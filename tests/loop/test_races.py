"""Asking at the same moment: eight processes, one budget."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection

from partnerloop.loop.asking import NobodyToAsk, launch
from partnerloop.loop.occasions import Listening, ask_waiting, happened, listen
from partnerloop.partners.reporting import Known, Occurred
from partnerloop.planning.models import WaitingAsk
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation, Pulse
from tests.world import MONDAY, World, company, make_world, person

ONE = """
import os, sys
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from tests.loop.test_races import work
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
print(work(sys.argv[2]), flush=True)
"""


def work(task: str) -> str:
    """Do one task: launch the pulse of a number, or ask whoever waits."""
    if task == "waiting":
        ask_waiting(Program.objects.get(), MONDAY)
        return "asked"
    pulse = Pulse.objects.across_programs().select_related("program").get(pk=int(task))
    try:
        launch(pulse, by=None, at=MONDAY)
    except NobodyToAsk:
        return "nobody"
    return "asked"


def at_once(tasks: Sequence[str]) -> list[str]:
    """Do all tasks at the same moment, a process each, and return what each came to."""
    name = str(connection.settings_dict["NAME"])
    around = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", ONE, name, task],
            env=around,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for task in tasks
    ]
    for one in begun:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    for one in begun:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    found = [one.communicate(timeout=120)[0].strip() for one in begun]
    assert [one.returncode for one in begun] == [0] * len(tasks)
    return found


def large_world() -> World:
    world = make_world()
    for number in range(40):
        company(world, f"More{number} Ltd", {"region": "EMEA"})
        person(world, f"P{number} Test", at=f"More{number} Ltd", role="sales")
    return world


def asked(world: World) -> list[int]:
    return list(Invitation.objects.of(world.program).values_list("contact_id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_eight_launches_at_once_never_ask_anybody_twice() -> None:
    world = large_world()
    pulses = [world.pulse(f"Pulse {number}", people_to_ask=8) for number in range(8)]
    told = at_once([str(pulse.pk) for pulse in pulses])
    found = asked(world)
    assert len(found) == len(set(found)) == 47  # everybody once: five pulses of eight, then seven
    assert sorted(told) == ["asked"] * 6 + ["nobody"] * 2


@pytest.mark.django_db(transaction=True)
def test_launches_and_asks_after_events_at_once_spend_one_budget() -> None:
    world = large_world()
    earlier = MONDAY - timedelta(days=1)
    listen(Listening("Deals", "deal_won", 0, ["event_sell"]), by=world.priya, at=earlier)
    for number in range(20):
        partner = Known(number=world.partners[f"More{number} Ltd"].pk)
        happened(world.program, Occurred("deal_won", partner, earlier), at=earlier)
    pulses = [world.pulse(f"Pulse {number}", people_to_ask=12) for number in range(4)]
    at_once([task for pulse in pulses for task in (str(pulse.pk), "waiting")])
    found = asked(world)
    assert len(found) == len(set(found)) == 47
    states = WaitingAsk.objects.of(world.program).values_list("state", flat=True)
    assert sorted(states) == ["asked"] * 20  # in its own ask, or along with the pulse
