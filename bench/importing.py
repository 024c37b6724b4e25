"""Time and memory of an import: the command itself, in a fresh installation, on SQLite."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.report import Section, Size

PEOPLE = 100_000
PER_PARTNER = 8
# Runs a command of ours and tells the largest memory it held.
MEASURED = """
import resource, sys
from partnerloop.cli.main import main
try:
    main(sys.argv[1:])
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{used.ru_maxrss / 1000:.0f} {used.ru_utime + used.ru_stime:.2f}", file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One run of `partnerloop import`: seconds of the wall clock and of the processor."""

    step: str
    contacts: int
    partners: int
    file_mb: float
    seconds: float
    cpu_s: float
    peak_mb: float


def contacts(size: Size) -> list[Section]:
    """This will import contacts with their partners: checked, saved, and the same once more."""
    people = PEOPLE // 10 if size.quick else PEOPLE
    with TemporaryDirectory() as folder:
        home, file = Path(folder) / "home", Path(folder) / "contacts.csv"
        write(file, people=people)
        run(home, "migrate")
        run(home, "add-program", "bench", "--owner", "owner@vendor.example")
        asked = ("import", str(file), "--program", "bench", "--kind", "contacts")
        rows = [
            _row("dry run", file, people, run(home, *asked)),
            _row("dry run and save", file, people, run(home, *asked, "--confirm")),
            _row("the same again", file, people, run(home, *asked, "--confirm")),
        ]
    says = (
        "`bench importing`: contacts of Salesforce's columns with ids, one partner per eight, from "
        "CSV into SQLite by the command `partnerloop import`, start of the process included. The "
        "aim is 60 seconds and 500 MB for 100,000."
    )
    return [Section("importing", "Importing contacts", says, rows)]


SECTIONS: dict[str, Callable[[Size], list[Section]]] = {"contacts": contacts}


@dataclass(frozen=True, slots=True)
class Run:
    """What one command took."""

    seconds: float
    cpu: float
    peak: float


def run(home: Path, *words: str) -> Run:
    """This will run a command of the product with a data directory of its own."""
    around = {k: v for k, v in os.environ.items() if not k.startswith("PARTNERLOOP_")}
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *words],
        env={**around, "PARTNERLOOP_HOME": str(home), "PARTNERLOOP_LOG_LEVEL": "warning"},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - begin
    if done.returncode:
        raise RuntimeError(done.stderr)
    peak, cpu = done.stderr.split()[-2:]
    return Run(seconds, float(cpu), float(peak))


def write(path: Path, *, people: int) -> None:
    """This will write a file of invented contacts."""
    roles = ("Sales Manager", "Marketing Lead", "Engineer", "Managing Director", "Office")
    with path.open("w", encoding="utf-8") as file:
        print("Id,FirstName,LastName,Email,Title,AccountId,Account Name,Region", file=file)
        for n in range(people):
            firm = n // PER_PARTNER
            print(
                f"003{n:015d},Ana{n % 997},Keller{n},ana{n}@firm{firm}.example,"
                f"{roles[n % 5]},001{firm:015d},Firm {firm} Systems,{('NA', 'EMEA')[firm % 2]}",
                file=file,
            )


def _row(step: str, file: Path, people: int, took: Run) -> ImportRow:
    return ImportRow(
        step=step,
        contacts=people,
        partners=-(-people // PER_PARTNER),
        file_mb=file.stat().st_size / 1e6,
        seconds=took.seconds,
        cpu_s=took.cpu,
        peak_mb=took.peak,
    )
