"""Words of the pages on the question bank: languages by name, what a question is about."""

from django.utils.translation import get_language_info

from partnerloop.pulses.bank import languages
from partnerloop.pulses.models import Question


def name_of(language: str) -> str:
    """Return the English name of a language, or its tag where it has none."""
    try:
        return str(get_language_info(language)["name"])
    except KeyError:
        return language


def named_languages() -> list[tuple[str, str]]:
    """Return the languages of the built-in bank with their names."""
    return [(code, name_of(code)) for code in languages()]


def subject(question: Question) -> str:
    """Return what a question is about, in words, where its kind alone does not say it."""
    return question.about.replace("_", " ").capitalize()
