"""The attack on a program's own answers: those that are still stored, waiting or just counted.

Counted values are deleted after 35 days, so that only the newest can be judged. The attacker knows
which answer is in which atom, which the tables themselves do not say.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np

from partnerloop.core.clock import day_number
from partnerloop.evidence.models import Atom, NamedAnswer, PendingAnswer
from partnerloop.evidence.tick import PATH
from partnerloop.programs.models import Program
from partnerloop.release.adversary.attacking import Outcome, attack
from partnerloop.release.adversary.ledger import Line
from partnerloop.release.adversary.rules import NOBODY
from partnerloop.release.adversary.worlds import CONFIDENTIAL, ITEMS, NAMED, Answers, Spreads
from partnerloop.scores.modelling import current

# More answers of one program at once would not fit into memory; the newest are the ones at risk.
MOST = 4000


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of a program, whichever table it is in."""

    person: str
    partner: int
    measure: str
    day: date
    value: int
    mode: int
    week: date | None = None
    pool: str = ""


def own_outcome(program: Program) -> Outcome | None:
    """Attack the confidential answers that are still stored; None where there are none."""
    rows = _rows(program)
    answers = _answers(rows)
    hidden = np.flatnonzero(answers.mode == CONFIDENTIAL)
    if not len(hidden):
        return None
    hyper = current(program).model.hyper
    spreads = Spreads(
        mean=float(hyper.segment_means.mean()),
        general=hyper.general_sd,
        specific=hyper.specific_sd,
        tau=hyper.tau,
        leniency=hyper.leniency_sd,
        noise=hyper.noise_sd,
    )
    return attack(
        answers, hidden=hidden, lines=_lines(program, rows), spreads=spreads, helpers=NOBODY
    )


def _rows(program: Program) -> list[Row]:
    """The newest confidential answers on the model's measures, and the newest named ones."""
    stored = PendingAnswer.objects.of(program).filter(measure__in=ITEMS).order_by("-day", "pk")
    hidden = [
        Row(
            str(row.pseudonym),
            row.partner_id,
            row.measure,
            row.day,
            row.value,
            CONFIDENTIAL,
            row.consumed_in,
            row.pool,
        )
        for row in stored[:MOST]
    ]
    partners = {row.partner for row in hidden}
    named = NamedAnswer.objects.of(program).filter(measure__in=ITEMS, partner__in=partners)
    spoken = [
        Row(str(row.rater), row.partner_id, row.measure, row.at.date(), row.value, NAMED)
        for row in named.order_by("-at", "pk")[:MOST]
    ]
    return hidden + spoken


def _answers(rows: list[Row]) -> Answers:
    people: dict[str, int] = {}
    values = np.array([row.value for row in rows], np.int64)
    cells: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row in rows:
        cells[row.partner, row.measure].append(row.value)
    return Answers(
        person=np.array([people.setdefault(row.person, len(people)) for row in rows], np.int64),
        partner=np.array([row.partner for row in rows], np.int64),
        item=np.array([ITEMS.index(row.measure) for row in rows], np.int64),
        day=np.array([int(day_number(row.day)) for row in rows], np.int64),
        value=values,
        mode=np.array([row.mode for row in rows], np.int64),
        # the true score is not known: what an honest mean of all answers would say
        truth=np.array([np.mean(cells[row.partner, row.measure]) for row in rows], float),
    )


def _lines(program: Program, rows: list[Row]) -> list[Line]:
    """The atoms whose answers are all still stored, with their members."""
    batches: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.week is not None:
            where = row.pool or row.partner
            batches[where, row.measure, row.week].append(number)
    found = []
    for atom in Atom.objects.of(program).filter(measure__in=ITEMS, kind__in=("company", "pool")):
        where = atom.partner_id or _pool(atom)
        members = batches.get((where, atom.measure, atom.week))
        if members:
            found.append(
                Line(
                    value=float(atom.value),
                    blur_sd=float(atom.blur_sd),
                    members=np.array(members, np.int64),
                    is_company=atom.partner_id is not None,
                )
            )
    return found


def _pool(atom: Atom) -> str:
    level = next(keys for keys in PATH if set(keys) == set(atom.scope))
    return "|".join(["pool", *(str(atom.scope.get(key, "")) for key in level)])
