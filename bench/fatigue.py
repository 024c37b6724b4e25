"""Fatigue: campaigns, surveys, standing pulses and events for a year, through the product."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from bench.report import Section, Size


@dataclass(frozen=True, slots=True)
class FatigueRow:
    """What a year asked of everybody; the last figure has to be nothing."""

    people: int
    asks: int
    most_in_a_year: int
    least_days_apart: int
    other_mails: int
    least_days_from_any_mail: int
    after_events: int
    merged: int
    overtaken: int
    still_waiting: int
    without_reason: int


def fatigue(size: Size) -> list[Section]:
    """This will live through a year on SQLite: nobody above the budget, nothing without reason."""
    partners, days = (10, 100) if size.quick else (size.partners, 365)
    around = {k: v for k, v in os.environ.items() if not k.startswith("PARTNERLOOP_")}
    with TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", "bench.fatigue_run", str(partners), str(days)],
            env={**around, "PARTNERLOOP_HOME": home, "PARTNERLOOP_LOG_LEVEL": "warning"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    row = FatigueRow(**json.loads(done.stdout.splitlines()[-1]))
    says = (
        "`bench scenarios`: partners of eight people, two standing pulses, three surveys, three "
        "campaigns that try every five days, and an event a day at each tenth partner. Budget: 12 "
        "asks a year, 14 days apart, three days between an ask and any campaign mail."
    )
    return [Section("fatigue", "Fatigue: everybody wants something", says, [row])]
