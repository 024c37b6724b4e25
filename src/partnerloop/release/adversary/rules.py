"""One rule at a time is switched off: an attack that does not rise would prove nothing."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.random import Generator

from partnerloop.engine.layout import Ints
from partnerloop.programs.models import Program
from partnerloop.release.adversary import mutants
from partnerloop.release.adversary.attacking import Outcome, attack, together
from partnerloop.release.adversary.helping import exposed, helpers
from partnerloop.release.adversary.ledger import Line, ledger
from partnerloop.release.adversary.moving import Switch, Switched, alert, refit, weekly_tick
from partnerloop.release.adversary.worlds import (
    BASE,
    CONFIDENTIAL,
    Setting,
    Simulated,
    simulate,
    with_helpers,
)

NOBODY = np.array([], np.int64)
ENTERED_WEEK = 40
FIRST_BATCH = 3


def smallest_batch(setting: Setting, rng: Generator) -> Switched:
    """Batches of one person, blurred as usual."""
    world, usual = simulate(setting, rng=rng), Program()
    broken = Program(company_minimum=1)
    return _exact("smallest batch", world, usual, broken, at_least=33)


def blur(setting: Setting, rng: Generator) -> Switched:
    """No blur, and all but one of a batch help."""
    world = simulate(setting, rng=rng)
    told = [_with_most_help(world, Program(blur=strength)) for strength in (Decimal("1.5"), 0)]
    what = "exact, all but one helping"
    kept, broken = (100 * one.exact for one in told)
    return Switched("blur", what, kept, broken, at_least=70)


def blur_for_sure(setting: Setting, rng: Generator) -> Switched:
    """The same, by what is known for sure."""
    world = simulate(setting, rng=rng)
    told = [_with_most_help(world, Program(blur=strength)) for strength in (Decimal("1.5"), 0)]
    sure = [100 * one.sure / max(one.targets, 1) for one in told]
    return Switched("blur", "sure, all but one helping", sure[0], sure[1], at_least=40)


def seasoning(setting: Setting, rng: Generator) -> Switched:
    """A manager makes up two contacts at each partner and answers for them; no blur."""
    world = simulate(setting, rng=rng)
    planted, made_up = with_helpers(world, of_each=2, entered_week=ENTERED_WEEK, rng=rng)
    found = []
    for known in (made_up, None):
        published = ledger(planted, Program(blur=0), made_up=known, entered_week=ENTERED_WEEK)
        lines = [line for line in published.lines if line.is_company]
        beside = exposed(planted.answers, lines, made_up, at_least=len(planted.works_at))
        if known is not None:
            late = planted.answers.day[published.taken] >= 7 * ENTERED_WEEK
            beside = published.taken[late]
        found.append(
            attack(
                planted.answers,
                hidden=published.taken,
                lines=published.lines,
                spreads=setting.spreads,
                helpers=made_up,
                only=beside,
            )
        )
    kept, broken = (100 * one.exact for one in found)
    return Switched("seasoning", "exact", kept, broken, at_least=95)


def single_assignment(setting: Setting, rng: Generator) -> Switched:
    """Batches that share people: whoever joined a batch that was published before."""
    world = simulate(setting, rng=rng)
    hidden = np.flatnonzero(world.answers.mode == CONFIDENTIAL)
    usual = _attacked(world, Program())
    lines = mutants.overlapping(world.answers, hidden)
    only = np.unique(np.concatenate([line.members[FIRST_BATCH:] for line in lines]))
    broken = _linear(world, hidden, lines, only=only)
    return _two("single assignment", usual, broken, at_least=38)


def live_score(setting: Setting, rng: Generator) -> Switched:
    """A figure that moves with each answer."""
    world = simulate(setting, rng=rng)
    hidden = np.flatnonzero(world.answers.mode == CONFIDENTIAL)
    lines = mutants.live_score(world.answers, hidden)
    only = np.unique(np.concatenate([line.members for line in lines]))
    broken = _linear(world, hidden, lines, only=only)
    return _two(
        "ledger only (a live score instead)", _attacked(world, Program()), broken, at_least=95
    )


def frozen_model(setting: Setting, rng: Generator) -> Switched:
    """The usual rule of other products: a model over all answers, frozen until three are new."""
    world = simulate(setting, rng=rng)
    hidden = np.flatnonzero(world.answers.mode == CONFIDENTIAL)
    parts = []
    for partner in range(setting.partners):
        lines = mutants.frozen_model(world.answers, hidden, setting.spreads, partner=partner)
        if lines:
            ours = world.answers.partner == partner
            parts.append(_part(world, hidden, ours, lines))
    return _two(
        "atoms (a frozen model instead)", _attacked(world, Program()), together(parts), at_least=38
    )


def recomputing(setting: Setting, rng: Generator) -> Switched:
    """A mean that is computed anew when one of up to eight people is erased."""
    world = simulate(setting, rng=rng)
    published = ledger(world, Program(blur=0))
    lines, gone = mutants.erased(world.answers, published.lines, most=8, rng=rng)
    broken = _linear(world, published.taken, lines, only=gone)
    usual = _attacked(world, Program(), only=gone)
    return _two("atoms for ever (recomputed on erasure)", usual, broken, at_least=90)


def one_cut(setting: Setting, rng: Generator) -> Switched:
    """Each account is shown means of its own people of a company: several are laid side by side.

    Without blur on both sides. One account alone sees batches that look as safe as any.
    """
    world, sharp = simulate(setting, rng=rng), Program(blur=0)
    published = ledger(world, sharp)
    accounts, only = mutants.cut_by_account(world.answers, published.lines)
    broken = _linear(
        world, published.taken, [line for seen in accounts for line in seen], only=only
    )
    usual = _attacked(world, sharp, only=only)
    return _two("one cut for all who look (no blur)", usual, broken, at_least=80)


SWITCHES: tuple[Switch, ...] = (
    smallest_batch,
    blur,
    blur_for_sure,
    seasoning,
    single_assignment,
    live_score,
    frozen_model,
    recomputing,
    one_cut,
    refit,
    alert,
    weekly_tick,
)


def switched_off(setting: Setting = BASE, *, seed: int = 11) -> list[Switched]:
    """Return how the attack fares with each rule in force and without it."""
    return [switch(setting, np.random.default_rng(seed)) for switch in SWITCHES]


def _with_most_help(world: Simulated, program: Program) -> Outcome:
    published = ledger(world, program)
    lines = [line for line in published.lines if len(line.members) == program.company_minimum]
    many = replace(published, lines=lines)
    of_each = program.company_minimum - 1
    helping = helpers(world.answers, many, of_each=of_each)
    return attack(
        world.answers,
        hidden=published.taken,
        lines=published.lines,
        spreads=world.setting.spreads,
        helpers=helping,
        only=exposed(world.answers, lines, helping, at_least=of_each),
    )


def _exact(
    rule: str, world: Simulated, usual: Program, broken: Program, *, at_least: float
) -> Switched:
    return _two(rule, _attacked(world, usual), _attacked(world, broken), at_least=at_least)


def _two(rule: str, usual: Outcome, broken: Outcome, *, at_least: float) -> Switched:
    return Switched(rule, "exact", 100 * usual.exact, 100 * broken.exact, at_least)


def _attacked(world: Simulated, program: Program, *, only: Ints | None = None) -> Outcome:
    published = ledger(world, program)
    counted = exposed(world.answers, published.lines, NOBODY, at_least=0)
    return attack(
        world.answers,
        hidden=published.taken,
        lines=published.lines,
        spreads=world.setting.spreads,
        helpers=NOBODY,
        only=counted if only is None else only,
    )


def _linear(
    world: Simulated, hidden: Ints, lines: list[Line], *, only: Ints | None = None
) -> Outcome:
    parts = []
    for partner in range(world.setting.partners):
        ours = world.answers.partner == partner
        inside = [line for line in lines if ours[line.members].all()]
        if inside:
            parts.append(_part(world, hidden, ours, inside, only=only))
    return together(parts)


def _part(
    world: Simulated, hidden: Ints, ours: np.ndarray, lines: list[Line], *, only: Ints | None = None
) -> Outcome:
    """Attack one company by itself: no figure of its own speaks of others."""
    place = np.cumsum(ours) - 1
    moved = [replace(line, members=place[line.members]) for line in lines]
    counted = hidden[ours[hidden]] if only is None else only[ours[only]]
    return attack(
        world.answers.where(ours),
        hidden=place[hidden[ours[hidden]]],
        lines=moved,
        spreads=world.setting.spreads,
        helpers=NOBODY,
        only=place[counted],
        are_batches=False,
    )
