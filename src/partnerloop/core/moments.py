"""Reading many moments from the database at once: many rows hold few different ones.

Making a `datetime` of each row costs more than all else that is done with it. A launch stamps all
its asks with one moment, so that each different one is made once.
"""

from datetime import UTC, datetime

from django.db.models import Max, TextField
from django.db.models.functions import Cast


class Moments(dict[str, datetime]):
    """The moments of a column read by `written` or `last_written`, each made once.

    >>> Moments()["2026-11-27 04:00:00"]
    datetime.datetime(2026, 11, 27, 4, 0, tzinfo=datetime.timezone.utc)
    """

    def __missing__(self, text: str) -> datetime:
        found = datetime.fromisoformat(text)
        # SQLite writes no offset, PostgreSQL that of its connection; both are UTC
        moment = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        self[text] = moment
        return moment


def written(column: str) -> Cast:
    """Return a column of moments as the database writes them, for `Moments`."""
    return Cast(column, TextField())


def last_written(column: str) -> Cast:
    """Return the last moment of a group as the database writes it, for `Moments`."""
    return Cast(Max(column), TextField())
