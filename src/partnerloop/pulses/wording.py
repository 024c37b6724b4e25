"""Which words a person is shown: their language, the newest version, the vendor's name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from partnerloop.partners.models import Contact, Partner
from partnerloop.programs.models import Program
from partnerloop.pulses.bank.wording import VENDOR
from partnerloop.pulses.models import Wording

LAST_RESORT = "en"


class NoWords(LookupError):
    """A question has no words in any language that would do."""


@dataclass(frozen=True)
class Shown:
    """A question as one person reads it."""

    wording_id: int
    key: str
    language: str
    text: str
    low: str
    high: str
    is_open: bool
    is_overall: bool


def languages_for(
    program: Program, *, contact: Contact | None = None, partner: Partner | None = None
) -> tuple[str, ...]:
    """Return the languages to try, best first: contact, partner, program, English.

    A regional language brings its base along: de-AT is followed by de.
    """
    wanted = [
        contact.language if contact else "",
        partner.language if partner else "",
        program.language,
        LAST_RESORT,
    ]
    tried: dict[str, None] = {}
    for language in filter(None, wanted):
        tried[language] = None
        tried[language.partition("-")[0]] = None
    return tuple(tried)


def words_for(
    questions: Iterable[int], *, program: Program, languages: Sequence[str]
) -> dict[int, Wording]:
    """Return the newest words of each question, in the first of `languages` that has any."""
    wanted = list(questions)
    rank = {language: place for place, language in enumerate(languages)}
    chosen: dict[int, Wording] = {}
    rows = Wording.objects.of(program).filter(question_id__in=wanted, language__in=list(rank))
    rows = rows.select_related("question")
    for wording in rows:
        best = chosen.get(wording.question_id)
        if best is None or _order(wording, rank) < _order(best, rank):
            chosen[wording.question_id] = wording
    missing = [question for question in wanted if question not in chosen]
    if missing:
        raise NoWords(f"questions {missing} have no words in {', '.join(languages)}")
    return chosen


def _order(wording: Wording, rank: dict[str, int]) -> tuple[int, int]:
    return rank[wording.language], -wording.version


def shown(wordings: Sequence[int], *, program: Program) -> list[Shown]:
    """Return what an invitation asks, in its order, with the vendor's name put in."""
    rows = Wording.objects.of(program).filter(pk__in=wordings).select_related("question")
    found = {wording.pk: wording for wording in rows}
    return [as_shown(found[pk], vendor=program.vendor_name) for pk in wordings]


def as_shown(wording: Wording, *, vendor: str) -> Shown:
    """Put the vendor's name in, and nothing else: a name with braces stays what it is."""
    question = wording.question
    return Shown(
        wording_id=wording.pk,
        key=question.key,
        language=wording.language,
        text=wording.text.replace(VENDOR, vendor),
        low=wording.low,
        high=wording.high,
        is_open=question.kind == question.Kind.OPEN,
        is_overall=question.is_overall,
    )
