"""The questions of an invitation, by their wordings. Wordings never change, so they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from partnerloop.pulses.models import Question, Wording


class UnknownWording(LookupError):
    """An invitation names a wording that does not exist in its program."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question as a respondent reads it; `text` still carries its placeholders."""

    wording_id: int
    key: str
    kind: str
    measure: str
    is_overall: bool
    is_reversed: bool
    language: str
    text: str
    low: str
    high: str
    follows: str = ""

    @property
    def is_rated(self) -> bool:
        return self.kind == Question.Kind.RATED


def asked_questions(program_id: int, wordings: Sequence[int]) -> list[AskedQuestion]:
    """Return the questions behind wording ids, in order; reads the database once per wording."""
    return [_asked(program_id, wording) for wording in wordings]


def forget() -> None:
    """Empty the memory; only a database that was replaced under a running process needs it."""
    _asked.cache_clear()


@lru_cache(maxsize=10_000)
def _asked(program_id: int, wording_id: int) -> AskedQuestion:
    found = Wording.objects.of(program_id).filter(pk=wording_id).select_related("question").first()
    if found is None:
        raise UnknownWording(f"wording {wording_id} is not in program {program_id}")
    question = found.question
    return AskedQuestion(
        wording_id=found.pk,
        key=question.key,
        kind=question.kind,
        measure=question.measure,
        is_overall=question.is_overall,
        is_reversed=question.is_reversed,
        language=found.language,
        text=found.text,
        low=found.low,
        high=found.high,
        follows=question.follows,
    )
