"""A program's own words for a question: a new version each time, so that answers keep theirs."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from partnerloop.accounts.models import Membership
from partnerloop.core.models import record_audit
from partnerloop.pulses.bank import BankError, read_bank
from partnerloop.pulses.bank.wording import AUDIENCES, PARTNER, VENDOR, BankQuestion
from partnerloop.pulses.models import Question, Wording

LONGEST = {"text": 300, "low": 60, "high": 60}
_BRACES = re.compile(r"\{[^}]*\}?|\}")


class UnusableWords(ValueError):
    """Words that cannot be asked; `field` is text, low or high, and the message says why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, slots=True)
class Words:
    """What a respondent reads: the question, and what 0 and 10 mean where it is rated."""

    text: str
    low: str = ""
    high: str = ""


def words_of(wording: Wording | BankQuestion) -> Words:
    """Return the words of a version that exists."""
    return Words(wording.text, wording.low, wording.high)


def newest(question: Question, *, language: str) -> Wording | None:
    """Return the newest words of a question in exactly one language, None where it has none."""
    rows = Wording.objects.of(question.program_id).filter(question=question, language=language)
    return rows.order_by("-version").first()


def in_the_bank(key: str, *, language: str) -> BankQuestion | None:
    """Return the built-in question of a key in a language, None where the bank has none."""
    try:
        return read_bank(language).question(key)
    except (BankError, KeyError):
        return None


def refuse_unusable(words: Words, *, kind: str, purpose: str) -> None:
    """Raise UnusableWords where a question of this kind and purpose can't be asked like this."""
    ends = {"low": words.low, "high": words.high}
    for field, told in {"text": words.text, **ends}.items():
        if not told.replace("\n", " ").isprintable():
            raise UnusableWords(field, "There are characters in it that cannot be shown.")
        if len(told) > LONGEST[field]:
            raise UnusableWords(field, f"Keep it to {LONGEST[field]} characters.")
    if not words.text.strip():
        raise UnusableWords("text", "Write the question.")
    known = (VENDOR, PARTNER) if purpose in AUDIENCES else (VENDOR,)
    for braces in _BRACES.findall(words.text):
        if braces not in known:
            told = " and ".join(known)
            raise UnusableWords("text", f"{braces} means nothing here; there is only {told}.")
    for field, told in ends.items():
        if kind == Question.Kind.RATED and not told.strip():
            raise UnusableWords(field, "Say what this end of the scale means.")
        if kind == Question.Kind.OPEN and told:
            raise UnusableWords(field, "An open question has no ends of a scale.")
        if _BRACES.search(told):
            raise UnusableWords(field, "No braces here: these words stand as they are.")


@transaction.atomic
def reword(
    question: Question, words: Words, *, language: str, by: Membership | None, at: datetime
) -> Wording:
    """This will add a version with these words; the same words again change nothing.

    Whom it was asked already keeps the old words, and every answer counts as before: what a
    question measures and which end is good does not change with its words.
    """
    refuse_unusable(words, kind=question.kind, purpose=question.purpose)
    Question.objects.of(question.program_id).select_for_update().get(pk=question.pk)
    last = newest(question, language=language)
    if last is not None and words_of(last) == words:
        return last
    return add_version(
        question, words, language=language, version=last.version + 1 if last else 1, by=by, at=at
    )


def add_version(
    question: Question,
    words: Words,
    *,
    language: str,
    version: int,
    by: Membership | None,
    at: datetime,
) -> Wording:
    """This will add a version under a number that is known to be free, and note who did it."""
    built_in = in_the_bank(question.key, language=language)
    is_of_the_bank = built_in is not None and words_of(built_in) == words
    wording = Wording.objects.create(
        program_id=question.program_id,
        question=question,
        language=language,
        version=version,
        text=words.text,
        low=words.low,
        high=words.high,
        bank_version=built_in.version if built_in and is_of_the_bank else None,
    )
    record_audit(
        "question.reworded",
        at=at,
        actor=f"user:{by.user_id}" if by else "system",
        target=f"question:{question.pk}",
        program_id=question.program_id,
        fields=(language,),
    )
    return wording
