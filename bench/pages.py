"""How long the main pages take on the server, and how much of it the gate of release takes."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from bench.report import Section, Size


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page: milliseconds on the server, and the share of them below the gate."""

    page: str
    ms: float
    release_share: float


def pages(size: Size) -> list[Section]:
    """This will load the demo program and time its pages, one request at a time."""
    with tempfile.TemporaryDirectory(prefix="partnerloop-bench-") as home:
        done = subprocess.run(
            [sys.executable, "-m", "bench.pages_world", str(size.partners)],
            env={**os.environ, "PARTNERLOOP_HOME": home, "PARTNERLOOP_DATABASE_URL": ""},
            stdout=subprocess.PIPE,
            check=True,
        )
    rows = [PageRow(**row) for row in json.loads(done.stdout.splitlines()[-1])]
    mean = sum(row.ms * row.release_share for row in rows) / sum(row.ms for row in rows)
    all_pages = PageRow("all, weighed by time", sum(row.ms for row in rows) / len(rows), mean)
    says = (
        f"`bench pages`: the demo program of {size.partners} partners on SQLite, as its channel "
        "chief (the portal as a contact), seven requests each. `ms`: the middle, processor time. "
        "`release share`: of a profile, the time below calls into the gate, queries included; "
        "goal at most 0.2 over all."
    )
    return [Section("pages", "Release: its share of the pages", says, [*rows, all_pages])]


SECTIONS = {"pages": pages}
