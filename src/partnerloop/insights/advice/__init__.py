"""One sentence and one piece of advice for each figure, from a written table.

`rules.py` holds the table by metric and level, `roles.py` what to check when the named answers of
one role pull a figure down. Both are texts to edit and to translate; the look-up is here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from partnerloop.core.words import Level, Verdict
from partnerloop.insights.advice.roles import ASK_THEM, CHECKS, PULLED_DOWN, ROLE_NAMES
from partnerloop.insights.advice.rules import OWN, RULES, TOO_EARLY, MetricRules, Rule, Text

Direction = Literal["up", "flat", "down"]

_WEAK = (Level.LOW, Level.STRAINED)


@dataclass(frozen=True, slots=True)
class Advice:
    """What a figure says, and the one thing to do about it, in the reader's language."""

    says: str
    do: str

    @property
    def text(self) -> str:
        return f"{self.says} {self.do}"


def is_weak(verdict: Verdict) -> bool:
    """Say whether a figure is low or strained, at its lower end at least."""
    return bool(verdict.levels) and verdict.levels[0] in _WEAK


def advice(
    metric: str, verdict: Verdict, direction: Direction = "flat", role: str | None = None
) -> Advice:
    """Find the sentence and the advice for a figure by its verdict (`core.words.verdict`).

    A range in two words is advised by the lower one. `role` is the role whose named answers pull
    the figure down, where there is one; it is told only while the figure is low or strained.
    """
    return _advice(RULES[metric], verdict, direction, role, CHECKS.get(metric))


def own_advice(
    low: str, high: str, verdict: Verdict, direction: Direction = "flat", role: str | None = None
) -> Advice:
    """Find the advice for a metric of a program's own.

    What its lowest and highest level say is what the program wrote that they mean.
    """
    levels = {
        **OWN.levels,
        Level.LOW: Rule(low, OWN.levels[Level.LOW].do),
        Level.HIGH: Rule(high, OWN.levels[Level.HIGH].do),
    }
    rules = MetricRules(levels, rising=OWN.rising, falling=OWN.falling)
    return _advice(rules, verdict, direction, role, dict.fromkeys(ROLE_NAMES, ASK_THEM))


def _advice(
    rules: MetricRules,
    verdict: Verdict,
    direction: Direction,
    role: str | None,
    checks: Mapping[str, Text] | None,
) -> Advice:
    if not verdict.levels:
        # The level cannot be told, a movement beyond chance can: look into that.
        moved = {"up": rules.rising, "down": rules.falling}.get(direction, TOO_EARLY.do)
        return Advice(str(TOO_EARLY.says), str(moved))
    level = verdict.levels[0]
    rule = rules.levels[level]
    if level in _WEAK and role is not None and checks is not None:
        pulled = str(PULLED_DOWN).replace("{role}", str(ROLE_NAMES[role]))
        return Advice(f"{rule.says} {pulled}", str(checks[role]))
    if level in _WEAK and direction == "up":
        return Advice(str(rule.says), str(rules.rising))
    if level not in _WEAK and direction == "down":
        return Advice(str(rule.says), str(rules.falling))
    return Advice(str(rule.says), str(rule.do))
