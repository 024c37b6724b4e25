"""Whom to ask: drawn by chance, more likely where an answer teaches more, never impossible.

Every ask carries its propensity, the chance it had to be made given all that was known at the time.
Asks are a fixed number drawn with these chances (systematic sampling in a random order), so that
what was asked can be weighted, audited and repeated from its seed.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from partnerloop.engine.interface import Floats, Ints

Flags = NDArray[np.bool_]

# Answers of colleagues asked on the same day overlap: each further one teaches three quarters.
OVERLAP = 0.75
# Selection is weekly: who would wait longer than 60 days by the next time is asked now.
OVERDUE_AFTER = 53.0
# Chances within a cell, and of the silent, are kept a little inside what is promised.
CELL_RATIO = 1.5
SILENT_SHARE = 0.9
INSIDE = 0.98
# Rounds in which overlap, certain asks and fair shares find a balance.
ROUNDS = 8


@dataclass(frozen=True, eq=False)
class Candidates:
    """Who may be asked now; every array has one entry per eligible contact.

    partner : int, any numbers;  role, segment : int, 0 and up
    gain : float, variance an answer would take away (see questions.expected_gain)
    response : float in (0, 1], chance of an answer by role and segment, not by person
    weight : float > 0, business weight of the partner
    wait : float, days since anybody of the partner was asked (its age in days if never)
    silent : bool, belongs to the third that has answered least often
    """

    partner: Ints
    role: Ints
    segment: Ints
    gain: Floats
    response: Floats
    weight: Floats
    wait: Floats
    silent: Flags

    def __post_init__(self) -> None:
        arrays = (self.role, self.segment, self.gain, self.response, self.weight, self.wait)
        sizes = {a.size for a in (*arrays, self.partner, self.silent)}
        if len(sizes) != 1:
            raise ValueError(f"the columns of the candidates differ in length: {sorted(sizes)}")
        for name in ("gain", "response", "weight", "wait"):
            values = getattr(self, name)
            if not np.isfinite(values).all() or (values < 0).any():
                bad = values[~np.isfinite(values) | (values < 0)][0]
                raise ValueError(f"{name} must be a number of at least 0: {bad}")

    def __len__(self) -> int:
        return int(self.partner.size)


@dataclass(frozen=True)
class Policy:
    """How chances follow from what is known.

    business : exponent of the business weight (0: all partners alike)
    sharpness : exponent of the whole score; 1 is proportional
    floor : least chance of a contact, as a share of the average chance
    role_share : least mean chance of a role, as a share of the average chance
    cell_ratio : largest over smallest chance within a role and segment; None: floors only
    overdue_after : days a partner may wait before one ask of it is certain
    """

    business: float = 0.2
    sharpness: float = 1.0
    floor: float = 0.2
    role_share: float = 0.5
    cell_ratio: float | None = CELL_RATIO
    overdue_after: float = OVERDUE_AFTER

    def __post_init__(self) -> None:
        if not 0.0 < self.floor <= 1.0:
            raise ValueError(f"a floor is a share above 0: {self.floor}")
        if self.cell_ratio is not None and self.cell_ratio < 1.0:
            raise ValueError(f"the largest chance cannot be below the smallest: {self.cell_ratio}")


@dataclass(frozen=True, eq=False)
class Draw:
    """Who is asked, and how likely each candidate was to be.

    chosen : int array, places among the candidates, in falling order of wait
    propensity : float array, one per candidate, summing to the number asked
    overdue : bool array, one per candidate: its partner had to be asked now
    unmet : partners that were overdue and for which the budget did not suffice
    """

    chosen: Ints
    propensity: Floats
    overdue: Flags
    unmet: int


def choose(candidates: Candidates, *, budget: int, rng: Generator, policy: Policy) -> Draw:
    """This will draw `budget` contacts to ask (all of them if there are fewer).

    The same candidates, budget, policy and generator state give the same draw. Costs about 3 us
    per candidate.

    References: Madow, W. (1949), On the theory of systematic sampling II, Annals of Mathematical
    Statistics 20(3), 333-354; Horvitz, D. and Thompson, D. (1952), JASA 47(260), 663-685.
    """
    if budget < 0:
        raise ValueError(f"a budget cannot be negative: {budget}")
    size = min(budget, len(candidates))
    if size == 0:
        nobody = np.zeros(len(candidates), bool)
        return Draw(np.zeros(0, np.int64), np.zeros(len(candidates)), nobody, 0)
    needed, unmet = _overdue(candidates, size, policy)
    chances = propensities(candidates, budget=size, policy=policy, overdue=needed)
    chosen = draw_systematic(chances, group=candidates.partner, rng=rng)
    order = np.lexsort((chosen, -candidates.wait[chosen]))
    return Draw(chosen[order], chances, needed, unmet)


def propensities(
    candidates: Candidates, *, budget: int, policy: Policy, overdue: Flags | None = None
) -> Floats:
    """This will give every candidate its chance, at most 1, summing to the budget.

    Chances follow gain x response x weight, squeezed between a floor and, within a role and
    segment, the policy's ratio. `overdue` partners get one certain ask between their contacts.
    """
    size = len(candidates)
    must = overdue if overdue is not None else np.zeros(size, bool)
    if budget >= size:
        return np.ones(size)
    score = _score(candidates, policy)
    groups = _groups(candidates, policy)
    wanting = np.zeros(size, bool)
    chances = np.full(size, budget / size)
    for _ in range(ROUNDS):
        thinned = score * _overlap(candidates.partner, chances)
        if policy.cell_ratio is not None:
            thinned = _within_cells(thinned, candidates, policy.cell_ratio * INSIDE)
        # A partner once made certain stays so: its chances sum to one, no longer to less.
        wanting |= must & (_sums(candidates.partner, chances) < 1.0)
        fixed = np.where(wanting, thinned / _sums(candidates.partner, thinned), 0.0)
        chances = _fill(thinned, fixed, budget, policy.floor)
        lift = _lift(chances, groups)
        if lift is None and not (must & (_sums(candidates.partner, chances) < 1.0 - 1e-9)).any():
            return chances
        score = score if lift is None else score * lift
    return _levelled(thinned, fixed, budget, policy, groups)


def draw_systematic(chances: Floats, *, group: Ints, rng: Generator) -> Ints:
    """This will draw places so that each has exactly its chance, and groups get their share.

    The chances are laid end to end, groups in random order and their members in random order
    inside; a comb with teeth one apart and a random start picks. A group whose chances sum to one
    gets exactly one, in general its sum rounded down or up.

    >>> draw_systematic(np.array([0.5, 0.5, 1.0]), group=np.array([0, 0, 1]),
    ...                 rng=np.random.default_rng(1)).size
    2
    """
    _, home = np.unique(group, return_inverse=True)
    groups = int(home.max(initial=-1)) + 1
    order = np.lexsort((rng.random(group.size), rng.permutation(groups)[home]))
    ends = np.cumsum(chances[order])
    if ends.size:
        ends[-1] = np.rint(ends[-1])
    teeth = np.floor(ends + rng.random())
    before = np.concatenate(([0.0], teeth[:-1]))
    return np.sort(order[teeth > before])


def _overdue(candidates: Candidates, size: int, policy: Policy) -> tuple[Flags, int]:
    """Partners that must be asked now; the longest waits first where the budget is short.

    A fifth of the budget is left to the others, so that nobody's chance falls to nothing.
    """
    partners, first = np.unique(candidates.partner, return_index=True)
    waits = candidates.wait[first]
    late = np.flatnonzero(waits > policy.overdue_after)
    late = late[np.argsort(-waits[late], kind="stable")]
    kept = late[: size * 4 // 5]
    return np.isin(candidates.partner, partners[kept]), int(late.size - kept.size)


def _score(candidates: Candidates, policy: Policy) -> Floats:
    """Gain x response x weight, 1 on average, never nothing."""
    worth = candidates.gain * candidates.response * candidates.weight**policy.business
    usual = float(worth.mean()) or 1.0
    score = np.maximum(worth / usual, 1e-3) ** policy.sharpness
    return np.asarray(score / score.mean(), float)


def _overlap(partner: Ints, chances: Floats) -> Floats:
    """How much less each contact teaches because colleagues are likely to be asked as well."""
    asked = np.maximum(_sums(partner, chances), 1e-9)
    return np.asarray((1.0 - OVERLAP**asked) / (asked * (1.0 - OVERLAP)))


def _within_cells(score: Floats, candidates: Candidates, ratio: float) -> Floats:
    """Scores squeezed around the middle of their role and segment, so that none stands out."""
    cell = candidates.role * (int(candidates.segment.max()) + 1) + candidates.segment
    _, home = np.unique(cell, return_inverse=True)
    logs = np.log(score)
    middle = (np.bincount(home, logs) / np.bincount(home))[home]
    reach = np.log(ratio) / 2
    return np.asarray(np.exp(middle + np.clip(logs - middle, -reach, reach)), float)


@dataclass(frozen=True, eq=False)
class _Group:
    """Candidates whose mean chance must be at least a share of everybody's."""

    members: Flags
    least: float


def _groups(candidates: Candidates, policy: Policy) -> list[_Group]:
    roles = [_Group(candidates.role == r, policy.role_share) for r in np.unique(candidates.role)]
    silent = [_Group(candidates.silent, SILENT_SHARE / INSIDE)] if candidates.silent.any() else []
    return silent + roles


def _lift(chances: Floats, groups: list[_Group]) -> Floats | None:
    """What to multiply scores with so that every group gets its share; None if all do."""
    usual, lift = float(chances.mean()), np.ones(chances.size)
    for group in groups:
        have = float(chances[group.members].mean())
        if have < group.least * usual:
            lift[group.members] *= 1.1 * group.least * usual / have
    return None if (lift == 1.0).all() else lift


def _levelled(
    score: Floats, fixed: Floats, budget: int, policy: Policy, groups: list[_Group]
) -> Floats:
    """Chances with scores drawn towards equal ones, as far as the groups' shares need it."""
    chances = fixed
    for share in (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0):
        mixed = (1.0 - share) * score / score.mean() + share
        chances = _fill(mixed, fixed, budget, policy.floor)
        if _lift(chances, groups) is None:
            break
    return chances


def _sums(partner: Ints, values: Floats) -> Floats:
    """Each candidate's partner's sum."""
    _, home = np.unique(partner, return_inverse=True)
    return np.asarray(np.bincount(home, values)[home], float)


def _fill(score: Floats, fixed: Floats, budget: int, floor: float) -> Floats:
    """Chances in proportion to the score between floor and 1 that sum to the budget."""
    free = fixed == 0.0
    room = budget - float(fixed.sum())
    count = int(free.sum())
    if count == 0:
        return fixed
    least = min(floor * budget / score.size, 0.98 * room / count)
    worth = score[free] / score[free].mean()
    low, high = 1e-12, 1e12
    for _ in range(60):
        middle = sqrt(low * high)
        if float(np.clip(middle * worth, least, 1.0).sum()) < room:
            low = middle
        else:
            high = middle
    chances = fixed.copy()
    chances[free] = np.clip(high * worth, least, 1.0)
    return chances
