"""The ledger that a world would have led to, by the product's own rules, with who is in each atom.

Nothing is stored: the rules of `evidence.tick` and `evidence.seasoning` run on rows in memory.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np

from partnerloop.core.clock import start_of
from partnerloop.engine.layout import Floats, Ints
from partnerloop.evidence.models import PendingAnswer
from partnerloop.evidence.seasoning import SeasoningRules, is_seasoned
from partnerloop.evidence.tick import EXPIRY, Draft, atom_of, cut
from partnerloop.partners.models import Contact
from partnerloop.partners.segmenting import Place
from partnerloop.programs.models import Program
from partnerloop.release.adversary.worlds import CONFIDENTIAL, ITEMS, Answers, Simulated

FIRST_MONDAY = date(2024, 1, 1)
LONG_AGO = datetime(2022, 1, 1, tzinfo=UTC)
KEY = b"a key that the attacker does not know"
TIERS, TYPES, REGIONS = ("gold", "silver"), ("reseller", "integrator"), ("EMEA", "AMER")


@dataclass(frozen=True, slots=True)
class Line:
    """A figure that was published, and the answers in it, as indices of the world's answers.

    It is their plain mean, unless each has a weight; and as it was rounded, unless it was inferred.
    """

    value: float
    blur_sd: float
    members: Ints
    day: int = 0
    weights: Floats | None = None
    is_company: bool = False
    is_exact: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """The ledger of a world, and which answers were ever waiting or counted as confidential."""

    lines: list[Line]
    taken: Ints


Eligible = Callable[[int, date], bool]


def ledger(
    world: Simulated, program: Program, *, made_up: Ints | None = None, entered_week: int = 0
) -> Published:
    """Run a year of ticks. People of `made_up` were entered by their partner's own manager."""
    seasoned = _seasoning(world, program, made_up=made_up, entered_week=entered_week)
    hidden = np.flatnonzero(world.answers.mode == CONFIDENTIAL)
    waiting: list[PendingAnswer] = []
    lines: list[Line] = []
    taken: list[int] = []
    for week in range(1, world.setting.weeks + 2):
        monday = FIRST_MONDAY + timedelta(weeks=week)
        days = world.answers.day[hidden]
        for number in hidden[(days >= 7 * (week - 1)) & (days < 7 * week)].tolist():
            row = _row(world.answers, number)
            if seasoned(int(world.answers.person[number]), row.day):
                waiting = _offered(waiting, row)
                taken.append(number)
        waiting = [row for row in waiting if row.day > monday - EXPIRY]
        drafts = _cut(world, program, waiting, seasoned, week=monday)
        lines += [_line(program, draft, week=monday) for draft in drafts]
        waiting = [row for row in waiting if row.consumed_in is None]
    return Published(lines, np.array(taken, np.int64))


def _offered(waiting: list[PendingAnswer], fresh: PendingAnswer) -> list[PendingAnswer]:
    """A newer answer of a person replaces the one that waits."""
    same = (fresh.pseudonym, fresh.measure)
    return [row for row in waiting if (row.pseudonym, row.measure) != same] + [fresh]


def _cut(
    world: Simulated,
    program: Program,
    waiting: list[PendingAnswer],
    seasoned: Eligible,
    *,
    week: date,
) -> list[Draft]:
    partners = range(world.setting.partners)
    eligible = Counter(
        int(partner)
        for person, partner in enumerate(world.works_at.tolist())
        if seasoned(person, week)
    )
    return cut(
        program,
        waiting,
        {partner: place_of(partner) for partner in partners},
        eligible=dict(eligible),
        companies=dict.fromkeys(partners),
        week=week,
    )


def _line(program: Program, draft: Draft, *, week: date) -> Line:
    atom = atom_of(program, draft, week=week, key=KEY)
    members = np.array([row.answer_id.int for row in draft.batch], np.int64)
    return Line(
        value=float(atom.value),
        blur_sd=float(atom.blur_sd),
        members=members,
        day=(week - FIRST_MONDAY).days,
        is_company=atom.partner_id is not None,
    )


def place_of(partner: int) -> Place:
    """Return the segment of a partner of a world: eight of them."""
    return {
        "type": TYPES[partner % 2],
        "tier": TIERS[partner // 2 % 2],
        "region": REGIONS[partner // 4 % 2],
    }


def _row(answers: Answers, number: int) -> PendingAnswer:
    day = FIRST_MONDAY + timedelta(days=int(answers.day[number]))
    return PendingAnswer(
        answer_id=UUID(int=number),
        partner_id=int(answers.partner[number]),
        pseudonym=UUID(int=int(answers.person[number])),
        measure=ITEMS[answers.item[number]],
        value=int(answers.value[number]),
        day=day,
        waits_since=day,
    )


def _seasoning(
    world: Simulated, program: Program, *, made_up: Ints | None, entered_week: int
) -> Eligible:
    """Say who counts, by the product's rule: each partner has one manager, of its own number."""
    planted = set() if made_up is None else set(made_up.tolist())
    partners = range(world.setting.partners)
    rules = SeasoningRules.known(
        program,
        domains={partner: frozenset({f"p{partner}.example"}) for partner in partners},
        managers={partner: frozenset({partner}) for partner in partners},
        first_pulse_at=start_of(FIRST_MONDAY),
    )
    entered = start_of(FIRST_MONDAY + timedelta(weeks=entered_week))
    contacts = [
        Contact(
            email=f"c{person}@p{partner}.example",
            entered_at=entered if person in planted else LONG_AGO,
            addressed_at=entered if person in planted else LONG_AGO,
            entered_by_id=partner if person in planted else None,
        )
        for person, partner in enumerate(world.works_at.tolist())
    ]

    def seasoned(person: int, day: date) -> bool:
        partner = int(world.works_at[person])
        return is_seasoned(contacts[person], partner=partner, rules=rules, on=day)

    return seasoned
