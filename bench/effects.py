"""How often the effect of an action is right: drawn order, honest comparison, biased comparison."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bench.report import Section, Size
from bench.scenarios import BASE, Scenario
from bench.worlds import World, build, every_four_weeks
from partnerloop.engine.effects import Answers, Design, Effect, Windows, draw_wait_list, effect
from partnerloop.engine.interface import Floats

DAYS, START, GAP = 720, 400.0, 150.0
TRUE_EFFECT = 0.6
Plan = Callable[[World, Generator], Floats]


@dataclass(frozen=True)
class EffectRow:
    """One way of choosing whom an action reaches, over many worlds.

    answers : share of worlds in which something was said; coverage, bias, width : of the 95 %
    interval among them; refused : share of worlds without an answer; reached : partners, on average
    """

    choice: str
    partners: int
    reached: float
    true_effect: float
    answers: float
    refused: float
    coverage: float
    bias: float
    width: float
    no_effect_visible: float


def effects(
    *,
    worlds: int = 40,
    draws: int = 4,
    partners: int = 600,
    scenario: Scenario = BASE,
    seed: int = 1,
) -> list[EffectRow]:
    """This will measure each way of choosing in the same worlds, with and without an effect."""
    plans: tuple[tuple[str, Design, float, Plan], ...] = (
        ("wait list, 2 waves", Design.WAIT_LIST, TRUE_EFFECT, _two_waves),
        ("wait list, 2 waves", Design.WAIT_LIST, 0.0, _two_waves),
        ("wait list, 40 of all", Design.WAIT_LIST, TRUE_EFFECT, _forty_drawn),
        ("wait list, 3 waves", Design.WAIT_LIST, TRUE_EFFECT, _three_waves),
        ("comparison, chosen by tier", Design.COMPARISON, TRUE_EFFECT, _by_tier),
        ("comparison, chosen by tier", Design.COMPARISON, 0.0, _by_tier),
        ("comparison, 40 by chance", Design.COMPARISON, TRUE_EFFECT, _forty_drawn),
        ("comparison, had fallen by 1", Design.COMPARISON, 0.0, _had_fallen),
        ("comparison, 40 had fallen", Design.COMPARISON, 0.0, _forty_fallen),
        ("comparison, answers had fallen", Design.COMPARISON, 0.0, _answers_had_fallen),
    )
    found: list[list[tuple[int, Effect]]] = [[] for _ in plans]
    for number in range(worlds):
        rng = np.random.default_rng([seed, number])
        world = build(scenario, partners=partners, days=DAYS, rng=rng)
        for k, draw in product(range(len(plans)), range(draws)):
            _, design, size, plan = plans[k]
            starts = plan(world, np.random.default_rng([seed, number, draw, k]))
            chance = np.random.default_rng([seed, number, draw])
            answers = answers_of(moved(world, starts, size), chance)
            one = effect(answers, starts=starts, design=design, windows=Windows())
            found[k].append((int(np.isfinite(starts).sum()), one))
    return [
        _row(name, partners, size, cases)
        for (name, _, size, _), cases in zip(plans, found, strict=True)
    ]


def moved(world: World, starts: Floats, size: float) -> World:
    """This will add the effect to the truth of every partner from the day it was reached."""
    reached = np.arange(world.days)[:, None] >= starts
    truth = np.clip(world.truth + size * reached[:, :, None], 0, 10)
    return replace(world, truth=truth)


def answers_of(world: World, rng: Generator) -> Answers:
    """This will ask everybody every four weeks and hand over what the engine may see."""
    columns = every_four_weeks(world, design="overall", rng=rng).columns
    role = world.contacts.role[columns.rater]
    return Answers(
        partner=columns.partner,
        rater=columns.rater,
        item=columns.metric * (int(role.max()) + 1) + role,
        day=columns.day,
        value=columns.value,
    )


def _two_waves(world: World, rng: Generator) -> Floats:
    wave = draw_wait_list(world.partners, waves=2, rng=rng)
    return np.where(wave == 0, START, np.inf)


def _three_waves(world: World, rng: Generator) -> Floats:
    wave = draw_wait_list(world.partners, waves=3, rng=rng)
    return START + GAP * wave.astype(np.float64)


def _forty_drawn(world: World, rng: Generator) -> Floats:
    return _only(rng.permutation(world.partners)[:40], world)


def _by_tier(world: World, rng: Generator) -> Floats:
    chance = np.array([0.1, 0.15, 0.25, 0.4])[world.segments % 4]
    return _only(np.flatnonzero(rng.random(world.partners) < chance), world)


def _fallen(world: World) -> NDArray[np.floating]:
    composite = world.truth.astype(np.float64).mean(axis=2)
    return np.asarray(composite[int(START)] - composite[int(START) - 90])


def _had_fallen(world: World, _: Generator) -> Floats:
    return _only(np.flatnonzero(_fallen(world) <= -1.0), world)


def _forty_fallen(world: World, rng: Generator) -> Floats:
    return _only(rng.permutation(np.flatnonzero(_fallen(world) <= -1.0))[:40], world)


def _answers_had_fallen(world: World, rng: Generator) -> Floats:
    """What a worried manager sees: the mean answer fell by a point between two quarters."""
    answers = answers_of(world, rng)
    means = []
    for start in (START - 180, START - 90):
        inside = (answers.day >= start) & (answers.day < start + 90)
        of, value = answers.partner[inside], answers.value[inside]
        count = np.bincount(of, minlength=world.partners)
        total = np.bincount(of, value, world.partners)
        means.append(np.where(count > 0, total / np.maximum(count, 1), np.nan))
    return _only(np.flatnonzero(means[1] - means[0] <= -1.0), world)


def _only(reached: np.ndarray, world: World) -> Floats:
    starts = np.full(world.partners, np.inf)
    starts[reached] = START
    return starts


def _row(name: str, partners: int, size: float, cases: list[tuple[int, Effect]]) -> EffectRow:
    said = [e.measured for _, e in cases if not e.reason and e.measured is not None]
    spoke = len(said) / len(cases)
    visible = [e.verdict.value == "no effect visible" for _, e in cases if not e.reason]
    return EffectRow(
        choice=name,
        partners=partners,
        reached=float(np.mean([n for n, _ in cases])),
        true_effect=size,
        answers=spoke,
        refused=1.0 - spoke,
        coverage=float(np.mean([d.low <= size <= d.high for d in said])) if said else np.nan,
        bias=float(np.mean([d.mean - size for d in said])) if said else np.nan,
        width=float(np.mean([d.high - d.low for d in said])) if said else np.nan,
        no_effect_visible=float(np.mean(visible)) if visible else np.nan,
    )


def sections(size: Size) -> list[Section]:
    """This will measure effects in every way of choosing whom an action reaches."""
    worlds = 8 if size.quick else 12 * size.seeds
    says = (
        f"`bench quality --only effects`: {worlds} worlds of 600 partners with 4 draws each, an "
        "effect of .6 or none on all dimensions from the day a partner is reached."
    )
    return [Section("effects", "Effects of actions", says, effects(worlds=worlds))]
