"""Makes a world and tells what of it is visible; run by `bench.release` in a process of its own.

`small`: partners of one to eight contacts (2.9 on average), all seasoned, asked together every 28
days: the overall question and two of seven dimensions in turn. People answer 27 % of asks (each has
an inclination of their own) in the mode they prefer (20/70/10 named, confidential, anonymous) save
one answer in ten. Answers go through the product's own doors, ticks are its own weekly ticks.
`demo`: the demo program as it is loaded.
"""

import json
import math
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerloop.config.settings")
django.setup()

import numpy as np  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from partnerloop.core import clock, ids  # noqa: E402
from partnerloop.demo.loading import load  # noqa: E402
from partnerloop.demo.world import DEFAULT_SEED  # noqa: E402
from partnerloop.evidence.taking import take_all  # noqa: E402
from partnerloop.evidence.tick import tick  # noqa: E402
from partnerloop.loop.schedule import weekly_tick  # noqa: E402
from partnerloop.partners.models import (  # noqa: E402
    Affiliation,
    Contact,
    MailDomain,
    Partner,
    SegmentAttribute,
)
from partnerloop.programs.models import Mode, Program  # noqa: E402
from partnerloop.pulses.models import COMPOSITE, Metric  # noqa: E402
from partnerloop.pulses.stocking import stock  # noqa: E402
from partnerloop.release.visibility import Visibility, visibility  # noqa: E402
from partnerloop.responses.accepted import Accepted, AcceptedAnswer  # noqa: E402
from partnerloop.scores.refresh import refit_means  # noqa: E402

FIRST = datetime(2025, 11, 24, 9, 0, tzinfo=UTC)
WEEKS, ROUND = 53, 4
SIZES = (0.26, 0.25, 0.18, 0.12, 0.08, 0.05, 0.03, 0.03)
MODES = (Mode.NAMED, Mode.CONFIDENTIAL, Mode.ANONYMOUS)
MIX = (0.2, 0.7, 0.1)
OTHERWISE, ANSWERING, INCLINED = 0.1, 0.27, 0.5
BATCH = 500


@dataclass(frozen=True, slots=True)
class Person:
    """A contact with what they think, how inclined they are, and their two pseudonyms."""

    contact: int
    partner: int
    inclined: float
    lenient: float
    mode: int
    pseudonyms: tuple[UUID, UUID]


def main(kind: str, partners: int) -> None:
    """Print what is visible, and how long ticks took, as JSON."""
    call_command("migrate", verbosity=0)
    if kind == "demo":
        program, at = (
            load(at=clock.now(), seed=DEFAULT_SEED, partners=partners).program,
            clock.now(),
        )
        ticks: list[tuple[float, float]] = []
        whole = 0.0
    else:
        program, at = _small(partners), FIRST + timedelta(weeks=WEEKS)
        ticks, whole = _live(program, rng=np.random.default_rng(7))
    begun = time.perf_counter()
    told = visibility(program, at=at)
    page = time.perf_counter() - begun
    found = {
        "rows": list(_rows(told)),
        "tick_median": median(wall for wall, _ in ticks) if ticks else math.nan,
        "tick_longest": max((wall for wall, _ in ticks), default=math.nan),
        "tick_longest_cpu": max((cpu for _, cpu in ticks), default=math.nan),
        "week": whole,
        "page": page,
    }
    print(json.dumps(found))


def _rows(told: Visibility) -> Iterator[dict[str, object]]:
    for row in (*told.rows, told.total):
        seen = row.seen
        assert seen is not None
        yield {
            "contacts": row.label or "all",
            "companies": row.companies,
            "own": seen.own,
            "batch": seen.batch,
            "expected_batch": row.expected.batch,
            "batch_age_weeks": _or_nothing(seen.age),
            "within_30_days": _or_nothing(seen.soon),
            "within_90_days": _or_nothing(seen.later),
            "range": _or_nothing(seen.range),
            "range_after": _or_nothing(seen.range_after),
        }


def _or_nothing(value: float | None) -> float:
    return math.nan if value is None else value


def _small(count: int) -> Program:
    """Write the partners and their people, who joined long ago."""
    long_ago = FIRST - timedelta(days=400)
    program = Program.objects.create(
        slug="small",
        name="Small partners",
        vendor_name="Vendor",
        created_at=long_ago,
        asks_every_days=28,
        asks_a_year=13,
    )
    stock(program, at=long_ago)
    rng = np.random.default_rng(3)
    since = long_ago.date()
    partners = Partner.objects.bulk_create(
        [
            Partner(program=program, name=f"Firm {n}", joined_on=since, created_at=long_ago)
            for n in range(count)
        ],
        batch_size=BATCH,
    )
    MailDomain.objects.bulk_create(
        [MailDomain(program=program, partner=p, domain=f"firm{p.pk}.example") for p in partners],
        batch_size=BATCH,
    )
    places = {"type": ("reseller", "integrator", "agent"), "tier": ("gold", "silver", "bronze")}
    places["region"] = ("EMEA", "NA", "APAC")
    SegmentAttribute.objects.bulk_create(
        [
            SegmentAttribute(
                program=program, partner=p, key=key, value=str(rng.choice(values)), since=since
            )
            for p in partners
            for key, values in places.items()
        ],
        batch_size=BATCH,
    )
    sizes = rng.choice(len(SIZES), count, p=SIZES) + 1
    employers = [p for p, size in zip(partners, sizes, strict=True) for _ in range(size)]
    contacts = Contact.objects.bulk_create(
        [
            Contact(
                program=program,
                name=f"Person {n}",
                email=f"p{n}@firm{p.pk}.example",
                entered_at=long_ago,
                addressed_at=long_ago,
            )
            for n, p in enumerate(employers)
        ],
        batch_size=BATCH,
    )
    Affiliation.objects.bulk_create(
        [
            Affiliation(program=program, contact=c, partner=p, role="sales", since=since)
            for c, p in zip(contacts, employers, strict=True)
        ],
        batch_size=BATCH,
    )
    return program


def _live(program: Program, *, rng: np.random.Generator) -> tuple[list[tuple[float, float]], float]:
    """Let a year pass; return wall and CPU seconds of each tick, and of the last week's work."""
    people = list(_people(program, rng=rng))
    truth = {partner: rng.normal(7, 1.1) for partner in {one.partner for one in people}}
    dimensions = list(Metric.objects.of(program).values_list("key", flat=True))
    dimensions.remove(COMPOSITE)
    key, seconds = settings.PARTNERLOOP_BLUR_KEY.encode(), []
    for week in range(WEEKS):
        at = FIRST + timedelta(weeks=week)
        begun, worked = time.perf_counter(), time.process_time()
        tick(program, week=at.date(), key=key)
        seconds.append((time.perf_counter() - begun, time.process_time() - worked))
        if week % ROUND == 0 and week + ROUND <= WEEKS:
            turn = [dimensions[(2 * week // ROUND + n) % len(dimensions)] for n in (0, 1)]
            take_all(program, _round(program, people, truth, (COMPOSITE, *turn), at=at, rng=rng))
    last = FIRST + timedelta(weeks=WEEKS)
    refit_means(program, at=last - timedelta(days=1))
    begun = time.perf_counter()
    weekly_tick(program, last)
    return seconds, time.perf_counter() - begun


def _people(program: Program, *, rng: np.random.Generator) -> Iterator[Person]:
    rows = Affiliation.objects.of(program).values_list("contact_id", "partner_id")
    for contact, partner in rows:
        yield Person(
            contact=contact,
            partner=partner,
            inclined=float(1 / (1 + (1 / ANSWERING - 1) * np.exp(-rng.normal(0, INCLINED)))),
            lenient=float(rng.normal(0, 0.8)),
            mode=int(rng.choice(3, p=MIX)),
            pseudonyms=(ids.random_id(), ids.random_id()),
        )


def _round(
    program: Program,
    people: Sequence[Person],
    truth: dict[int, float],
    measures: Sequence[str],
    *,
    at: datetime,
    rng: np.random.Generator,
) -> list[Accepted]:
    """Ask everybody in the days after a Monday; anonymous answers count for no company."""
    said = []
    for one in people:
        if rng.random() >= one.inclined:
            continue
        mode = MODES[int(rng.choice(3, p=MIX)) if rng.random() < OTHERWISE else one.mode]
        if mode == Mode.ANONYMOUS:
            continue
        moment = at + timedelta(days=float(rng.uniform(0.1, 4)))
        values = rng.normal(truth[one.partner] + one.lenient, 1.25, len(measures))
        said.append(
            Accepted(
                response_id=ids.random_id(),
                program_id=program.pk,
                partner_id=one.partner,
                contact_id=one.contact if mode == Mode.NAMED else None,
                rater=one.pseudonyms[mode == Mode.NAMED],
                mode=mode,
                role="sales",
                place={},
                day=moment.date(),
                at=moment,
                answers=tuple(
                    AcceptedAnswer(ids.random_id(), measure, False, int(np.clip(round(v), 0, 10)))
                    for measure, v in zip(measures, values, strict=True)
                ),
                comment_ids=(),
                receipt_token="",
                is_change=False,
            )
        )
    return said


main(sys.argv[1], int(sys.argv[2]))
