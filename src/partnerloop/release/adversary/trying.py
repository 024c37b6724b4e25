"""The attack on worlds in memory, under a program's rules: alone, with one helper, with most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from partnerloop.programs.models import Program
from partnerloop.release.adversary.accounts import seen_together
from partnerloop.release.adversary.anonymous import anonymous_ledger, anonymous_setting
from partnerloop.release.adversary.attacking import Outcome, attack, together
from partnerloop.release.adversary.helping import exposed, helpers
from partnerloop.release.adversary.ledger import Published, ledger
from partnerloop.release.adversary.worlds import (
    BASE,
    CEILING,
    Setting,
    Simulated,
    simulate,
)

# How many points of per cent the guesses may beat an honest mean by: no helper, one, all but one.
MAY_BEAT = (7.0, 10.0, 18.0)
SETTINGS = {"base": BASE, "ceiling": CEILING}
Publish = Callable[[Simulated, Program], Published]


@dataclass(frozen=True, slots=True)
class Tried:
    """How the attack fared in one kind of world with so many helpers at each company."""

    world: str
    helpers: int
    outcome: Outcome
    may_beat: float

    @property
    def holds(self) -> bool:
        """Return whether nothing was found for sure and guesses stayed within the bounds."""
        return self.outcome.sure == 0 and self.outcome.above_honest <= self.may_beat


def tried(program: Program, *, worlds: int, seed: int, partners: int = 40) -> list[Tried]:
    """Attack some worlds of each kind under a program's rules, with 0, 1 and k-1 helpers."""
    return _tried("", program, ledger, worlds=worlds, seed=seed, partners=partners)


def tried_together(program: Program, *, worlds: int, seed: int, partners: int = 40) -> list[Tried]:
    """Attack worlds with nothing but what four accounts see together, with as many helpers."""
    told = "accounts together, "
    return _tried(told, program, seen_together, worlds=worlds, seed=seed, partners=partners)


def _tried(
    told: str, program: Program, publish: Publish, *, worlds: int, seed: int, partners: int
) -> list[Tried]:
    counts = zip((0, 1, program.company_minimum - 1), MAY_BEAT, strict=True)
    return [
        Tried(
            world=f"{told}{name}",
            helpers=count,
            outcome=together(
                _outcomes(program, _of(setting, partners), count, worlds, seed, publish)
            ),
            may_beat=may_beat,
        )
        for (name, setting), (count, may_beat) in product(SETTINGS.items(), counts)
    ]


def tried_anonymous(program: Program, *, worlds: int, seed: int, partners: int = 12) -> list[Tried]:
    """Attack the anonymous atoms of some worlds of each kind; helpers are colleagues who tell."""
    most = program.company_minimum - 1
    return [
        Tried(
            world=f"anonymous {name}",
            helpers=count,
            outcome=together(
                _outcomes(
                    program,
                    anonymous_setting(_of(setting, partners)),
                    count,
                    worlds,
                    seed,
                    anonymous_ledger,
                )
            ),
            may_beat=may_beat,
        )
        for name, setting in SETTINGS.items()
        for count, may_beat in zip((0, 1, most), MAY_BEAT, strict=True)
    ]


def _of(setting: Setting, partners: int) -> Setting:
    return Setting(partners=partners, spreads=setting.spreads)


def _outcomes(
    program: Program, setting: Setting, count: int, worlds: int, seed: int, publish: Publish
) -> Sequence[Outcome]:
    found = []
    for number in range(worlds):
        world = simulate(setting, rng=np.random.default_rng([seed, number]))
        published = publish(world, program)
        helping = helpers(world.answers, published, of_each=count)
        found.append(
            attack(
                world.answers,
                hidden=published.taken,
                lines=published.lines,
                spreads=setting.spreads,
                helpers=helping,
                only=exposed(world.answers, published.lines, helping, at_least=count),
            )
        )
    return found
