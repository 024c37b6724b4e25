"""The attack itself: all figures, all named answers and the helpers' answers against the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from partnerloop.engine.disclosure_attack import Belief, Guesses, Seen, condition, guesses, shares
from partnerloop.engine.layout import Floats, Ints
from partnerloop.release.adversary.ledger import Line
from partnerloop.release.adversary.worlds import NAMED, OVERALL, Answers, Spreads

ROUNDING = 0.1 / np.sqrt(12)
KNOWN = 1e-3


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attack fared: of `targets` answers, guessed exactly, claimed for sure, and right."""

    targets: int
    exact: float
    honest: float
    claimed: int
    sure: int
    unhappiest: float
    unhappiest_chance: float

    @property
    def above_honest(self) -> float:
        """Return by how many points of per cent the guesses beat an honest mean."""
        return 100 * (self.exact - self.honest)


def attack(
    answers: Answers,
    *,
    hidden: Ints,
    lines: Sequence[Line],
    spreads: Spreads,
    helpers: Ints,
    means: Floats | None = None,
    only: Ints | None = None,
    are_batches: bool = True,
) -> Outcome:
    """Guess hidden answers (indices into `answers`) from published lines and the named answers.

    `helpers` are people who tell the attacker what they said; `only` limits the targets; `means`
    are the values expected of all answers, where they are not the same. Lines that are no plain
    means of batches are taken as linear figures.
    """
    place = np.full(len(answers), -1)
    place[hidden] = np.arange(len(hidden))
    prior = _knowing_named(answers, hidden, spreads, means=means)
    seen = _seen(lines, place, len(hidden))
    told = np.flatnonzero(np.isin(answers.person[hidden], helpers))
    prior = condition(prior, _told(answers.value[hidden], told, len(hidden)))
    exact = [number for number, line in enumerate(lines) if are_batches and line.is_exact]
    found = guesses(prior, seen, batches=exact)
    counted = np.ones(len(hidden), bool)
    counted[told] = False
    if only is not None:
        counted &= np.isin(hidden, only)
    return _judged(answers.where(hidden), found, counted, spreads)


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """Return several attacks as one: shares are weighted by targets."""
    weights = np.array([one.targets for one in outcomes], float)
    total = max(float(weights.sum()), 1.0)

    def mean(name: str) -> float:
        values = np.array([getattr(one, name) for one in outcomes])
        return float(values @ weights / total)

    return Outcome(
        targets=int(weights.sum()),
        exact=mean("exact"),
        honest=mean("honest"),
        claimed=sum(one.claimed for one in outcomes),
        sure=sum(one.sure for one in outcomes),
        unhappiest=mean("unhappiest"),
        unhappiest_chance=mean("unhappiest_chance"),
    )


def _judged(truth: Answers, found: Guesses, counted: np.ndarray, spreads: Spreads) -> Outcome:
    right = found.value == truth.value
    spread = np.full(len(truth), spreads.person)
    honest = shares(truth.truth, spread).argmax(1) == truth.value
    named, chance = _unhappiest(truth, found.mean, counted)
    return Outcome(
        targets=int(counted.sum()),
        exact=float(right[counted].mean()) if counted.any() else 0.0,
        honest=float(honest[counted].mean()) if counted.any() else 0.0,
        claimed=int((found.sure & counted).sum()),
        sure=int((found.sure & right & counted).sum()),
        unhappiest=named,
        unhappiest_chance=chance,
    )


def _unhappiest(truth: Answers, guessed: Floats, counted: np.ndarray) -> tuple[float, float]:
    """How often the unhappiest of a company's people (of at least three) is named; by chance."""
    named, chance = [], []
    for partner in np.unique(truth.partner):
        here = (truth.partner == partner) & counted
        people = np.unique(truth.person[here])
        if len(people) < 3:
            continue
        really = [truth.value[here & (truth.person == one)].mean() for one in people]
        think = [guessed[here & (truth.person == one)].mean() for one in people]
        named.append(float(np.argmin(think) == np.argmin(really)))
        chance.append(1 / len(people))
    return (float(np.mean(named)), float(np.mean(chance))) if named else (0.0, 0.0)


def covariance(answers: Answers, spreads: Spreads) -> Floats:
    """Return how answers go together: company, metric, time and person."""
    metrics = OVERALL
    same_partner = answers.partner[:, None] == answers.partner
    gap = abs(answers.day[:, None] - answers.day)
    overall = answers.item == OVERALL
    share = np.where(overall[:, None] | overall, 1 / metrics, 0.0)
    share = np.where(answers.item[:, None] == answers.item, 1.0, share)
    share = np.where(overall[:, None] & overall, 1 / metrics, share)
    level = spreads.general**2 + spreads.specific**2 * share
    found = np.where(same_partner, level * np.exp(-gap / spreads.tau), 0.0)
    found += np.where(answers.person[:, None] == answers.person, spreads.leniency**2, 0.0)
    found[np.diag_indices(len(answers))] += spreads.noise**2 + 1 / 12
    return np.asarray(found)


def _knowing_named(
    answers: Answers, hidden: Ints, spreads: Spreads, *, means: Floats | None
) -> Belief:
    """What named answers tell; a person's confidential and named answers are taken as linked."""
    expected = np.full(len(answers), spreads.mean) if means is None else means
    named = np.flatnonzero(answers.mode == NAMED)
    both = np.concatenate((hidden, named))
    cov, count = covariance(answers.where(both), spreads), len(hidden)
    if not len(named):
        return Belief(expected[hidden], cov)
    gain = np.linalg.solve(cov[count:, count:], cov[count:, :count]).T
    mean = expected[hidden] + gain @ (answers.value[named] - expected[named])
    return Belief(mean, cov[:count, :count] - gain @ cov[count:, :count])


def _told(values: Ints, told: Ints, count: int) -> Seen:
    rows = np.zeros((len(told), count))
    rows[np.arange(len(told)), told] = 1.0
    return Seen(rows, values[told].astype(float), np.full(len(told), KNOWN))


def _seen(lines: Sequence[Line], place: Ints, count: int) -> Seen:
    rows = np.zeros((len(lines), count))
    for number, line in enumerate(lines):
        even = np.full(len(line.members), 1 / len(line.members))
        rows[number, place[line.members]] = even if line.weights is None else line.weights
    sd = np.array([np.hypot(line.blur_sd, ROUNDING) for line in lines])
    return Seen(rows, np.array([line.value for line in lines]), sd)
