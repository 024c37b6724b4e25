"""Gone silent: how soon it is noticed, at which rate of false alarms."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bench.report import Section, Size
from bench.scenarios import BASE, Scenario
from bench.worlds import World, build, every_four_weeks
from partnerloop.engine.interface import Floats
from partnerloop.engine.silence import PATIENCE, Asked, read_silence
from partnerloop.engine.watching import DAILY_LIST, STRICT, Detector, threshold_for, watch_silence

DAYS, JUDGED_FROM = 730, 365
STOPPING = 0.2


@dataclass(frozen=True)
class SilenceRow:
    """Partners whose people all stop answering on a day of the second year.

    false : alarms per partner-year at partners that did not stop;  by_90, by_180 : share of those
    that did, alarmed within so many days;  lively : the same by 180 among partners that had given
    at least 12 responses in the year before
    """

    world: str
    nominal: float
    false: float
    stopped: int
    by_90: float
    by_180: float
    median: float
    lively_by_180: float


@dataclass(frozen=True, eq=False)
class Quiet:
    """One world's asks by partner, who stopped when (inf: never), and responses a year before."""

    asked: list[Asked]
    stops: Floats
    before: Floats


def quiet_world(scenario: Scenario, *, partners: int, seed: int) -> Quiet:
    """This will ask everybody for two years, a fifth of the partners falling silent."""
    rng = np.random.default_rng([seed, 9])
    world = build(scenario, partners=partners, days=DAYS, rng=rng)
    log = every_four_weeks(world, design="overall", rng=rng)
    stops = _stops(world, rng)
    of = world.contacts.partner[log.contact]
    answered = (log.answered == 1) & (log.day < stops[of])
    usual = float(log.answered[log.day < JUDGED_FROM].mean())
    order = np.lexsort((log.day, of))
    ends = np.searchsorted(of[order], np.arange(partners + 1))
    asked = []
    for p in range(partners):
        rows = order[ends[p] : ends[p + 1]]
        asked.append(
            Asked(
                day=log.day[rows].astype(float),
                contact=log.contact[rows],
                answered=answered[rows],
                usual=np.full(rows.size, usual),
            )
        )
    year = answered & (log.day >= stops[of] - 365)
    return Quiet(asked, stops, np.bincount(of[year], minlength=partners).astype(float))


def _stops(world: World, rng: Generator) -> Floats:
    stopping = rng.random(world.partners) < STOPPING
    day = rng.uniform(JUDGED_FROM, DAYS - 190, world.partners)
    return np.where(stopping, day, np.inf)


def alarm_days(asked: Asked, *, rate: float) -> Floats:
    """This will tell when the engine would have said so."""
    given_up = asked.day + PATIENCE
    found = watch_silence(given_up, signs=read_silence(asked), rate=rate)
    return np.array([alarm.day for alarm in found], float)


def false_rate(worlds: list[Quiet], threshold: float) -> float:
    """This will tell crossings per partner-year at partners that never stopped."""
    crossings, partners = 0, 0
    for world in worlds:
        for asked, stop in zip(world.asked, world.stops, strict=True):
            if np.isfinite(stop):
                continue
            partners += 1
            signs = read_silence(asked)
            above = signs > threshold
            first = above & ~np.concatenate(([False], above[:-1]))
            crossings += int((first & (asked.day + PATIENCE >= JUDGED_FROM)).sum())
    return crossings / (partners * (DAYS - JUDGED_FROM) / 365)


def calibrated(worlds: list[Quiet], rate: float) -> float:
    """This will find the threshold that gives a rate of false alarms."""
    low, high = 0.5, 15.0
    for _ in range(16):
        middle = (low + high) / 2
        if false_rate(worlds, middle) > rate:
            low = middle
        else:
            high = middle
    return high


def sections(size: Size) -> list[Section]:
    """This will measure the detector on worlds its threshold has not seen."""
    partners = min(size.partners, 1000)
    worlds = [quiet_world(BASE, partners=partners, seed=s) for s in size.all_seeds]
    rows = [_row(worlds, BASE.name, rate) for rate in (STRICT, DAILY_LIST, 0.2)]
    says = (
        f"`bench quality --only silence`: {partners} partners asked every 28 days, "
        f"{size.seeds} seeds; a fifth of them stop answering for good in the second year."
    )
    return [Section("silence", "Gone silent", says, rows)]


@dataclass(frozen=True)
class ThresholdRow:
    """A threshold that lets a rate of false alarms through, per partner-year."""

    detector: str
    rate: float
    threshold: float


def calibrate(size: Size) -> list[Section]:
    """This will find the constants of gone silent."""
    seeds = range(1001, 1001 + size.seeds)
    worlds = [quiet_world(BASE, partners=size.partners, seed=seed) for seed in seeds]
    rates = (STRICT, 0.02, DAILY_LIST, 0.1, 0.2, 0.5)
    rows = [ThresholdRow("silent", rate, round(calibrated(worlds, rate), 2)) for rate in rates]
    says = f"`bench calibrate`: {size.partners} partners, seeds {seeds[0]}-{seeds[-1]}."
    return [Section("silence-thresholds", "Thresholds of gone silent", says, rows)]


def _row(worlds: list[Quiet], name: str, rate: float) -> SilenceRow:
    waits, before = [], []
    for world in worlds:
        for asked, stop, said in zip(world.asked, world.stops, world.before, strict=True):
            if np.isfinite(stop):
                later = alarm_days(asked, rate=rate)
                later = later[later >= stop]
                waits.append(float(later.min() - stop) if later.size else np.inf)
                before.append(said)
    wait, lively = np.array(waits), np.array(before) >= 12
    return SilenceRow(
        world=name,
        nominal=rate,
        false=false_rate(worlds, threshold_for(Detector.SILENT, rate=rate)),
        stopped=wait.size,
        by_90=float((wait <= 90).mean()),
        by_180=float((wait <= 180).mean()),
        median=float(np.median(wait)),
        lively_by_180=float((wait[lively] <= 180).mean()) if lively.any() else np.nan,
    )
