"""The attack on anonymous atoms, by somebody who holds dumps and access logs.

From copies of the database and the times of requests they know who answered anonymously in which
round and on what; they know all rules, all named answers, and what helpers tell. Not which value is
whose: an atom is the blurred mean of a round, over everybody who was invited together.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np

from partnerloop.evidence.anonymity import EVERYBODY, atoms_of
from partnerloop.evidence.models import LooseAnswer
from partnerloop.programs.models import Program
from partnerloop.release.adversary.ledger import FIRST_MONDAY, KEY, Line, Published
from partnerloop.release.adversary.worlds import CONFIDENTIAL, ITEMS, Setting, Simulated

MIX = (0.2, 0.8, 0.0)
"""A fifth answers by name; what all others say counts as anonymous here."""


def anonymous_setting(setting: Setting) -> Setting:
    """Return a kind of world in which those who stay unknown answer anonymously."""
    return replace(setting, mix=MIX)


def anonymous_ledger(world: Simulated, program: Program) -> Published:
    """Count a year of rounds by the product's own rules, with who is in each atom."""
    weeks = world.setting.every_weeks
    hidden = np.flatnonzero(world.answers.mode == CONFIDENTIAL)
    rounds: dict[int, list[int]] = defaultdict(list)
    for number in hidden.tolist():
        rounds[int(world.answers.day[number]) // (7 * weeks)].append(number)
    lines = [
        line
        for number, members in sorted(rounds.items())
        for line in _round(world, program, members, ends=weeks * (number + 1))
    ]
    return Published(lines, hidden)


def _round(world: Simulated, program: Program, members: list[int], *, ends: int) -> list[Line]:
    monday = FIRST_MONDAY + timedelta(weeks=ends)
    # a link answers a question once in its round, as a drop keeps one value for each measure
    last = {(int(world.answers.person[n]), int(world.answers.item[n])): n for n in members}
    loose = [
        LooseAnswer(
            id=UUID(int=number),
            cell=EVERYBODY,
            measure=ITEMS[world.answers.item[number]],
            value=int(world.answers.value[number]),
        )
        for number in last.values()
    ]
    return [
        Line(
            value=float(atom.value),
            blur_sd=float(atom.blur_sd),
            members=np.array([row.id.int for row in batch], np.int64),
            day=7 * ends,
        )
        for atom, batch in atoms_of(program, loose, week=monday, key=KEY)
    ]
