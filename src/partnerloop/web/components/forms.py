"""Fields, scales, choices."""

from collections.abc import Sequence
from dataclasses import dataclass

from partnerloop.core.speaking import direction


@dataclass(frozen=True, slots=True)
class Field:
    """A form field without a Django form behind it; errors say how to put it right."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    error: str = ""
    autocomplete: str = ""
    options: Sequence[tuple[str, str]] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Scale0to10:
    """A rated question. Chosen is "0" to "10", "none" for can't judge, or "" for nothing yet."""

    name: str
    question: str
    low: str
    high: str
    chosen: str = ""
    hint: str = ""
    error: str = ""
    language: str = ""  # where it is not that of the page

    @property
    def direction(self) -> str:
        """Return the writing direction of the question."""
        return direction(self.language)

    @property
    def steps(self) -> Sequence[str]:
        """Return the eleven values."""
        return STEPS


STEPS = tuple(str(n) for n in range(11))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few, with a sentence; `more` folds away what matters to few."""

    value: str
    label: str
    sentence: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """A question with radio cards. Nothing is chosen unless the person chose it before."""

    name: str
    question: str
    choices: Sequence[Choice]
    chosen: str = ""
    hint: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Pills:
    """A small question with short answers in a row."""

    name: str
    question: str
    choices: Sequence[Choice]
    chosen: str = ""
    hint: str = ""
