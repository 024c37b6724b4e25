"""The shape of the bank: metrics, questions and the vocabulary to find them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

# What the engine scores is what the bank asks about: one list for both.
from partnerloop.engine.interface import DIMENSIONS, OVERALL, ROLES

Kind = Literal["rated", "open"]
Follows = Literal["low", "high"]

COMPOSITE = "partnerscore"
VENDOR = "{vendor}"

__all__ = [
    "COMPOSITE",
    "DIMENSIONS",
    "OVERALL",
    "ROLES",
    "VENDOR",
    "Bank",
    "BankMetric",
    "BankQuestion",
    "Follows",
    "Kind",
]


@dataclass(frozen=True)
class BankMetric:
    """One of the eight metrics: its name on screen and what it says, never what to do about it."""

    key: str
    name: str
    definition: str


@dataclass(frozen=True)
class BankQuestion:
    """One wording of one question."""

    key: str
    version: int
    kind: Kind
    metric: str | None
    overall: bool
    text: str
    low: str
    high: str
    reversed: bool
    follows: Follows | None
    roles: tuple[str, ...]

    @property
    def rated(self) -> bool:
        return self.kind == "rated"

    @property
    def can_be_passed(self) -> bool:
        """True where "I can't judge this" is offered: roles differ in what they can see."""
        return self.rated

    @property
    def measures(self) -> str:
        """What its answers are evidence of: its dimension, or itself for an overall question."""
        return self.metric or self.key

    def text_for(self, vendor: str) -> str:
        """Put the vendor's name in, and nothing else.

        >>> from partnerloop.pulses.bank import read_bank
        >>> read_bank().question("ease").text_for("Northwind")
        'How easy is it to do business with Northwind?'
        """
        return self.text.replace(VENDOR, vendor)

    def suits(self, role: str) -> bool:
        """Say whether a contact of this role may be asked."""
        return not self.roles or role in self.roles


@dataclass(frozen=True)
class Bank:
    """All metrics and questions in one language."""

    language: str
    metrics: tuple[BankMetric, ...]
    questions: tuple[BankQuestion, ...]

    def metric(self, key: str) -> BankMetric:
        for metric in self.metrics:
            if metric.key == key:
                return metric
        raise KeyError(key)

    def question(self, key: str) -> BankQuestion:
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)

    @property
    def overall(self) -> tuple[BankQuestion, ...]:
        return tuple(question for question in self.questions if question.overall)

    def rated(self, metric: str, *, role: str | None = None) -> tuple[BankQuestion, ...]:
        """Find a dimension's rated questions, optionally only those that suit a role."""
        return tuple(
            question
            for question in self._about(metric)
            if question.rated and (role is None or question.suits(role))
        )

    def follow_up(self, metric: str, *, after: Follows) -> BankQuestion:
        """Find the open question that follows a low or a high score of a dimension."""
        for question in self._about(metric):
            if question.follows == after:
                return question
        raise KeyError(f"{metric} after {after}")

    def _about(self, metric: str) -> Iterator[BankQuestion]:
        return (question for question in self.questions if question.metric == metric)
