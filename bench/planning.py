"""Time and memory of planning one pulse in a large program: who, what and why; on SQLite."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.report import Section, Size

PEOPLE = 100_000
ASKS = 4  # each contact was asked so often in the last year


@dataclass(frozen=True, slots=True)
class PlanningRow:
    """One plan: people who could be asked, people drawn, seconds of wall clock and processor."""

    contacts: int
    asks_before: int
    drawn: int
    seconds: float
    cpu_s: float
    peak_mb: float


def pulses(size: Size) -> list[Section]:
    """This will plan a pulse that draws one person in twenty, and one that asks everybody."""
    people = PEOPLE // 20 if size.quick else PEOPLE
    with TemporaryDirectory() as folder:
        home = Path(folder)
        _run(home, "make", people, ASKS)
        rows = [_row(people, _run(home, "look", drawn)) for drawn in (people // 20, 0)]
    says = (
        "`bench planning`: one plan as the preview and the launch make it, budget, draw and "
        "questions, in a program whose contacts were asked four times in the last year, a third of "
        "it answered; one process, start not included. The aim is 10 seconds of the processor and "
        "1 GB for 100,000 contacts. Where the clock tells more than the processor, other programs "
        "ran beside."
    )
    return [Section("planning", "Planning a pulse", says, rows)]


SECTIONS: dict[str, Callable[[Size], list[Section]]] = {"pulses": pulses}


def _row(people: int, told: dict[str, float]) -> PlanningRow:
    return PlanningRow(
        contacts=people,
        asks_before=people * ASKS,
        drawn=int(told["chosen"]),
        seconds=told["seconds"],
        cpu_s=told["cpu_s"],
        peak_mb=told["peak_mb"],
    )


def _run(home: Path, step: str, *numbers: int) -> dict[str, float]:
    around = {k: v for k, v in os.environ.items() if not k.startswith("PARTNERLOOP_")}
    done = subprocess.run(
        [sys.executable, "-m", "bench.planning_seed", step, *map(str, numbers)],
        env={**around, "PARTNERLOOP_HOME": str(home), "PARTNERLOOP_LOG_LEVEL": "warning"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1]) if step == "look" else {}
    return found
