"""Asking well: our draw against random asking and round robin, in the same worlds and budgets."""

from dataclasses import dataclass

import numpy as np

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
    longest_wait : days between two asks of a partner with somebody to ask
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
    ratio: float
    draw_ratio: float
    silent: float
    uneven: float


def choosing(
    *,
    seeds: tuple[int, ...] = (1, 2, 3, 4, 5),
    partners: int = 300,
    budgets: tuple[float, ...] = (0.1, 0.2),
    scenario: Scenario = BASE,
) -> list[ChoiceRow]:
    """This will compare ways of asking in the same worlds, scored by the same model."""
    ways: dict[str, Asker] = {
        "random": at_random,
        "round robin": round_robin,
        "drawn, floors only": drawn(FLOORS),
        "drawn, within bounds": drawn(BOUNDS),
    }
    found: dict[tuple[str, float], list[Outcome]] = {}
    for seed in seeds:
        world = build(scenario, partners=partners, days=DAYS, rng=np.random.default_rng([seed, 5]))
        model = fitted(world, rng=np.random.default_rng([seed, 6]))
        for way, budget in _runs(ways, budgets):
            rng = np.random.default_rng([seed, 7])
            one = season(world, ways[way], budget=budget, model=model, rng=rng)
            found.setdefault((way, budget), []).append(one)
    line = {b: o for (way, b), o in found.items() if way == "random"}
    return [_row(way, budget, found[way, budget], line) for way in ways for budget in budgets]


def _runs(ways: dict[str, Asker], budgets: tuple[float, ...]) -> list[tuple[str, float]]:
    """Random asking also at larger and smaller budgets, to read off what others save."""
    scale = {b * f for b in budgets for f in (0.75, 1.0, 1.4, 2.0)}
    others = [(way, b) for way in ways if way != "random" for b in budgets]
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
        **mean,
    )


def _mean(outcomes: list[Outcome], name: str) -> float:
    return float(np.mean([getattr(o, name) for o in outcomes]))


def _saved(budget: float, error: float, line: dict[float, float]) -> float:
    """Asks saved against random for the same error, read off a line through log asks."""
    budgets = np.array(sorted(line))
    errors = np.array([line[b] for b in budgets])
    slope = float(np.polyfit(errors, np.log(budgets), 1)[0])
    same = float(np.exp(np.log(budget) + slope * (error - line[budget])))
    return 1.0 - budget / same
