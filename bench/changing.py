"""Acceptance scenario 9.8: whether a change of the program is found, and a null change is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from bench.known import EVERY, MIXES, PROGRAM, known, meaning
from bench.report import Section, Size
from bench.scenarios import ACCEPTANCE
from bench.worlds import build, every_four_weeks
from partnerloop.engine.columns import Columns
from partnerloop.engine.effects import Answers, Design, Effect, Verdict, Windows, effect
from partnerloop.engine.interface import Floats

DAYS = 730
START, LIFT, COOPERATION, REGIONS = 400.0, 0.8, 2, 4


@dataclass(frozen=True)
class ChangeRow:
    """9.8 Program change: +.8 on Cooperation, or nothing, in one region of four from a day on.

    said : share of runs in which the placebo let something be said;  covers : the 95 % range holds
    the true change, among those;  better, no_effect : share of the runs that say so (goals: better
    where there is one, no effect in .90 of the others), among those that said something
    """

    evidence: str
    change: float
    runs: int
    said: float
    covers: float
    better: float
    no_effect: float
    width: float


def change(size: Size) -> list[Section]:
    """This will measure whether a change of the program is found, and a null change is not."""
    runs = size.seeds * (2 if size.quick else 12)
    rows = change_rows(MIXES, runs=runs, size=size)
    says = f"`bench scenarios --only change`: {PROGRAM} {runs} worlds, one comparison each. "
    return [Section("accept-change", "9.8 Program change", says + meaning(ChangeRow), rows)]


def change_rows(mixes: Mapping[str, float], *, runs: int, size: Size) -> list[ChangeRow]:
    """This will measure a change, and none, for each share of named people in the same worlds."""
    cases = [(name, lift) for name in mixes for lift in (LIFT, 0.0)]
    said: dict[tuple[str, float], list[Effect]] = {case: [] for case in cases}
    for seed, lift in product(range(size.first_seed, size.first_seed + runs), (LIFT, 0.0)):
        columns, starts = _asked(seed, lift=lift, partners=size.partners)
        for name, named in mixes.items():
            answers = _on_cooperation(known(columns, named=named, seed=seed))
            one = effect(answers, starts=starts, design=Design.COMPARISON, windows=Windows())
            said[name, lift].append(one)
    return [_row(name, lift, said[name, lift]) for name, lift in cases]


def _asked(seed: int, *, lift: float, partners: int) -> tuple[Columns, Floats]:
    """All answers of a world in which one region changes, and when it did so for each partner."""
    rng = np.random.default_rng([seed, 27])
    world = build(ACCEPTANCE, partners=partners, days=DAYS, rng=rng)
    starts = np.where(rng.integers(REGIONS, size=partners) == 0, START, np.inf)
    world.truth[int(START) :, starts == START, COOPERATION] += lift
    asking = np.random.default_rng([seed, 28])
    return every_four_weeks(world, design="overall", rng=asking, every=EVERY).columns, starts


def _row(name: str, lift: float, said: list[Effect]) -> ChangeRow:
    spoke = [(one, one.measured) for one in said if not one.reason and one.measured]
    verdicts = [one.verdict for one, _ in spoke]
    return ChangeRow(
        evidence=name,
        change=lift,
        runs=len(said),
        said=len(spoke) / len(said),
        covers=_share([d.low <= lift <= d.high for _, d in spoke]),
        better=_share([verdict is Verdict.BETTER for verdict in verdicts]),
        no_effect=_share([verdict is Verdict.NO_EFFECT_VISIBLE for verdict in verdicts]),
        width=float(np.mean([d.high - d.low for _, d in spoke])) if spoke else float("nan"),
    )


def _on_cooperation(columns: Columns) -> Answers:
    """The rows on one dimension; the people behind a company's atoms count as one person."""
    c = columns.where(columns.metric == COOPERATION)
    people = int(columns.rater.max(initial=0)) + 1
    return Answers(
        partner=c.partner,
        rater=np.where(c.rater < 0, people + c.partner, c.rater),
        item=c.role + 1,
        day=c.day,
        value=c.value,
    )


def _share(found: list[bool]) -> float:
    return float(np.mean(found)) if found else float("nan")
