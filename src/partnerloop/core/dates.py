"""Days as readers of the active language write them."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

ENGLISH = "j F Y"


def written_day(day: date) -> str:
    """Return a day with its month in words: 26 November 2026, 26. November 2026."""
    return date_format(day, ENGLISH if _is_english() else "DATE_FORMAT")


def written_day_of_year(day: date) -> str:
    """Return a day without its year, for readers of that year: 26 November, 26. November."""
    return date_format(day, "j F" if _is_english() else "MONTH_DAY_FORMAT")


def _is_english() -> bool:
    return (get_language() or "en").startswith("en")
