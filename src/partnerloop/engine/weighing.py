"""The difference between two groups of partners, each answer weighted by what it can tell.

Answers of one partner go together, those of one person more so, and less the longer apart they
are. Generalised least squares with that pattern gives every answer its due weight; the interval is
taken from how the result changes without each partner in turn (a jackknife), so that a wrong
pattern costs precision and never honesty.

References: Liang, K. and Zeger, S. (1986), Biometrika 73(1), 13-22 (a working covariance with a
robust variance); Bell, R. and McCaffrey, D. (2002), Survey Methodology 28(2), 169-181 (jackknife).
"""

from dataclasses import dataclass

import numpy as np

from partnerloop.engine.interface import Floats, Ints

# The working pattern, points squared: what partners differ by, and people of one, and answers of
# one person; days in which a partner's own level is renewed.
PARTNERS, PEOPLE, NOISE, RENEWED = 1.9, 0.7, 1.2, 450.0
# Answers of one person within so many days are one; of a partner with more rows than this, those
# of all its people.
TOGETHER, MOST_ROWS = 30.0, 400


@dataclass(frozen=True)
class Answers:
    """Raw answers, one row each; four arrays (n,).

    partner : int, 0 to partners - 1;  rater : int, one number per person, any numbers
    item : int, answers of one item (metric and role) share a number
    day : float;  value : float, points 0-10
    """

    partner: Ints
    rater: Ints
    item: Ints
    day: Floats
    value: Floats

    def __post_init__(self) -> None:
        sizes = {a.size for a in (self.partner, self.rater, self.item, self.day, self.value)}
        if len(sizes) != 1:
            raise ValueError(f"the columns of the answers differ in length: {sorted(sizes)}")
        if not np.isfinite(self.value).all() or not np.isfinite(self.day).all():
            raise ValueError("an answer needs a value and a day: leave out what is unknown")

    def where(self, rows: np.ndarray) -> "Answers":
        """This will keep some rows: a mask or row numbers."""
        each = (self.partner, self.rater, self.item, self.day, self.value)
        return Answers(*(one[rows] for one in each))


@dataclass(frozen=True)
class Cohort:
    """Those reached on one day against those not reached yet.

    mean : points;  pulls (ours, then theirs) : what the mean loses without each partner
    """

    ours: Ints
    theirs: Ints
    mean: float
    pulls: Floats


def weigh(answers: Answers, *, day: float, ours: Ints, theirs: Ints, level: bool) -> Cohort:
    """This will fit how much more those reached changed on a day than the others.

    With `level` the two groups may have differed before; without, they are taken to be alike.
    """
    order = np.argsort(answers.partner, kind="stable")
    both = np.concatenate((ours, theirs))
    ends = np.searchsorted(answers.partner[order], np.stack((both, both + 1)))
    columns = 4 if level else 3
    parts = np.empty((both.size, columns, columns + 1))
    for place, (start, end) in enumerate(ends.T.tolist()):
        rows = _rows(answers.where(order[start:end]), day=day)
        asks = _asks(rows, day=day, reached=place < ours.size)[:, -columns:]
        solved = np.linalg.solve(_pattern(rows), np.column_stack((asks, rows.value)))
        parts[place] = asks.T @ solved
    whole = parts.sum(0)
    mean = _effects(whole)
    return Cohort(ours, theirs, float(mean), mean - _effects(whole - parts))


def _effects(sums: Floats) -> Floats:
    """The last of the fitted numbers, from the sums of partners: (..., k, k + 1) to (...)."""
    inverse = np.linalg.pinv(sums[..., :-1], hermitian=True)
    return np.asarray((inverse[..., -1, :] * sums[..., -1]).sum(-1))


@dataclass(frozen=True)
class _Rows:
    """One partner's answers, those of one person within a month as one; arrays (n,)."""

    who: Ints
    day: Floats
    value: Floats
    answers: Floats
    people: Floats


def _rows(answers: Answers, *, day: float) -> _Rows:
    """Months are counted from the day itself, so that none lies on both sides of it."""
    month = np.floor((answers.day - day) / TOGETHER).astype(np.int64)
    _, who = np.unique(answers.rater, return_inverse=True)
    month -= month.min()
    months = int(month.max()) + 1
    rows = _grouped(who * months + month, answers, who=who)
    if rows.day.size > MOST_ROWS:
        rows = _grouped(month, answers, who=who)
    return rows


def _grouped(key: Ints, answers: Answers, *, who: Ints) -> _Rows:
    """Means of the answers that share a key; rows of several people belong to their crowd."""
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    count = np.bincount(row).astype(float)
    people = np.bincount(np.unique(row * (who.max() + 1) + who) // (who.max() + 1)).astype(float)
    return _Rows(
        who=np.where(people > 1, -1, who[first]),
        day=np.bincount(row, answers.day) / count,
        value=np.bincount(row, answers.value) / count,
        answers=count,
        people=people,
    )


def _asks(rows: _Rows, *, day: float, reached: bool) -> Floats:
    """What each row shows: how the groups differ, the level, the change of all, and the effect."""
    later = (rows.day >= day).astype(float)
    group = np.full(later.size, float(reached))
    return np.column_stack((group, np.ones(later.size), later, later * group))


def _pattern(rows: _Rows) -> Floats:
    """The working covariance of one partner's rows."""
    apart = np.abs(rows.day[:, None] - rows.day)
    same = rows.who[:, None] == rows.who
    people = np.sqrt(rows.people[:, None] * rows.people)
    cov = PARTNERS * np.exp(-apart / RENEWED) + same * PEOPLE / people
    cov[np.diag_indices(rows.day.size)] += NOISE / rows.answers
    return np.asarray(cov)
