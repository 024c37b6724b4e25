"""Time and memory: one live answer, one stored state, and everything rescored from a file."""

import math
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np

from bench.report import Section, Size
from bench.worlds import LAYOUT
from partnerloop.engine import FilterModel, Hyperparameters, Layout, Observation, State, program
from partnerloop.engine.columns import Columns

PEOPLE, ANSWERS, DAYS, REPEATS = 6, 100, 730, 5
QUIET = "SET enable_progress_bar = false"
COUNTS = (10_000, 100_000, 1_000_000, 10_000_000)


@dataclass(frozen=True, slots=True)
class LiveRow:
    """Microseconds of one answer's update; with bytes: the state read and written as well."""

    metrics: int
    contacts: int
    update_p50_us: float
    update_p95_us: float
    with_bytes_p50_us: float
    with_bytes_p95_us: float
    state_bytes: int


@dataclass(frozen=True, slots=True)
class RescoreRow:
    """A whole program from a Parquet file of answers in order of arrival to all beliefs."""

    answers: int
    partners: int
    processes: int
    seconds: float
    cpu_s: float
    reading_s: float
    planning_s: float
    filtering_s: float
    cpu_us_per_answer: float
    file_mb: float


def live(_: Size) -> list[Section]:
    """This will time answers as they arrive, one by one."""
    rows = [_live_row(metrics=7), _live_row(metrics=12)]
    says = (
        "`bench speed`: answers of six contacts with the names of UUIDs, taken in one by one "
        "(NumPy, one core); each the fastest of "
        f"{REPEATS} runs of the same answers, so that other programs on the machine do not count."
    )
    return [Section("speed-live", "Speed: one answer", says, rows)]


def rescore(size: Size) -> list[Section]:
    """This will time whole programs, 100 answers per partner."""
    counts = COUNTS[:3] if size.quick else COUNTS
    with TemporaryDirectory() as folder:
        rows = [_rescored(n, Path(folder), processes=size.processes) for n in counts]
    says = (
        f"`bench speed`: from Parquet, rows in order of arrival, {ANSWERS} answers of {PEOPLE} "
        "contacts per partner, to every partner's metrics with covariance; seconds of the wall "
        "clock, with the start of the processes. Reading, planning and filtering are the slowest "
        "process's; processor seconds (cpu) are those of all processes: a busy machine "
        "can be told from a slow program."
    )
    return [Section("speed-rescore", "Speed: rescoring everything", says, rows)]


SECTIONS = {"live": live, "rescore": rescore}


def _live_row(*, metrics: int) -> LiveRow:
    layout = Layout(metrics=tuple(f"m{n}" for n in range(metrics)))
    model = FilterModel(layout, Hyperparameters.default(layout))
    answers = _made_up(layout)
    runs = [_timed(model, answers) for _ in range(REPEATS)]
    plain = 1e6 * np.min([run.plain for run in runs], axis=0)[200:]
    packed = 1e6 * np.min([run.packed for run in runs], axis=0)[200:]
    return LiveRow(
        metrics=metrics,
        contacts=PEOPLE,
        update_p50_us=float(np.percentile(plain, 50)),
        update_p95_us=float(np.percentile(plain, 95)),
        with_bytes_p50_us=float(np.percentile(packed, 50)),
        with_bytes_p95_us=float(np.percentile(packed, 95)),
        state_bytes=runs[0].size,
    )


def _made_up(layout: Layout) -> list[Observation]:
    rng = np.random.default_rng(7)
    people = [f"{rng.integers(2**63):032x}" for _ in range(PEOPLE)]
    return [
        Observation(
            day=day,
            metric=int(rng.integers(layout.items)),
            value=float(rng.integers(11)),
            rater=people[int(rng.integers(PEOPLE))],
            role=int(rng.integers(5)),
        )
        for day in np.sort(rng.uniform(0, DAYS, 2000)).tolist()
    ]


@dataclass(frozen=True, slots=True)
class _Times:
    plain: list[float]
    packed: list[float]
    size: int


def _timed(model: FilterModel, answers: list[Observation]) -> _Times:
    state, plain, packed = model.start(0), [], []
    for answer in answers:
        stored = state.to_bytes()
        begin = time.perf_counter()
        state = model.update(state, observations=[answer], at=answer.day)
        plain.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        model.update(State.from_bytes(stored), observations=[answer], at=answer.day).to_bytes()
        packed.append(time.perf_counter() - begin)
    return _Times(plain, packed, len(state.to_bytes()))


def _rescored(answers: int, folder: Path, *, processes: int) -> RescoreRow:
    path = folder / f"{answers}.parquet"
    partners = write(path, answers=answers)
    begin = time.perf_counter()
    parts = [(str(path), part, processes) for part in range(processes)]
    if answers < 500_000:
        processes, parts = 1, [(str(path), 0, 1)]
        told = [rescore_part(parts[0])]
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            told = list(pool.map(rescore_part, parts))
    seconds = time.perf_counter() - begin
    slowest = np.max([row.times for row in told], axis=0).tolist()
    if sum(len(row.mean) for row in told) != partners:
        raise RuntimeError("some partners were not rescored")
    return RescoreRow(
        answers=answers,
        partners=partners,
        processes=processes,
        seconds=seconds,
        cpu_s=sum(row.cpu for row in told),
        reading_s=slowest[0],
        planning_s=slowest[1],
        filtering_s=slowest[2],
        cpu_us_per_answer=1e6 * sum(row.cpu for row in told) / answers,
        file_mb=path.stat().st_size / 1e6,
    )


def write(path: Path, *, answers: int) -> int:
    """This will write a file of made-up answers and tell the number of partners."""
    partners = math.ceil(answers / ANSWERS)
    rng = np.random.default_rng(answers)
    partner = rng.integers(partners, size=answers).astype(np.int32)
    partner[:partners] = np.arange(partners)
    level = rng.normal(7, 1.5, partners)[partner]
    table = {
        "partner": partner,
        "day": np.sort(rng.uniform(0, DAYS, answers)).astype(np.float32).astype(np.float64),
        "metric": rng.integers(LAYOUT.items, size=answers).astype(np.uint8),
        "value": np.clip(np.rint(level + rng.normal(0, 1.5, answers)), 0, 10).astype(np.uint8),
        "rater": partner * PEOPLE + rng.integers(PEOPLE, size=answers).astype(np.int32),
        "role": rng.integers(5, size=answers).astype(np.int8),
    }
    with duckdb.connect() as base:
        base.execute(QUIET)
        base.register("answers", table)
        base.execute(f"COPY answers TO '{path}' (FORMAT parquet)")
    return partners


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One process's share: beliefs on the last day, and seconds of reading, planning, filtering."""

    mean: np.ndarray
    sd: np.ndarray
    times: tuple[float, float, float]
    cpu: float


def rescore_part(part: tuple[str, int, int]) -> Part:
    """This will rescore every n-th partner of a file."""
    path, which, parts = part
    t0, cpu = time.perf_counter(), time.process_time()
    with duckdb.connect(config={"threads": 1}) as base:
        base.execute(QUIET)
        got = base.execute(
            "SELECT partner // $2 AS partner, day, metric, value, rater, role "
            "FROM read_parquet($1) WHERE partner % $2 = $3",
            [path, parts, which],
        ).fetchnumpy()
    columns = Columns.named(
        segments=np.zeros(int(got["partner"].max()) + 1, np.int64),
        **{name: np.asarray(column) for name, column in got.items()},
    )
    t1 = time.perf_counter()
    steps = program.plan(columns, looks=[DAYS])
    t2 = time.perf_counter()
    layout = Layout()
    run = program.run(steps, layout=layout, hyper=Hyperparameters.default(layout))
    t3 = time.perf_counter()
    sd = np.sqrt(np.einsum("pmm->pm", run.cov[0]))
    return Part(run.mean[0], sd, (t1 - t0, t2 - t1, t3 - t2), time.process_time() - cpu)
