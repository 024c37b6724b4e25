"""A verdict and one piece of advice for each figure, from a written table.

`rules.py` holds the table by metric and level, `roles.py` what to check when the named answers of
one role pull a figure down. Both are texts to edit and to translate; the look-up is here.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.text import format_lazy

from partnerloop.engine.words import Word
from partnerloop.insights.advice.roles import CHECKS, PULLED_DOWN, ROLE_NAMES
from partnerloop.insights.advice.rules import RULES, TOO_EARLY, VERDICTS

Direction = Literal["up", "flat", "down"]

_WEAK = (Word.LOW, Word.STRAINED)


@dataclass(frozen=True)
class Advice:
    """What a figure says, and the one thing to do about it, in the reader's language."""

    says: str
    do: str

    @property
    def text(self) -> str:
        return f"{self.says} {self.do}"


def verdict(word: Word | str) -> str:
    """Name a figure's word as it stands on its chip: "Strained to good"."""
    return str(VERDICTS[Word(word)])


def advice(
    metric: str, word: Word | str, direction: Direction = "flat", role: str | None = None
) -> Advice:
    """Find the sentence and the advice for a figure.

    A range in two words is advised by the lower one. `role` is the role whose named answers pull
    the figure down, where there is one; it is told only while the figure is low or strained.
    """
    rules = RULES[metric]
    if Word(word) is Word.TOO_EARLY:
        return Advice(str(TOO_EARLY.says), str(TOO_EARLY.do))
    level = Word(word).lower_end
    rule = rules.levels[level]
    if level in _WEAK and role is not None and metric in CHECKS:
        says = format_lazy(PULLED_DOWN, role=ROLE_NAMES[role])
        return Advice(f"{rule.says} {says}", str(CHECKS[metric][role]))
    if level in _WEAK and direction == "up":
        return Advice(str(rule.says), str(rules.rising))
    if level not in _WEAK and direction == "down":
        return Advice(str(rule.says), str(rules.falling))
    return Advice(str(rule.says), str(rule.do))
