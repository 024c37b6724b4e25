"""How near to the truth scores come, and how often their intervals hold it.

Every method sees the same answers of the same worlds. The model learns its hyperparameters from
answers of year 1 only and is judged on twelve days of year 2; truth is never shown to it.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context

import numpy as np

from bench import baselines
from bench.evidence import as_evidence
from bench.report import Section, Size, spread
from bench.scenarios import HARDER, SCENARIOS, Scenario
from bench.worlds import LAYOUT, METRICS, World, build, every_four_weeks
from partnerloop.engine import Hyperparameters, program
from partnerloop.engine.columns import Columns
from partnerloop.engine.fitting import fit
from partnerloop.engine.interface import Floats

DAYS, YEAR = 730, 365
LOOKS = np.arange(390, 730, 30)
Z80, Z90, Z95 = 1.2815515655, 1.6448536270, 1.9599639845
ROTATE = "Three of the seven dimensions in rotation."
OVERALL = "One overall item (PartnerScore) and two dimensions in rotation."
EVIDENCE = (
    " Base world; the model is given what the product gives it: named answers and blurred atoms of "
    "three people, for shares of named/confidential/anonymous people. Companies are small (2.9 "
    "contacts on average), so confidential answers of most never count alone."
)
REFIT = " Base world: learnt once, or renewed every quarter from the answers until then."
QUICK = ("base", "silent_unhappy", "junk", "stormy", "sparse")


@dataclass(frozen=True, slots=True)
class Case:
    """One world to judge: everything follows from these."""

    scenario: Scenario
    seed: int
    partners: int
    design: str
    refit_every: int = 0
    named: float = 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the methods did in one world; coverage at 80, 90, 95 % for metrics and composite."""

    last5: float
    ewma90: float
    two_level: float
    model: float
    composite: float
    bias: float
    width95: float
    cover: tuple[float, float, float]
    cover_composite: tuple[float, float, float]
    one_contact: float
    after_break: float
    after_break_heard: float
    answers: float


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """Root mean squared errors in points, mean over seeds; what the model is better by, in %."""

    scenario: str
    answers: float
    last5: float
    ewma90: float
    two_level: float
    model: str
    composite: float
    below_last5: str
    below_ewma90: str
    below_two_level: str


@dataclass(frozen=True, slots=True)
class CoverRow:
    """Share of true values inside the interval, mean over seeds (metrics; then the composite)."""

    scenario: str
    cover80: float
    cover90: float
    cover95: str
    composite80: float
    composite90: float
    composite95: float
    one_contact95: float
    after_break95: float
    after_break_heard95: float
    width95: float
    bias: float


@dataclass(frozen=True, slots=True)
class _Table:
    """Which worlds one pair of tables shows; each row's case has seed and partners to come."""

    key: str
    says: str
    rows: dict[str, Case]
    seeds: int


def sections(size: Size) -> list[Section]:
    """This will judge the model in the ten scenarios, three dimensions in rotation."""
    return _judged(_Table("rotate", ROTATE, _ten(size, "rotate"), size.seeds), size)


def overall(size: Size) -> list[Section]:
    """This will judge what the product asks, in the base world."""
    return _judged(_Table("overall", OVERALL, {"base": _base(size)}, size.seeds), size)


def evidence(size: Size) -> list[Section]:
    """This will judge what the product knows: named answers and the ledger."""
    return _judged(_Table("evidence", OVERALL + EVIDENCE, _mixes(_base(size)), size.seeds), size)


def refit(size: Size) -> list[Section]:
    """This will judge what renewing the hyperparameters brings."""
    base = replace(_base(size), design="rotate")
    return _judged(_Table("refit", ROTATE + REFIT, _refits(base), min(2, size.seeds)), size)


def harder(size: Size) -> list[Section]:
    """This will judge worlds that the model does not assume; not in a quick run."""
    if size.quick:
        return []
    rows = {name: Case(one, 0, 0, "rotate") for name, one in HARDER.items()}
    return _judged(_Table("harder", ROTATE, rows, min(2, size.seeds)), size)


def overall_scenarios(size: Size) -> list[Section]:
    """This will judge what the product asks in the other nine scenarios; not in a quick run."""
    if size.quick:
        return []
    rows = {name: case for name, case in _ten(size, "overall").items() if name != "base"}
    return _judged(_Table("overall-scenarios", OVERALL, rows, min(2, size.seeds)), size)


def _base(size: Size) -> Case:
    return _ten(size, "overall")["base"]


def _ten(size: Size, design: str) -> dict[str, Case]:
    return {
        name: Case(SCENARIOS[name], 0, 0, design) for name in (QUICK if size.quick else SCENARIOS)
    }


def _mixes(base: Case) -> dict[str, Case]:
    return {
        "all answers": base,
        "50/40/10": replace(base, named=0.5),
        "10/80/10": replace(base, named=0.1),
    }


def _refits(base: Case) -> dict[str, Case]:
    return {"learnt once": base, "every quarter": replace(base, refit_every=91)}


def _judged(table: _Table, size: Size) -> list[Section]:
    seeds = size.all_seeds[: table.seeds]
    cases = [
        replace(case, seed=seed, partners=size.partners)
        for case in table.rows.values()
        for seed in seeds
    ]
    verdicts = judge_all(cases, processes=size.processes)
    found = {
        name: verdicts[n * len(seeds) : (n + 1) * len(seeds)] for n, name in enumerate(table.rows)
    }
    said = (
        f"`bench quality`: {len(seeds)} seeds from {seeds[0]}, {size.partners} partners, two "
        "years, every contact asked every 28 days, judged on 12 days of year 2; hyperparameters "
        f"learnt from year 1. {table.says}"
    )
    return _tables(table.key, found, said)


def _tables(key: str, found: dict[str, list[Verdict]], said: str) -> list[Section]:
    errors = [_error_row(name, verdicts) for name, verdicts in found.items()]
    covers = [_cover_row(name, verdicts) for name, verdicts in found.items()]
    title = {
        "rotate": "three dimensions",
        "overall": "one overall item and two dimensions",
        "evidence": "ledger and named answers",
        "refit": "renewing what is learnt",
        "overall-scenarios": "one overall item and two dimensions, other scenarios",
        "harder": "worlds the model does not assume",
    }[key]
    return [
        Section(
            f"error-{key}",
            f"Error: {title}",
            said + " Answers are per partner, metric and year; errors are root mean squares in "
            "points, below ... in % (mean ± sd over seeds).",
            errors,
        ),
        Section(
            f"cover-{key}",
            f"Coverage: {title}",
            said + " Share of true values inside the interval; after a break: within 90 days of a "
            "drop of all metrics, and there where somebody has answered since.",
            covers,
        ),
    ]


def judge_all(cases: list[Case], *, processes: int) -> list[Verdict]:
    """This will judge worlds side by side, in order."""
    if processes == 1:
        return [judge(case) for case in cases]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return list(pool.map(judge, cases))


@cache
def judge(case: Case) -> Verdict:
    """This will build a world, let all methods score it, and compare them with the truth.

    Remembered within a process: some worlds stand in several tables.
    """
    rng = np.random.default_rng([case.seed, 1])
    world = build(case.scenario, partners=case.partners, days=DAYS, rng=rng)
    asking = np.random.default_rng([case.seed, 2])
    columns = every_four_weeks(world, design=case.design, rng=asking).columns
    if case.named < 1:
        shares = {"named": case.named, "confidential": 0.9 - case.named}
        columns = as_evidence(columns, rng=np.random.default_rng([case.seed, 3]), **shares)
    averages = baselines.Averages.learn(columns, roles=len(LAYOUT.roles))
    simple = [
        _rmse(np.array([method(columns, averages, at=d + 0.5).mean for d in LOOKS]), world)
        for method in (baselines.last5, baselines.ewma90, baselines.two_level)
    ]
    mean, cov = score(columns, refit_every=case.refit_every)
    return _verdict(world, columns, simple, mean=mean, cov=cov)


def score(columns: Columns, *, refit_every: int = 0) -> tuple[Floats, Floats]:
    """This will filter with what was learnt before each look: (looks, partners, ...)."""
    hyper = fit(columns, layout=LAYOUT, hyper=Hyperparameters.default(LAYOUT), at=YEAR)
    steps = program.plan(columns, looks=(LOOKS + 0.5).tolist())
    run = program.run(steps, layout=LAYOUT, hyper=hyper)
    for day in range(YEAR + refit_every, DAYS, refit_every) if refit_every else ():
        hyper = fit(columns, layout=LAYOUT, hyper=hyper, at=day)
        later = program.run(steps, layout=LAYOUT, hyper=hyper)
        run.mean[day <= LOOKS] = later.mean[day <= LOOKS]
        run.cov[day <= LOOKS] = later.cov[day <= LOOKS]
    return run.mean, run.cov


def _rmse(mean: Floats, world: World) -> float:
    return float(np.sqrt(((mean - world.truth[LOOKS]) ** 2).mean()))


def _verdict(
    world: World, columns: Columns, simple: list[float], *, mean: Floats, cov: Floats
) -> Verdict:
    truth = world.truth[LOOKS].astype(float)
    shown = np.clip(mean, 0, 10)
    sd = np.sqrt(np.einsum("lpmm->lpm", cov))
    miss = np.abs(mean - truth) / sd
    middle, middle_sd = mean.mean(2), np.sqrt(cov.sum((2, 3))) / METRICS
    miss_middle = np.abs(middle - truth.mean(2)) / middle_sd
    staff = np.bincount(world.contacts.partner[world.active(YEAR)], minlength=world.partners)
    fallen, heard = _after_break(world, columns)
    return Verdict(
        last5=simple[0],
        ewma90=simple[1],
        two_level=simple[2],
        model=_rmse(shown, world),
        composite=float(np.sqrt(((shown.mean(2) - truth.mean(2)) ** 2).mean())),
        bias=float((shown - truth).mean()),
        width95=float((np.clip(mean + Z95 * sd, 0, 10) - np.clip(mean - Z95 * sd, 0, 10)).mean()),
        cover=_covers(miss),
        cover_composite=_covers(miss_middle),
        one_contact=float((miss[:, staff == 1] < Z95).mean()),
        after_break=_share(miss[fallen] < Z95),
        after_break_heard=_share(miss[fallen & heard] < Z95),
        answers=len(columns) / (world.partners * METRICS * DAYS / 365),
    )


def _covers(miss: Floats) -> tuple[float, float, float]:
    return float((miss < Z80).mean()), float((miss < Z90).mean()), float((miss < Z95).mean())


def _share(inside: np.ndarray) -> float:
    return float(inside.mean()) if inside.size else float("nan")


def _after_break(world: World, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
    """Looks and partners within 90 days of a full drop, and whether anybody has answered since."""
    shape = (len(LOOKS), world.partners)
    since = np.full(shape, -1.0)
    for n in np.flatnonzero((world.jumps.size < 0).all(1)):
        day, partner = world.jumps.day[n], world.jumps.partner[n]
        near = (day <= LOOKS) & (day + 90 >= LOOKS)
        since[near, partner] = np.maximum(since[near, partner], day)
    last = np.full(shape, -np.inf)
    for place, look in enumerate(LOOKS):
        known = columns.until(look + 0.5)
        np.maximum.at(last[place], known.partner, known.day)
    fallen = since >= 0
    return fallen, fallen & (last > since)


def _error_row(name: str, verdicts: list[Verdict]) -> ErrorRow:
    def mean(field: str) -> float:
        return float(np.mean([getattr(v, field) for v in verdicts]))

    def below(field: str) -> str:
        return spread([100 * (1 - v.model / getattr(v, field)) for v in verdicts])

    return ErrorRow(
        scenario=name,
        answers=mean("answers"),
        last5=mean("last5"),
        ewma90=mean("ewma90"),
        two_level=mean("two_level"),
        model=spread([v.model for v in verdicts]),
        composite=mean("composite"),
        below_last5=below("last5"),
        below_ewma90=below("ewma90"),
        below_two_level=below("two_level"),
    )


def _cover_row(name: str, verdicts: list[Verdict]) -> CoverRow:
    cover = np.array([v.cover for v in verdicts])
    composite = np.array([v.cover_composite for v in verdicts]).mean(0).tolist()

    def mean(field: str) -> float:
        return float(np.mean([getattr(v, field) for v in verdicts]))

    return CoverRow(
        scenario=name,
        cover80=float(cover[:, 0].mean()),
        cover90=float(cover[:, 1].mean()),
        cover95=spread(cover[:, 2].tolist()),
        composite80=composite[0],
        composite90=composite[1],
        composite95=composite[2],
        one_contact95=mean("one_contact"),
        after_break95=mean("after_break"),
        after_break_heard95=mean("after_break_heard"),
        width95=mean("width95"),
        bias=mean("bias"),
    )
