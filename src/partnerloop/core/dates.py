"""Days as readers of the active language write them."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

ENGLISH = "j F Y"


def written_day(day: date) -> str:
    """Return a day with its month in words: 26 November 2026, 26. November 2026."""
    language = get_language() or "en"
    return date_format(day, ENGLISH if language.startswith("en") else "DATE_FORMAT")
