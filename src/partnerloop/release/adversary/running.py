"""One whole run of the attack: worlds under a program's rules, its own answers, a line kept."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from partnerloop.programs.models import Program
from partnerloop.release.adversary.attacking import Outcome
from partnerloop.release.adversary.own import own_outcome
from partnerloop.release.adversary.probing import moved_figures
from partnerloop.release.adversary.trying import (
    Tried,
    tried,
    tried_anonymous,
    tried_together,
)
from partnerloop.release.models import AttackResult

# Their worlds are small: fewer of them would miss a bound by chance.
FEWEST_ANONYMOUS = 6


@dataclass(frozen=True, slots=True)
class Attacked:
    """What a run found: in worlds, in the own answers, and figures that follow hidden values."""

    worlds: list[Tried]
    own: Outcome | None
    moved: int

    @property
    def holds(self) -> bool:
        own_sure = self.own.sure if self.own else 0
        return own_sure == 0 and self.moved == 0 and all(one.holds for one in self.worlds)


def attacked(program: Program, *, worlds: int, seed: int, at: datetime) -> Attacked:
    """Attack a program and keep the result for the page on promises."""
    found = Attacked(
        worlds=[
            *tried(program, worlds=worlds, seed=seed),
            *tried_together(program, worlds=worlds, seed=seed),
            *tried_anonymous(program, worlds=max(worlds, FEWEST_ANONYMOUS), seed=seed),
        ],
        own=own_outcome(program),
        moved=moved_figures(program, at=at, rng=np.random.default_rng(seed)),
    )
    _keep(program, found, at=at)
    return found


def _keep(program: Program, found: Attacked, *, at: datetime) -> None:
    """Keep the ordinary world's guesses, and everything that was found for sure in any."""
    alone, one, most = [row.outcome for row in found.worlds if row.world == "base"]
    AttackResult.objects.create(
        program=program,
        on=at.date(),
        targets=sum(row.outcome.targets for row in found.worlds),
        sure=sum(row.outcome.sure for row in found.worlds),
        honest=round(100 * alone.honest),
        alone=round(100 * alone.exact),
        one_helper=round(100 * one.exact),
        most_help=round(100 * most.exact),
        own_sure=(found.own.sure if found.own else 0) + found.moved,
    )
