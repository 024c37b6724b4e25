"""Quiet hours: when a mail with questions may reach somebody, by their own clock."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from partnerloop.partners.models import Contact
from partnerloop.programs.models import Program

SATURDAY = 5
LONGEST_SEARCH = 400  # days; a program that calls more days holidays in a row sends all the same


@dataclass(frozen=True)
class Hours:
    """The hours of working days in which mails may come."""

    begin: int = 8
    end: int = 18
    holidays: Collection[date] = field(default_factory=frozenset)


def hours_of(program: Program) -> Hours:
    """Return a program's hours and holidays."""
    days = frozenset(date.fromisoformat(day) for day in program.holidays)
    return Hours(program.mails_from_hour, program.mails_until_hour, days)


def zone_of(contact: Contact, *, program: Program) -> ZoneInfo:
    """Return the time zone a person lives in: their own, else the program's, else UTC."""
    for name in (contact.time_zone, program.time_zone):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def next_moment(hours: Hours, *, zone: ZoneInfo, at: datetime) -> datetime:
    """Return the first moment from `at` on that is in no quiet hour of a zone, in UTC.

    >>> zurich = ZoneInfo("Europe/Zurich")
    >>> next_moment(Hours(), zone=zurich, at=datetime(2026, 11, 27, 20, 0, tzinfo=UTC))
    datetime.datetime(2026, 11, 30, 7, 0, tzinfo=datetime.timezone.utc)
    """
    local = at.astimezone(zone)
    if _is_working(hours, local.date()) and hours.begin <= local.hour < hours.end:
        return at.astimezone(UTC)
    day = local.date()
    for _ in range(LONGEST_SEARCH):
        begin = _begin(hours, day, zone)
        if _is_working(hours, day) and begin >= at:
            return begin
        day += timedelta(days=1)
    return at.astimezone(UTC)


def is_quiet(hours: Hours, *, zone: ZoneInfo, at: datetime) -> bool:
    """Return whether a mail would come at a bad moment."""
    return next_moment(hours, zone=zone, at=at) > at


def _is_working(hours: Hours, day: date) -> bool:
    return day.weekday() < SATURDAY and day not in hours.holidays


def _begin(hours: Hours, day: date, zone: ZoneInfo) -> datetime:
    """The begin of a working day. Where clocks skip that hour, the moment they skip to."""
    return datetime.combine(day, time(hours.begin), tzinfo=zone).astimezone(UTC)
