"""The acceptance scenarios that chance decides, on the simulated program of 300 partners.

Each is judged on what may be shown (named answers and the ledger's atoms, figures not older than
half a year), for two shares of named/confidential/anonymous people, beside the engine on all
answers. The gate is re-enacted on columns: see `as_evidence` and `shown`.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.fatigue import fatigue
from bench.known import EVERY, MIXES, PROGRAM, known, meaning
from bench.report import Section, Size
from bench.scenarios import ACCEPTANCE, Scenario
from bench.seasons import DAYS, drawn, fitted, season
from bench.watching import FOUND_WITHIN, ThresholdRow, Watched, sound, split, waits
from bench.worlds import LAYOUT, METRICS, World, build, every_four_weeks
from partnerloop.engine import Hyperparameters, program
from partnerloop.engine.choosing import Policy
from partnerloop.engine.columns import Columns
from partnerloop.engine.fitting import fit
from partnerloop.engine.interface import Floats
from partnerloop.engine.signs import read_signs
from partnerloop.engine.watching import DAILY_LIST, Detector, threshold_for

YEAR, RECENT, Z90 = 365, 182.0, 1.6448536270
LOOKS = np.arange(395, DAYS, 30)
QUIET_WEEKS, ALARMS_A_YEAR = 250, 2.6
CALM = replace(ACCEPTANCE, name="no_breaks", jumps=0.0)
BUDGET = 0.2


@dataclass(frozen=True, eq=False)
class Told:
    """One world and what one share of named people lets the product know of it."""

    world: World
    columns: Columns
    hyper: Hyperparameters


def tell(scenario: Scenario, *, seed: int, partners: int, named: float) -> Told:
    """This will build a world, ask, and keep what may be known."""
    world = build(scenario, partners=partners, days=DAYS, rng=np.random.default_rng([seed, 21]))
    asking = np.random.default_rng([seed, 22])
    columns = every_four_weeks(world, design="overall", rng=asking, every=EVERY).columns
    columns = known(columns, named=named, seed=seed)
    start = Hyperparameters.default(LAYOUT)
    return Told(world, columns, fit(columns, layout=LAYOUT, hyper=start, at=float(YEAR)))


def shown(told: Told, *, at: float) -> NDArray[np.bool_]:
    """This will mark the partners whose own figure is shown: somebody spoke within half a year."""
    recent = told.columns.where((told.columns.day <= at) & (told.columns.day > at - RECENT))
    return np.bincount(recent.partner, minlength=told.world.partners) > 0


@dataclass(frozen=True)
class RangeRow:
    """9.2 Few answers: share of partners whose true value lies in the 90 % range shown.

    composite, metrics : over partners, days and seeds (goal .87-.93); lowest, highest : composite
    of single seeds;  shown : share of partners with a figure of their own;  width : of the
    composite's range, points
    """

    evidence: str
    shown: float
    composite: float
    lowest: float
    highest: float
    metrics: float
    width: float


def ranges(size: Size) -> list[Section]:
    """This will measure how often ranges hold that may be shown."""
    rows = [range_row(name, named, size) for name, named in MIXES.items()]
    says = f"`bench scenarios --only ranges`: {PROGRAM} {size.seeds} seeds. "
    return [Section("accept-ranges", "9.2 Few answers", says + meaning(RangeRow), rows)]


def range_row(name: str, named: float, size: Size) -> RangeRow:
    """This will measure the ranges for one share of named people."""
    composite, metrics, share, width = [], [], [], []
    for seed in size.all_seeds:
        told = tell(ACCEPTANCE, seed=seed, partners=size.partners, named=named)
        steps = program.plan(told.columns, looks=(LOOKS + 0.5).tolist())
        run = program.run(steps, layout=LAYOUT, hyper=told.hyper)
        seen = np.array([shown(told, at=day + 0.5) for day in LOOKS])
        truth = told.world.truth[LOOKS].astype(float)
        sd = np.sqrt(np.einsum("lpmm->lpm", run.cov))
        low, high = _range(run.mean.mean(2), np.sqrt(run.cov.sum((2, 3))) / METRICS)
        inside = _holds(truth.mean(2), low, high)
        composite.append(float(inside[seen].mean()))
        metrics.append(float(_holds(truth, *_range(run.mean, sd))[seen].mean()))
        share.append(float(seen.mean()))
        width.append(float((high - low)[seen].mean()))
    return RangeRow(
        evidence=name,
        shown=float(np.mean(share)),
        composite=float(np.mean(composite)),
        lowest=min(composite),
        highest=max(composite),
        metrics=float(np.mean(metrics)),
        width=float(np.mean(width)),
    )


def _range(mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """The range as a page prints it: inside the scale, to one decimal."""
    low, high = np.clip(mean - Z90 * sd, 0, 10), np.clip(mean + Z90 * sd, 0, 10)
    return np.round(low, 1), np.round(high, 1)


def _holds(truth: Floats, low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Whether a range holds the truth, itself to the decimal in which ranges are told."""
    shown = np.round(truth, 1)
    return np.asarray((low <= shown) & (shown <= high))


@dataclass(frozen=True)
class QuietRow:
    """9.1 Monday in five minutes: what Today names, at 2.6 alarms a year in a steady program.

    quiet : share of weeks without an alarm in worlds without jumps (goal .95);  honest : the same
    if an alarm is allowed where the true composite had fallen by .75 or more within 120 days;
    listed : share of sudden drops of 1.5 or more that the daily list (.05) finds within 90 days;
    named : that Today finds, as a share of those (goal 1/3);  five : weeks with more than five
    """

    evidence: str
    weeks: int
    quiet: float
    honest: float
    drops: int
    listed: float
    named: float
    five: int


def monday(size: Size) -> list[Section]:
    """This will measure how quiet quiet weeks are, and what is named when something breaks."""
    rows = [quiet_row(name, named, size) for name, named in MIXES.items()]
    says = f"`bench scenarios --only monday`: {PROGRAM} {size.seeds} seeds, more for quiet weeks. "
    return [Section("accept-monday", "9.1 Monday in five minutes", says + meaning(QuietRow), rows)]


def quiet_row(name: str, named: float, size: Size) -> QuietRow:
    """This will measure Today for one share of named people."""
    weeks = (DAYS - YEAR) // 7
    needed = size.seeds if size.quick else max(size.seeds, -(-QUIET_WEEKS // weeks))
    strict = threshold_for(Detector.TODAY, rate=ALARMS_A_YEAR / size.partners)
    loud, false, five = 0, 0, 0
    for seed in range(size.first_seed, size.first_seed + needed):
        heard = sound(_watched(CALM, seed=seed, size=size, named=named), "drop", strict)
        week = ((heard.day - YEAR) // 7).astype(int)
        loud += len(np.unique(week))
        false += len(np.unique(week[heard.false]))
        five += int((np.bincount(week, minlength=1) > 5).sum())
    worlds = [_watched(ACCEPTANCE, seed=s, size=size, named=named) for s in size.all_seeds]
    listing = threshold_for(Detector.DROP, rate=DAILY_LIST)
    found = {
        limit: np.concatenate([waits(w, sound(w, "drop", limit))[0] for w in worlds])
        for limit in (strict, listing)
    }
    listed = found[listing] <= FOUND_WITHIN
    today = found[strict] <= FOUND_WITHIN
    return QuietRow(
        evidence=name,
        weeks=needed * weeks,
        quiet=1.0 - loud / (needed * weeks),
        honest=1.0 - false / (needed * weeks),
        drops=listed.size,
        listed=float(listed.mean()),
        named=float(today.sum() / max(1, listed.sum())),
        five=five,
    )


def _watched(scenario: Scenario, *, seed: int, size: Size, named: float) -> Watched:
    told = tell(scenario, seed=seed, partners=size.partners, named=named)
    signs = [
        read_signs(one, segment=int(told.world.segments[p]), layout=LAYOUT, hyper=told.hyper)
        for p, one in enumerate(split(told.columns))
    ]
    return Watched(
        told.world,
        {"drop": [(one.day, one.drop) for one in signs]},
        np.bincount(told.columns.partner, minlength=told.world.partners).astype(float),
    )


TODAY_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


def calibrate(size: Size) -> list[Section]:
    """This will find the constants of Today: all alarms count, and nothing ever breaks."""
    seeds = range(1001, 1001 + size.seeds)
    small = replace(size, partners=300)
    watched = [_watched(CALM, seed=seed, size=small, named=1.0) for seed in seeds]
    years = len(watched) * small.partners * (DAYS - YEAR) / 365
    grid = np.arange(-3.5, 4.0, 0.05)
    rates = [sum(sound(w, "drop", float(t)).day.size for w in watched) / years for t in grid]
    rows = [
        ThresholdRow("today", rate, round(float(grid[np.argmax(np.array(rates) <= rate)]), 2))
        for rate in TODAY_RATES
    ]
    says = f"`bench calibrate`: 300 partners without jumps, seeds {seeds[0]}-{seeds[-1]}."
    return [Section("today-thresholds", "Thresholds of Today", says, rows)]


@dataclass(frozen=True)
class AskingRow:
    """9.3 Unbiased asking: the engine's draw in the last 90 days, a fifth of the contacts a week.

    ratio : largest over smallest chance within role and segment (goal 1.5);  silent : chance of
    the silent third over the average (goal .9);  uneven : largest deviation of asks per dimension
    from their mean (goal .12);  dimension_wait : days a dimension of a partner with three
    contacts waited (goal 182);  partner_wait : days between two asks of a partner (goal 60)
    """

    seeds: int
    ratio: float
    silent: float
    uneven: float
    dimension_wait: float
    partner_wait: float


def asking(size: Size) -> list[Section]:
    """This will measure how fair the draw is: the worst seed, for each promise."""
    found = []
    for seed in size.all_seeds:
        rng = np.random.default_rng([seed, 24])
        world = build(ACCEPTANCE, partners=size.partners, days=DAYS, rng=rng)
        model = fitted(world, rng=np.random.default_rng([seed, 25]))
        chance = np.random.default_rng([seed, 26])
        found.append(season(world, drawn(Policy()), budget=BUDGET, model=model, rng=chance))
    row = AskingRow(
        seeds=len(found),
        ratio=max(one.ratio for one in found),
        silent=min(one.silent for one in found),
        uneven=max(one.uneven for one in found),
        dimension_wait=max(one.dimension_wait for one in found),
        partner_wait=max(one.longest_wait for one in found),
    )
    says = (
        f"`bench scenarios --only asking`: {PROGRAM} Weekly draws, the worst of {size.seeds} "
        "seeds. Drawn from covariances and who was asked, so the modes of the answers do not "
        "matter much; `tests/planning/test_unbiased_asking.py` judges the product itself. "
    )
    return [Section("accept-asking", "9.3 Unbiased asking", says + meaning(AskingRow), [row])]


SECTIONS = {"monday": monday, "ranges": ranges, "asking": asking, "fatigue": fatigue}
