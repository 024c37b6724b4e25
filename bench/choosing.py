"""Asking well: our draw against random asking and round robin, in the same worlds and budgets."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from bench.report import Section, Size
from bench.scenarios import BASE, Scenario
from bench.seasons import (
    DAYS,
    Asker,
    Outcome,
    at_random,
    drawn,
    fitted,
    round_robin,
    season,
)
from bench.worlds import build
from partnerloop.engine.choosing import Policy

FLOORS = Policy(business=0.35, sharpness=3.0, cell_ratio=None)
BOUNDS = Policy()


@dataclass(frozen=True)
class ChoiceRow:
    """One way of asking at one weekly budget (share of the contacts); means over seeds.

    rmse, weighted : of the seven dimensions in year 2, partners alike or by business weight; spread
    is the first one's standard deviation over seeds of its difference to random
    saved, saved_weighted : how many asks fewer than random for the same error, as a share
    longest_wait : days between two asks of a partner with somebody to ask;  dimension_wait : days a
    dimension waited, in year 2, at a partner that had three contacts or more all that time
    ratio : largest over smallest chance to be asked at least once in 90 days, within role and
    segment; draw_ratio : the same in one draw (median), certain asks of overdue partners included;
    silent : chance of the silent third over the average; uneven : largest deviation of asks per
    dimension from their mean in 90 days
    """

    way: str
    budget: float
    rmse: float
    weighted: float
    spread: float
    saved: float
    saved_weighted: float
    longest_wait: float
    dimension_wait: float
    ratio: float
    draw_ratio: float
    silent: float
    uneven: float


@dataclass(frozen=True)
class Task:
    """One seed of all ways of asking at all budgets."""

    seed: int
    partners: int
    budgets: tuple[float, ...]
    scenario: Scenario


WAYS: dict[str, Asker] = {
    "random": at_random,
    "round robin": round_robin,
    "drawn, floors only": drawn(FLOORS),
    "drawn, within bounds": drawn(BOUNDS),
}


def choosing(
    *,
    seeds: tuple[int, ...] = (1, 2, 3, 4, 5),
    partners: int = 300,
    budgets: tuple[float, ...] = (0.1, 0.2),
    scenario: Scenario = BASE,
    processes: int = 1,
) -> list[ChoiceRow]:
    """This will compare ways of asking in the same worlds, scored by the same model."""
    tasks = [Task(seed, partners, budgets, scenario) for seed in seeds]
    if processes == 1 or len(tasks) == 1:
        outcomes = [one_seed(task) for task in tasks]
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            outcomes = list(pool.map(one_seed, tasks))
    found = {run: [seed[run] for seed in outcomes] for run in outcomes[0]}
    line = {budget: runs for (way, budget), runs in found.items() if way == "random"}
    return [_row(way, budget, found[way, budget], line) for way in WAYS for budget in budgets]


def one_seed(task: Task) -> dict[tuple[str, float], Outcome]:
    """This will let two years pass for every way and budget in the same world."""
    world = build(
        task.scenario,
        partners=task.partners,
        days=DAYS,
        rng=np.random.default_rng([task.seed, 5]),
    )
    model = fitted(world, rng=np.random.default_rng([task.seed, 6]))
    return {
        (way, budget): season(
            world,
            WAYS[way],
            budget=budget,
            model=model,
            rng=np.random.default_rng([task.seed, 7]),
        )
        for way, budget in _runs(task.budgets)
    }


def _runs(budgets: tuple[float, ...]) -> list[tuple[str, float]]:
    """Random asking also at larger and smaller budgets, to read off what others save."""
    scale = {b * f for b in budgets for f in (0.75, 1.0, 1.4, 2.0)}
    others = [(way, b) for way in WAYS if way != "random" for b in budgets]
    return [("random", b) for b in sorted(scale)] + others


def _row(
    way: str, budget: float, outcomes: list[Outcome], line: dict[float, list[Outcome]]
) -> ChoiceRow:
    mean = {
        name: float(np.mean([getattr(o, name) for o in outcomes]))
        for name in ("rmse", "weighted", "ratio", "draw_ratio", "silent", "uneven")
    }
    base = line[budget]
    apart = [o.rmse - r.rmse for o, r in zip(outcomes, base, strict=True)]
    return ChoiceRow(
        way=way,
        budget=budget,
        spread=float(np.std(apart)),
        saved=_saved(budget, mean["rmse"], {b: _mean(o, "rmse") for b, o in line.items()}),
        saved_weighted=_saved(
            budget, mean["weighted"], {b: _mean(o, "weighted") for b, o in line.items()}
        ),
        longest_wait=max(o.longest_wait for o in outcomes),
        dimension_wait=max(o.dimension_wait for o in outcomes),
        **mean,
    )


def _mean(outcomes: list[Outcome], name: str) -> float:
    return float(np.mean([getattr(o, name) for o in outcomes]))


def _saved(budget: float, error: float, line: dict[float, float]) -> float:
    """Asks saved against random for the same error, read off random's own curve (clamped)."""
    near = sorted(b for b in line if 0.7 * budget <= b <= 2.1 * budget)
    logs = np.interp(-error, [-line[b] for b in near], np.log(near))
    same = float(np.exp(logs))
    return 1.0 - budget / same


def sections(size: Size) -> list[Section]:
    """This will compare ways of asking, and tell what fairness costs."""
    partners = 300 if size.quick else 600
    rows = choosing(seeds=tuple(size.all_seeds), partners=partners, processes=size.processes)
    says = (
        f"`bench quality --only choosing`: {partners} partners, weekly asking of a share of all "
        f"contacts for two years, at least 14 days between two asks of one, {size.seeds} seeds. "
        "What the columns mean is written at `ChoiceRow` in bench/choosing.py."
    )
    price = Section(
        "fairness",
        "The price of fairness",
        "How much larger the error is within the bounds of fair chances than with floors only.",
        _prices(rows),
    )
    return [Section("choosing", "Asking", says, rows), price]


@dataclass(frozen=True)
class PriceRow:
    """Within bounds against floors only: error as a share more, and asks as a share more."""

    budget: float
    rmse_more: float
    weighted_more: float
    asks_more: float
    weighted_asks_more: float


def _prices(rows: list[ChoiceRow]) -> list[PriceRow]:
    by = {(row.way, row.budget): row for row in rows}
    found = []
    for budget in sorted({row.budget for row in rows}):
        free, fair = by["drawn, floors only", budget], by["drawn, within bounds", budget]
        found.append(
            PriceRow(
                budget=budget,
                rmse_more=fair.rmse / free.rmse - 1,
                weighted_more=fair.weighted / free.weighted - 1,
                asks_more=(1 - fair.saved) / (1 - free.saved) - 1,
                weighted_asks_more=(1 - fair.saved_weighted) / (1 - free.saved_weighted) - 1,
            )
        )
    return found
