"""Which language pages and mails for partners speak, and in which direction it is written.

The questions may be in a language that came by file, for which the words around them are missing:
then these speak the next language that is wanted, and each question carries its own.
"""

from django.conf import settings
from django.utils.translation import get_language_info

LAST_RESORT = "en"
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def spoken(*wanted: str) -> str:
    """Return the first of these languages that has all words of ours, else English.

    A regional language stands for its base: de-AT is spoken as de.
    """
    bases = [language.partition("-")[0].lower() for language in wanted]
    codes = dict(settings.LANGUAGES)
    return next((base for base in bases if base in codes), LAST_RESORT)


def direction(language: str) -> str:
    """Return the writing direction of a language tag."""
    return "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def language_name(code: str) -> str:
    """Return what a language is called, in the reader's words; an unknown one keeps its code."""
    try:
        return str(get_language_info(code)["name_translated"]).capitalize()
    except KeyError:
        return code
