"""Alarms: how many drops are found, how soon, at which rate of false alarms."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from bench.evidence import as_evidence
from bench.report import Section, Size
from bench.scenarios import BASE, HARDER, SCENARIOS, Scenario
from bench.worlds import LAYOUT, World, build, every_four_weeks
from partnerloop.engine import program
from partnerloop.engine.columns import Columns
from partnerloop.engine.fitting import fit
from partnerloop.engine.interface import Floats, Hyperparameters
from partnerloop.engine.signs import Heard, read_signs
from partnerloop.engine.watching import (
    DAILY_LIST,
    FALL,
    PEACE,
    PEAK_DAYS,
    STRICT,
    Detector,
    threshold_for,
)

DAYS, JUDGED_FROM, FOUND_WITHIN = 730, 365, 90
LARGE = 1.5
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
Readings = list[tuple[Floats, Floats]]


@dataclass(frozen=True)
class AlarmRow:
    """One detector at one nominal rate of false alarms per partner-year, in one kind of world.

    false : realised rate; an alarm is false if the true composite is less than .75 below its peak
    of 120 days;  precision : share of alarms that are not;  drops : sudden drops of all metrics by
    1.5 or more;  by_30, by_90 : share of them alarmed within so many days;  median : days to the
    alarm (inf: more than half were never found);  heard : drops at partners with at least 40
    answers a year, by_90_heard the share of those found within 90 days
    """

    detector: str
    world: str
    evidence: str
    nominal: float
    false: float
    precision: float
    drops: int
    by_30: float
    by_90: float
    median: float
    heard: int
    by_90_heard: float


@dataclass(frozen=True, eq=False)
class Watched:
    """A world with every detector's sign for every partner, as known on each day."""

    world: World
    readings: dict[str, Readings]
    yearly: Floats


@dataclass(frozen=True)
class Task:
    """One world to be watched."""

    scenario: Scenario
    seed: int
    partners: int
    evidence: str


def watch_world(task: Task) -> Watched:
    """This will ask everybody for two years, learn from the first and read all signs."""
    rng = np.random.default_rng([task.seed, 3])
    world = build(task.scenario, partners=task.partners, days=DAYS, rng=rng)
    log = every_four_weeks(world, design="overall", rng=rng)
    columns = log.columns
    if task.evidence == "ledger and named":
        columns = as_evidence(columns, rng=rng)
    start = Hyperparameters.default(LAYOUT)
    hyper = fit(columns, layout=LAYOUT, hyper=start, at=float(JUDGED_FROM))
    signs = [
        read_signs(heard, segment=int(world.segments[p]), layout=LAYOUT, hyper=hyper)
        for p, heard in enumerate(split(columns))
    ]
    readings = {
        "drop": [(s.day, s.drop) for s in signs],
        "rise": [(s.day, s.rise) for s in signs],
        "cusum of surprises": [(s.day, running_sum(-s.surprise)) for s in signs],
        "points below peak": _below_peak(columns, hyper),
    }
    late = columns.day >= JUDGED_FROM
    people = columns.people[late]
    yearly = np.bincount(columns.partner[late], people, world.partners).astype(float)
    return Watched(world, readings, yearly)


def split(columns: Columns) -> list[Heard]:
    """This will sort a program's observations by partner and day."""
    order = np.lexsort((columns.day, columns.partner))
    ends = np.searchsorted(columns.partner[order], np.arange(len(columns.segments) + 1))
    found = []
    for p in range(len(columns.segments)):
        rows = order[ends[p] : ends[p + 1]]
        found.append(
            Heard(
                day=columns.day[rows],
                metric=columns.metric[rows],
                value=columns.value[rows],
                rater=columns.rater[rows],
                role=columns.role[rows],
                people=columns.people[rows],
                blur_sd=columns.blur_sd[rows],
            )
        )
    return found


def running_sum(surprises: Floats, *, slack: float = 0.5) -> Floats:
    """This will sum surprises less a slack, never below nothing (Page's CUSUM): the baseline."""
    sums, now = np.empty(surprises.size), 0.0
    for k, surprise in enumerate(surprises.tolist()):
        now = max(0.0, now + surprise - slack)
        sums[k] = now
    return sums


def _below_peak(columns: Columns, hyper: Hyperparameters) -> Readings:
    """The score itself, weekly, below its highest of 120 days: the other baseline."""
    looks = np.arange(JUDGED_FROM - 140, DAYS, 7.0)
    found = program.run(program.plan(columns, looks=looks.tolist()), layout=LAYOUT, hyper=hyper)
    scores = found.mean.mean(axis=2)
    weeks = PEAK_DAYS // 7
    peaks = np.stack([scores[max(0, k - weeks) : k + 1].max(axis=0) for k in range(looks.size)])
    below = peaks - scores
    return [(looks, below[:, p]) for p in range(below.shape[1])]


@dataclass(frozen=True, eq=False)
class Sounded:
    """Alarms of one detector in one world: partner, day, and whether each was false."""

    partner: np.ndarray
    day: Floats
    false: np.ndarray


def sound(watched: Watched, sign: str, threshold: float) -> Sounded:
    """This will let the alarms go off in the judged year, by the rule of the engine."""
    partner: list[int] = []
    days: list[float] = []
    for p, (day, value) in enumerate(watched.readings[sign]):
        above = value > threshold
        crossing = np.flatnonzero(above & ~np.concatenate(([False], above[:-1])))
        last = -np.inf
        for k in crossing.tolist():
            if day[k] - last >= PEACE:
                last = day[k]
                if last >= JUDGED_FROM:
                    partner.append(p)
                    days.append(float(last))
    who, when = np.array(partner, int), np.array(days, float)
    moved = _moved(watched.world, up=sign == "rise")
    at = np.minimum(when.astype(int), DAYS - 1)
    return Sounded(who, when, moved[at, who] < FALL)


def _moved(world: World, *, up: bool) -> Floats:
    """How far the true composite lies below its peak (above its lowest) of 120 days."""
    composite = world.truth.astype(np.float64).mean(axis=2) * (-1.0 if up else 1.0)
    peak = composite.copy()
    for back in range(1, PEAK_DAYS + 1):
        peak[back:] = np.maximum(peak[back:], composite[:-back])
    return np.asarray(peak - composite)


def false_rate(watched: list[Watched], sign: str, threshold: float) -> float:
    """This will tell the realised false alarms per partner-year."""
    years = sum(w.world.partners for w in watched) * (DAYS - JUDGED_FROM) / 365
    return float(sum(sound(w, sign, threshold).false.sum() for w in watched)) / years


def calibrated(watched: list[Watched], sign: str, rate: float) -> float:
    """This will find the threshold that gives a rate of false alarms."""
    values = np.concatenate([v for w in watched for _, v in w.readings[sign]])
    low, high = float(np.quantile(values, 0.3)), float(values.max())
    for _ in range(18):
        middle = (low + high) / 2
        if false_rate(watched, sign, middle) > rate:
            low = middle
        else:
            high = middle
    return high


def watch_all(tasks: Sequence[Task], *, processes: int) -> list[Watched]:
    """This will watch worlds side by side."""
    if processes == 1 or len(tasks) == 1:
        return [watch_world(task) for task in tasks]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return list(pool.map(watch_world, tasks))


def sections(size: Size) -> list[Section]:
    """This will measure the detectors on worlds their thresholds have not seen."""
    partners = min(size.partners, 500 if size.quick else 1000)
    plans: list[tuple[Scenario, str]] = [(BASE, "all answers"), (BASE, "ledger and named")]
    if not size.quick:
        others = ("stormy", "sparse", "harsh_raters", "silent_unhappy")
        plans += [(SCENARIOS[name], "all answers") for name in others]
        plans += [(HARDER[n], "all answers") for n in ("no_breaks", "drifting_leniency")]
    rows: list[AlarmRow] = []
    for scenario, evidence in plans:
        seeds = size.all_seeds if scenario is BASE else list(size.all_seeds)[:2]
        tasks = [Task(scenario, seed, partners, evidence) for seed in seeds]
        rows += rows_of(watch_all(tasks, processes=size.processes), scenario.name, evidence)
    says = (
        f"`bench quality --only watching`: {partners} partners asked every 28 days, second year, "
        f"{size.seeds} seeds (2 outside base). The engine's thresholds are its constants, "
        "calibrated on other seeds; those of the baselines are fitted to these very worlds, which "
        "favours them. What the columns mean is written at `AlarmRow` in bench/watching.py."
    )
    return [Section("watching", "Alarms", says, rows)]


def rows_of(watched: list[Watched], world: str, evidence: str) -> list[AlarmRow]:
    """This will tell how each detector did in worlds of one kind."""
    rows = []
    for name, detector, rate in (
        ("daily list", Detector.DROP, DAILY_LIST),
        ("daily list", Detector.DROP, 0.5),
        ("strict pager", Detector.PAGER, STRICT),
    ):
        threshold = threshold_for(detector, rate=rate)
        rows.append(_row(name, watched, "drop", threshold, rate, world, evidence))
    if world == "base":
        for sign in ("cusum of surprises", "points below peak"):
            threshold = calibrated(watched, sign, DAILY_LIST)
            rows.append(_row(sign, watched, sign, threshold, DAILY_LIST, world, evidence))
    return rows


def _row(
    name: str,
    watched: list[Watched],
    sign: str,
    threshold: float,
    rate: float,
    world: str,
    evidence: str,
) -> AlarmRow:
    sounded = [sound(w, sign, threshold) for w in watched]
    found = [waits(w, s) for w, s in zip(watched, sounded, strict=True)]
    wait = np.concatenate([days for days, _ in found])
    many = np.concatenate([heard for _, heard in found])
    alarms = sum(s.day.size for s in sounded)
    false = sum(int(s.false.sum()) for s in sounded)
    years = sum(w.world.partners for w in watched) * (DAYS - JUDGED_FROM) / 365
    return AlarmRow(
        detector=name,
        world=world,
        evidence=evidence,
        nominal=rate,
        false=false / years,
        precision=1.0 - false / alarms if alarms else np.nan,
        drops=wait.size,
        by_30=float((wait <= 30).mean()) if wait.size else np.nan,
        by_90=float((wait <= FOUND_WITHIN).mean()) if wait.size else np.nan,
        median=float(np.median(wait)) if wait.size else np.nan,
        heard=int(many.sum()),
        by_90_heard=float((wait[many] <= FOUND_WITHIN).mean()) if many.any() else np.nan,
    )


def waits(watched: Watched, sounded: Sounded) -> tuple[Floats, np.ndarray]:
    """Days from each large drop to the next alarm of its partner, and who is much heard."""
    jumps = watched.world.jumps
    large = jumps.size.max(axis=1) <= -LARGE
    large &= (jumps.day >= JUDGED_FROM) & (jumps.day < DAYS - FOUND_WITHIN)
    found = []
    for p, day in zip(jumps.partner[large], jumps.day[large], strict=True):
        later = sounded.day[(sounded.partner == p) & (sounded.day >= day)]
        found.append(float(later.min() - day) if later.size else np.inf)
    return np.array(found, float), watched.yearly[jumps.partner[large]] >= 40


@dataclass(frozen=True)
class ThresholdRow:
    """A threshold that lets a rate of false alarms through, per partner-year."""

    detector: str
    rate: float
    threshold: float


def calibrate(size: Size) -> list[Section]:
    """This will find the constants of `partnerloop.engine.watching.THRESHOLDS`."""
    seeds = range(1001, 1001 + size.seeds)
    partners = min(size.partners, 1000)
    tasks = [Task(BASE, seed, partners, "all answers") for seed in seeds]
    watched = watch_all(tasks, processes=size.processes)
    rows = [
        ThresholdRow(detector, rate, round(calibrated(watched, sign, rate), 2))
        for detector, sign in (("drop", "drop"), ("recovered", "rise"))
        for rate in RATES
    ]
    says = f"`bench calibrate`: base world, {partners} partners, seeds {seeds[0]}-{seeds[-1]}."
    return [Section("thresholds", "Thresholds", says, rows)]
