"""How often links were opened, and how often by scanners: daily totals per pulse and mail domain.

Opening a page writes nothing into the database. It adds one to a count in the shared cache folder,
which a lock keeps right across processes; the scheduler turns counts into `ClickTotal` rows. A
count knows no person, no score and no time finer than a day.
"""

import fcntl
import json
import logging
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum

from partnerloop.integrations.models import ClickTotal
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation

FEWEST = 5  # people asked in a domain, below which domains are counted together
log = logging.getLogger(__name__)


class Click(StrEnum):
    """What happened to a link; the names of the columns of `ClickTotal`."""

    VISIT = "visits"
    TAP = "taps"
    BURST = "bursts"
    TRAP = "traps"
    SCRIPTED = "scripted"


def count(invitation: Invitation, click: Click, *, on: date) -> None:
    """This will add one to a total. Where the folder cannot be used, nothing is counted."""
    domain = invitation.contact.email.rpartition("@")[2].lower()
    key = "|".join((str(invitation.program_id), str(invitation.pulse_id), domain, click, f"{on}"))
    try:
        with _locked() as file:
            counts = _read(file)
            counts[key] += 1
            _write(file, counts)
    except OSError:
        log.exception("opened links cannot be counted")


def collect(program: Program, at: datetime) -> None:
    """This will turn the counts of a program into its daily totals."""
    mine = f"{program.pk}|"
    with _locked() as file:
        counts = _read(file)
        taken = Counter({key: n for key, n in counts.items() if key.startswith(mine)})
        if not taken:
            return
        _write(file, counts - taken)
    # outside the lock, so that nobody who opens a page waits for the database
    with transaction.atomic():
        _add(program, taken)


def _add(program: Program, taken: Counter[str]) -> None:
    for key, number in taken.items():
        _program, pulse, domain, click, day = key.split("|")
        asked = Invitation.objects.of(program).filter(pulse=int(pulse))
        people = asked.filter(contact__email__iendswith=f"@{domain}").values("contact").distinct()
        if not people:
            continue  # the pulse was removed in the meantime
        row, _new = ClickTotal.objects.of(program).get_or_create(
            pulse_id=int(pulse),
            domain=domain if len(people[:FEWEST]) == FEWEST else "",
            day=day,
            defaults={"program": program},
        )
        ClickTotal.objects.of(program).filter(pk=row.pk).update(**{click: F(click) + number})


@dataclass(frozen=True)
class Opened:
    """What happened to the links sent to one mail domain; without a name, to the smaller ones."""

    domain: str
    visits: int
    taps: int
    bursts: int
    traps: int
    scripted: int

    @property
    def has_scanner(self) -> bool:
        return bool(self.bursts or self.traps or self.scripted)


def opened(program: Program, *, since: date) -> list[Opened]:
    """Return per mail domain how often links were opened, and how often by scanners."""
    rows = ClickTotal.objects.of(program).filter(day__gte=since).values("domain")
    sums = rows.annotate(**{f"all_{click}": Sum(click.value) for click in Click})
    columns = sums.values_list("domain", *(f"all_{click}" for click in Click))
    return [Opened(*row) for row in columns.order_by("domain")]


@contextmanager
def _locked() -> Iterator[int]:
    """Hold the file of counts alone, without Python's buffers: every visit comes by here."""
    folder = str(settings.PARTNERLOOP_CACHE_FOLDER)
    path = f"{folder}/clicks.json"
    try:
        file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except FileNotFoundError:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _read(file: int) -> Counter[str]:
    try:
        return Counter(json.loads(os.pread(file, os.fstat(file).st_size, 0)))
    except ValueError:
        return Counter()  # nothing was counted yet, or the machine went down while it was written


def _write(file: int, counts: Counter[str]) -> None:
    text = json.dumps(counts).encode()
    os.ftruncate(file, os.pwrite(file, text, 0))
