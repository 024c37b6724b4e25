"""How long the main pages take on the server, and how much of it the gate of release takes."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from bench.report import Section, Size

FIGURES_ALONE = "what you will see"


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
    others = [row for row in rows if row.page != FIGURES_ALONE]
    says = (
        f"`bench pages`: the demo program of {size.partners} partners on SQLite, as its channel "
        "chief (the portal as a contact), seven requests each. `ms`: the middle, processor time. "
        "`release share`: of 1,000 looks at what is running, those inside the gate, with all it "
        "calls, queries included; goal at most 0.2 over all. What you will see is made of the "
        "gate's figures alone: beside them there is only the frame of the page."
    )
    told = [
        _together("all, weighed by time", rows),
        _together("all but the one made of figures alone", others),
    ]
    return [Section("pages", "Release: its share of the pages", says, [*rows, *told])]


def _together(name: str, rows: list[PageRow]) -> PageRow:
    total = sum(row.ms for row in rows)
    share = sum(row.ms * row.release_share for row in rows) / total
    return PageRow(name, total / len(rows), share)


SECTIONS = {"pages": pages}
