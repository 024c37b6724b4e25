"""What release shows of a program, by number of contacts, and what a weekly tick costs.

It prints what the page "what you will see" tells: for the demo program, and for a year of small
partners as in the study behind the rules. The goals stand at the sections.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from typing import Any

from bench.report import Section, Size

DEMO_PARTNERS = 300


@dataclass(frozen=True, slots=True)
class VisibilityRow:
    """Companies of one size: shares of 0-1, ages in weeks, half ranges in points."""

    contacts: str
    companies: int
    own: float
    batch: float
    expected_batch: float
    batch_age_weeks: float
    within_30_days: float
    within_90_days: float
    range: float
    range_after: float


@dataclass(frozen=True, slots=True)
class TickRow:
    """Seconds: cutting atoms (wall, and processor), all of a week's work, the page's figures."""

    partners: int
    tick_median: float
    tick_longest: float
    tick_longest_cpu: float
    whole_week: float
    visibility_page: float


def small(size: Size) -> list[Section]:
    """This will tell what is visible of small partners after a year, and time the ticks."""
    found = _world("small", size.partners)
    says = (
        f"`bench release`: {size.partners:,} partners of 1-8 contacts, a year of asking everybody "
        "every 28 days, 27% answered, 20/70/10 named, confidential, anonymous, an overall question "
        "in each pulse, seasoning on, the product's own ticks. `batch`: share of companies with an "
        "atom of the last 182 days; goal at least 0.25 of all, 0.5, 0.7, 0.9 at 4, 5-6, 7-8 "
        "contacts. `own`: with a figure of their own, named answers included. `expected batch`: "
        "what the page foretells. Delays: share of weeks a change in which showed in time."
    )
    ticks = (
        "`bench release`: the same world on SQLite. A tick reads all that waits, cuts atoms and "
        "writes them; a whole week's work scores, keeps the week and watches besides. Goal for the "
        "tick: 10 s. Seconds of the wall clock, on a machine with other work; `cpu` are processor "
        "seconds of the slowest tick."
    )
    row = TickRow(
        size.partners,
        found["tick_median"],
        found["tick_longest"],
        found["tick_longest_cpu"],
        found["week"],
        found["page"],
    )
    return [
        Section("release-small", "Release: what is visible of small partners", says, _rows(found)),
        Section("release-tick", "Release: a weekly tick", ticks, [row]),
    ]


def demo(_: Size) -> list[Section]:
    """This will tell what is visible of the demo program, as its page does."""
    says = (
        f"`bench release`: the demo program of {DEMO_PARTNERS} partners as it is loaded, 50/40/10 "
        "named, confidential, anonymous. Columns as above."
    )
    rows = _rows(_world("demo", DEMO_PARTNERS))
    return [Section("release-demo", "Release: what is visible of the demo program", says, rows)]


SECTIONS = {"small": small, "demo": demo}


def _rows(found: dict[str, Any]) -> list[VisibilityRow]:
    return [VisibilityRow(**row) for row in found["rows"]]


@cache
def _world(kind: str, partners: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="partnerloop-bench-") as home:
        done = subprocess.run(
            [sys.executable, "-m", "bench.release_world", kind, str(partners)],
            env={**os.environ, "PARTNERLOOP_HOME": home, "PARTNERLOOP_DATABASE_URL": ""},
            stdout=subprocess.PIPE,
            check=True,
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
