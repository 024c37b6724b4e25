"""Which words a person is shown: their language, the newest version, the vendor's name."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db.models import QuerySet

from partnerloop.partners.models import Contact, Partner
from partnerloop.programs.models import Program
from partnerloop.pulses.bank.wording import VENDOR
from partnerloop.pulses.models import Wording

LAST_RESORT = "en"


class NoWords(LookupError):
    """A question has no words in any language that would do."""


def languages_for(
    program: Program, *, contact: Contact | None = None, partner: Partner | None = None
) -> tuple[str, ...]:
    """Return the languages to try, best first: contact, partner, program, English.

    A regional language brings its base along: de-AT is followed by de.
    """
    return best_first(
        contact.language if contact else "",
        partner.language if partner else "",
        program.language,
    )


@lru_cache(maxsize=1000)
def best_first(*wanted: str) -> tuple[str, ...]:
    """Return these languages with their bases, each once, and English at the end.

    >>> best_first("de-AT", "", "fr")
    ('de-AT', 'de', 'fr', 'en')
    """
    tried: dict[str, None] = {}
    for language in filter(None, (*wanted, LAST_RESORT)):
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


def askable(program: Program) -> QuerySet[Wording, int]:
    """Return the ids of questions that have words in the program's own language or the last resort.

    Others can be asked of nobody: a contact may read no language that they have.
    """
    rows = Wording.objects.of(program).filter(language__in=languages_for(program))
    return rows.values_list("question_id", flat=True)


def newest_wordings(program: Program, *, language: str) -> dict[int, Wording]:
    """Return the newest words of every question in exactly one language, by question."""
    rows = Wording.objects.of(program).filter(language=language).order_by("version")
    return {wording.question_id: wording for wording in rows}


def _order(wording: Wording, rank: dict[str, int]) -> tuple[int, int]:
    return rank[wording.language], -wording.version


def with_vendor(text: str, *, vendor: str) -> str:
    """Put the vendor's name in, and nothing else: a name with braces stays what it is."""
    return text.replace(VENDOR, vendor)
