"""The one place that reads the clock. Everything else is given its time as `at=`."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()


def week_of(day: date) -> date:
    """Return the Monday of the week of `day`: the finest time shown for unnamed people."""
    return day - timedelta(days=day.weekday())


def start_of(day: date) -> datetime:
    """Return midnight UTC at the beginning of `day`."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def day_number(day: date) -> float:
    """Return days since 2000-01-01: the engine's time axis (it knows no calendar)."""
    return float((day - EPOCH).days)


def day_of(number: float) -> date:
    """Return the calendar day of an engine day number; undoes `day_number`."""
    return EPOCH + timedelta(days=int(number))


EPOCH = date(2000, 1, 1)
