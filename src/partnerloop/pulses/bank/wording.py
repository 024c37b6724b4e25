"""The shape of the bank: metrics, questions and the vocabulary to find them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

# What the engine scores is what the bank asks about: one list for both.
from partnerloop.engine.interface import DIMENSIONS, OVERALL, ROLES

Kind = Literal["rated", "open"]
Follows = Literal["low", "high"]
Purpose = Literal[
    "dimension",
    "overall",
    "driver",
    "event",
    "touchpoint",
    "outlook",
    "comparison",
    "customer",
    "prediction",
    "mirror",
]
Audience = Literal["partner", "customer", "manager"]

COMPOSITE = "partnerscore"
VENDOR = "{vendor}"
PARTNER = "{partner}"
STAGES = (
    "strategize",
    "recruit",
    "onboard",
    "enable",
    "market",
    "sell",
    "incentivize",
    "accelerate",
)
TOUCHPOINTS = (
    "portal",
    "deal_registration",
    "co_selling",
    "lead_sharing",
    "sales_support",
    "technical_support",
    "training",
    "marketing_tools",
    "mdf",
    "pricing",
    "new_products",
)
# What each purpose may be about; purposes that are not here are about nothing in particular.
SUBJECTS: dict[Purpose, tuple[str, ...]] = {
    "event": STAGES,
    "touchpoint": TOUCHPOINTS,
    "comparison": (COMPOSITE, *DIMENSIONS),
    "prediction": (COMPOSITE, *DIMENSIONS),
    "mirror": DIMENSIONS,
}
AUDIENCES: dict[Purpose, Audience] = {
    "customer": "customer",
    "prediction": "manager",
    "mirror": "manager",
}

__all__ = [
    "AUDIENCES",
    "COMPOSITE",
    "DIMENSIONS",
    "OVERALL",
    "PARTNER",
    "ROLES",
    "STAGES",
    "SUBJECTS",
    "TOUCHPOINTS",
    "VENDOR",
    "Audience",
    "Bank",
    "BankMetric",
    "BankQuestion",
    "Follows",
    "Kind",
    "Purpose",
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
    purpose: Purpose = "dimension"
    about: str = ""

    @property
    def rated(self) -> bool:
        return self.kind == "rated"

    @property
    def can_be_passed(self) -> bool:
        """True where "I can't judge this" is offered: roles differ in what they can see."""
        return self.rated

    @property
    def measures(self) -> str:
        """What its answers are evidence of: its dimension, or itself where it has none.

        An open question that follows a score is about what that score is about.
        """
        if self.follows and self.metric is None:
            return COMPOSITE if self.purpose == "overall" else self.purpose
        return self.metric or self.key

    @property
    def audience(self) -> Audience:
        """Who may be asked: people at partners, end customers, or the vendor's partner managers."""
        return AUDIENCES.get(self.purpose, "partner")

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

    def of(self, purpose: Purpose) -> tuple[BankQuestion, ...]:
        """Find all questions of one purpose."""
        return tuple(question for question in self.questions if question.purpose == purpose)

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
