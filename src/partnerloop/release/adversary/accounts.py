"""Several accounts at once: what two managers, an executive and a key see together, for a year.

Each account shows companies of its own and groups of many. All look every week and lay what they
saw side by side. From figures of overlapping groups they solve for the batches that none of them
was shown alone, and then go on as the attack on the whole ledger does.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from partnerloop.engine.disclosure_attack import Belief, Seen, condition
from partnerloop.programs.models import Program
from partnerloop.release.adversary.attacking import ROUNDING
from partnerloop.release.adversary.ledger import Line, Published, ledger, place_of
from partnerloop.release.adversary.worlds import Answers, Simulated

KEYS = ("type", "tier", "region")
RECENT_DAYS = 182
# What is thought of a batch before any figure of it: points, a mean and how far around it.
USUAL, AROUND = 7.0, 2.0
SOLVED = 0.3  # points: a batch known to within this is taken as if it had been shown
Companies = frozenset[int]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with access: the companies shown to them alone, and the groups shown as one."""

    name: str
    own: Companies
    groups: Sequence[Companies]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a group in one week: the mean of these batches (indices), rounded to 0.1."""

    batches: tuple[int, ...]
    value: float


def accounts_of(partners: int) -> list[Account]:
    """Return the accounts of a world: managers with different segments, an executive, a key.

    The managers' segments overlap. The key was made by a third manager. All see every group.
    """
    groups = list(_groups(partners))

    def where(key: str, value: str) -> Companies:
        return frozenset(p for p in range(partners) if place_of(p).get(key) == value)

    return [
        Account("a manager of resellers", where("type", "reseller"), groups),
        Account("a manager of gold partners", where("tier", "gold"), groups),
        Account("an executive", frozenset(), groups),
        Account("a key for machines", where("region", "EMEA"), groups),
    ]


def seen_together(world: Simulated, program: Program) -> Published:
    """Return what all accounts of a world know together after a year, as lines of a ledger."""
    published = ledger(world, program)
    accounts = accounts_of(world.setting.partners)
    shown = _shown_alone(world.answers, published.lines, accounts)
    lines = [line for number, line in enumerate(published.lines) if number in shown]
    cells = set(_cells(world, program, published.lines, accounts))
    return replace(
        published, lines=[*lines, *_solved(world.answers, published.lines, shown, cells)]
    )


def _groups(partners: int) -> Iterator[Companies]:
    """Yield all partners, and the groups by one, two and three attributes."""
    for count in range(len(KEYS) + 1):
        for keys in combinations(KEYS, count):
            found: dict[tuple[object, ...], set[int]] = defaultdict(set)
            for partner in range(partners):
                place = place_of(partner)
                found[tuple(place.get(key) for key in keys)].add(partner)
            yield from map(frozenset, found.values())


def _shown_alone(
    answers: Answers, lines: Sequence[Line], accounts: Sequence[Account]
) -> frozenset[int]:
    """Return the batches that are shown to one of the accounts as a company's own figure."""
    known = frozenset().union(*(account.own for account in accounts))
    return frozenset(
        number
        for number, line in enumerate(lines)
        if line.is_company and int(answers.partner[line.members[0]]) in known
    )


def _cells(
    world: Simulated, program: Program, lines: Sequence[Line], accounts: Sequence[Account]
) -> Iterator[Cell]:
    """Yield what is shown of each group, week by week: the mean of the batches wholly inside it.

    A company counts with its newest batch of the last half year. The rule of width is the gate's.
    """
    inside = [frozenset(world.answers.partner[line.members].tolist()) for line in lines]
    item = [int(world.answers.item[line.members[0]]) for line in lines]
    groups = {group for account in accounts for group in account.groups}
    for group in groups:
        ours = [number for number, companies in enumerate(inside) if companies <= group]
        for day in sorted({lines[number].day for number in ours}):
            newest: dict[tuple[int, Companies], int] = {}
            for number in ours:
                if day - RECENT_DAYS < lines[number].day <= day:
                    newest[item[number], inside[number]] = number
            for batches in _by_item(newest).values():
                if _is_wide(program, world.answers, [lines[number] for number in batches]):
                    mean = np.mean([lines[number].value for number in batches])
                    yield Cell(tuple(batches), round(float(mean), 1))


def _by_item(newest: dict[tuple[int, Companies], int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for (item, _), number in newest.items():
        found[item].append(number)
    return found


def _is_wide(program: Program, answers: Answers, lines: Sequence[Line]) -> bool:
    firms = np.concatenate([answers.partner[line.members] for line in lines])
    counts = np.unique(firms, return_counts=True)[1]
    return bool(
        len(firms) >= program.pool_people
        and len(counts) >= program.pool_companies
        and counts.max() <= len(firms) * float(program.dominance)
    )


def _solved(
    answers: Answers, lines: Sequence[Line], shown: frozenset[int], cells: set[Cell]
) -> Iterator[Line]:
    """Yield the batches that nobody was shown, as far as the groups' figures tell them."""
    by_item: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_item[int(answers.item[lines[cell.batches[0]].members[0]])].append(cell)
    for some in by_item.values():
        hidden = sorted({number for cell in some for number in cell.batches} - shown)
        if not hidden:
            continue
        belief = condition(_before(len(hidden)), _equations(lines, shown, some, hidden))
        sd = np.sqrt(np.maximum(np.diag(belief.cov), 0.0))
        for place in np.flatnonzero(sd < SOLVED).tolist():
            line = lines[hidden[place]]
            blur = float(np.hypot(line.blur_sd, sd[place]))
            yield replace(line, value=float(belief.mean[place]), blur_sd=blur, is_exact=False)


def _before(count: int) -> Belief:
    return Belief(np.full(count, USUAL), np.eye(count) * AROUND**2)


def _equations(
    lines: Sequence[Line], shown: frozenset[int], cells: Sequence[Cell], hidden: Sequence[int]
) -> Seen:
    """Return what the groups say of the hidden batches once the shown ones are taken out."""
    place = {number: at for at, number in enumerate(hidden)}
    rows = np.zeros((len(cells), len(hidden)))
    values = np.array([cell.value for cell in cells])
    for row, cell in enumerate(cells):
        share = 1 / len(cell.batches)
        for number in cell.batches:
            if number in shown:
                values[row] -= share * lines[number].value
            else:
                rows[row, place[number]] = share
    told = rows.any(axis=1)
    return Seen(rows[told], values[told], np.full(int(told.sum()), ROUNDING))
