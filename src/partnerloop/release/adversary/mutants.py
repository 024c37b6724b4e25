"""What would be published if one rule were switched off: the attack must find it.

Each function gives the figures of a broken product; `rules` runs the attack on them.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from partnerloop.engine.layout import Floats, Ints
from partnerloop.release.adversary.attacking import covariance
from partnerloop.release.adversary.ledger import Line
from partnerloop.release.adversary.worlds import NAMED, OVERALL, Answers, Spreads

LIVE_PEOPLE = 7
FRESH_PEOPLE = 3
LOOK_DAYS = 7
ROLES = 3


def live_score(answers: Answers, hidden: Ints) -> list[Line]:
    """A mean that moves with each answer, up to seven of one company on one question."""
    lines = []
    for numbers in _cells(answers, hidden).values():
        for count in range(1, min(len(numbers), LIVE_PEOPLE) + 1):
            lines.append(_mean(answers, numbers[:count]))
    return lines


def overlapping(answers: Answers, hidden: Ints) -> list[Line]:
    """Batches that share people: three, then the same three and whoever comes next."""
    return [
        _mean(answers, numbers[:count])
        for numbers in _cells(answers, hidden).values()
        for count in range(FRESH_PEOPLE, len(numbers) + 1)
    ]


def cut_by_account(answers: Answers, lines: list[Line]) -> tuple[list[list[Line]], Ints]:
    """Means that follow who looks: of a company's batch each account gets its own people only.

    There are three kinds of people, as roles are. One account sees all, two see all but one kind;
    each is shown a mean of at least three people. Also told is whom one account alone left out.
    """
    kinds = answers.person % ROLES
    found: list[list[Line]] = []
    alone: list[Ints] = []
    for left_out in (ROLES, 0, ROLES - 1):
        kept = [kinds[line.members] != left_out for line in lines if line.is_company]
        whole = [line.members for line in lines if line.is_company]
        shown = [
            (members[inside], members[~inside])
            for members, inside in zip(whole, kept, strict=True)
            if inside.sum() >= FRESH_PEOPLE
        ]
        found.append([_mean(answers, inside) for inside, _ in shown])
        alone += [outside for _, outside in shown if len(outside) == 1]
    return found, np.unique(np.concatenate(alone))


def erased(
    answers: Answers, lines: list[Line], *, most: int, rng: Generator
) -> tuple[list[Line], Ints]:
    """Means that are computed anew when one of their people is erased, and who was erased."""
    found, gone = [], []
    for line in lines:
        if not 2 <= len(line.members) <= most:
            continue
        one = int(rng.integers(len(line.members)))
        found += [_mean(answers, line.members), _mean(answers, np.delete(line.members, one))]
        gone.append(int(line.members[one]))
    return found, np.array(gone, np.int64)


def frozen_model(answers: Answers, hidden: Ints, spreads: Spreads, *, partner: int) -> list[Line]:
    """A model over all answers of one company, frozen until three new people have answered.

    All metrics and the composite are looked at each week; named answers and time move it at once.
    """
    here = np.flatnonzero(answers.partner == partner)
    ours = answers.where(here)
    is_hidden = np.isin(here, hidden)
    cov = covariance(ours, spreads)
    taken = _taken_from(ours, is_hidden)
    lines = []
    for day in range(LOOK_DAYS, int(answers.day.max()) + LOOK_DAYS, LOOK_DAYS):
        known = np.flatnonzero(np.where(is_hidden, taken, ours.day + 1) <= day)
        secret = known[is_hidden[known]]
        if not len(secret):
            continue
        across = _levels_and(ours.where(known), spreads, partner=partner, day=day)
        weights = np.linalg.solve(cov[np.ix_(known, known)], across.T).T
        shown = np.round(spreads.mean + weights @ (ours.value[known] - spreads.mean), 1)
        of_secret = weights[:, is_hidden[known]]
        rest = shown - spreads.mean * (1 - weights.sum(1))
        rest -= weights[:, ~is_hidden[known]] @ ours.value[known[~is_hidden[known]]]
        lines += [
            Line(float(value), 0.0, here[secret], weights=row)
            for value, row in zip(rest, of_secret, strict=True)
        ]
    return lines


def _taken_from(ours: Answers, is_hidden: np.ndarray) -> Ints:
    """The day from which each hidden answer counts: when three new people have spoken."""
    taken = np.full(len(ours), np.iinfo(np.int64).max)
    waiting: list[int] = []
    for number in np.flatnonzero(is_hidden).tolist():
        waiting.append(number)
        if len(set(ours.person[waiting].tolist())) >= FRESH_PEOPLE:
            taken[waiting] = ours.day[number] + 1
            waiting = []
    return taken


def _levels_and(known: Answers, spreads: Spreads, *, partner: int, day: int) -> Floats:
    """How each item's level on a day goes together with the known answers: (items, n)."""
    items = np.arange(OVERALL + 1)
    count = len(items)
    levels = Answers(
        person=-1 - items,
        partner=np.full(count, partner),
        item=items,
        day=np.full(count, day),
        value=np.zeros(count, np.int64),
        mode=np.full(count, NAMED),
        truth=np.zeros(count),
    )
    both = Answers(
        *(
            np.concatenate((getattr(levels, name), getattr(known, name)))
            for name in ("person", "partner", "item", "day", "value", "mode", "truth")
        )
    )
    return covariance(both, spreads)[:count, count:]


def _cells(answers: Answers, hidden: Ints) -> dict[tuple[int, int], Ints]:
    """The hidden answers of each company on each question, one per person, oldest first."""
    cells: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for number in hidden.tolist():
        cell = cells[int(answers.partner[number]), int(answers.item[number])]
        cell.setdefault(int(answers.person[number]), number)
    return {key: np.array(list(people.values())) for key, people in cells.items()}


def _mean(answers: Answers, members: Ints) -> Line:
    return Line(round(float(answers.value[members].mean()), 1), 0.0, members)


def moved_means(
    values: Floats, *, newest: float, shrinkage: Floats
) -> Iterator[tuple[float, float]]:
    """For each of many companies, its figure before and after a shared mean took in one answer.

    What else is in a figure is public; `shrinkage` is how far the mean moves it.
    """
    before = float(values.mean())
    after = float(np.append(values, newest).mean())
    for share in shrinkage:
        yield round(share * before, 1), round(share * after, 1)
