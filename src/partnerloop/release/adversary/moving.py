"""Rules that are about when a figure moves: without one, a single step tells of a single answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from partnerloop.programs.models import Program
from partnerloop.release.adversary import mutants
from partnerloop.release.adversary.ledger import ledger
from partnerloop.release.adversary.worlds import CONFIDENTIAL, Setting, simulate

FALL = 1.1
UNHAPPY = 0.2


@dataclass(frozen=True, slots=True)
class Switched:
    """An attack with a rule in force and without it, in per cent; `at_least` is what it must reach.

    `what` says what the per cent are of.
    """

    rule: str
    what: str
    with_rule: float
    without: float
    at_least: float

    @property
    def rises(self) -> bool:
        return self.without >= self.at_least and self.without > self.with_rule


Switch = Callable[[Setting, Generator], Switched]


def refit(setting: Setting, rng: Generator) -> Switched:
    """A shared mean of 30 answers takes in one more; 50 companies' figures move with it."""
    right = []
    for _ in range(200):
        values = np.clip(np.rint(rng.normal(setting.spreads.mean, 1.8, 31)), 0, 10)
        shrinkage = rng.uniform(0.3, 0.7, 50)
        figures = list(
            mutants.moved_means(values[:30], newest=float(values[30]), shrinkage=shrinkage)
        )
        before, after = np.array(figures).T
        moved = _inside(after, shrinkage) * 31 - _inside(before, shrinkage) * 30
        right.append(round(moved) == values[30])
    return Switched("refit on the ledger", "exact", 0.0, 100 * float(np.mean(right)), at_least=80)


def alert(setting: Setting, rng: Generator) -> Switched:
    """An alert rings when the score of all answers falls: who answered last is unhappy."""
    world = simulate(replace(setting, partners=1500), rng=rng)  # alerts are rare
    answers = world.answers
    hidden = np.flatnonzero(answers.mode == CONFIDENTIAL)
    mean_of = {
        one: float(answers.value[hidden][answers.person[hidden] == one].mean())
        for one in np.unique(answers.person[hidden]).tolist()
    }
    limit = np.quantile(list(mean_of.values()), UNHAPPY)
    rung, everyone = [], []
    for partner in range(world.setting.partners):
        ours = np.flatnonzero((answers.partner == partner) & (answers.mode <= CONFIDENTIAL))
        score = setting.spreads.mean
        for number in ours.tolist():
            moved = score + 0.25 * (answers.value[number] - score)
            if answers.mode[number] == CONFIDENTIAL:
                unhappy = mean_of[int(answers.person[number])] <= limit
                everyone.append(unhappy)
                if score - moved >= FALL:
                    rung.append(unhappy)
            score = moved
    what = "newest person is in the unhappiest fifth"
    shares = 100 * float(np.mean(everyone)), 100 * float(np.mean(rung))
    return Switched("alerts on released figures", what, *shares, at_least=50)


def weekly_tick(setting: Setting, rng: Generator) -> Switched:
    """An atom on the day of its third answer tells whose answer completed it."""
    world = simulate(setting, rng=rng)
    chance = []
    for line in ledger(world, Program()).lines:
        days = world.answers.day[line.members]
        chance.append(1 / max(int((days >= line.day - 7).sum()), 1))
    what = "whose answer completed a batch"
    return Switched("weekly tick", what, 100 * float(np.mean(chance)), 100.0, at_least=99)


def _inside(figures: np.ndarray, shrinkage: np.ndarray) -> float:
    """The middle of what all rounded figures allow the shared mean to be."""
    low = ((figures - 0.05) / shrinkage).max()
    high = ((figures + 0.05) / shrinkage).min()
    return float(low + high) / 2
