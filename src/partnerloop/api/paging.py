"""Lists in parts: a cursor says after which row to go on, so that nothing comes twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from django.core import signing
from django.db.models import Model, QuerySet
from ninja import Field

from partnerloop.api.problems import Problem

Row = TypeVar("Row", bound=Model)
MOST = 100
Limit = Annotated[int, Field(ge=1, le=MOST)]
SALT = "partnerloop.api.cursor"


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Row]):
    """Some rows of a list, and the cursor of the next ones, if there are any."""

    rows: Sequence[Row]
    next_cursor: str | None


def sheet(rows: QuerySet[Row], *, of: str, cursor: str, limit: int) -> Sheet[Row]:
    """Return the rows after a cursor, by id: stable however many are added meanwhile.

    Signed, so that nobody takes it for an id to count with; bound to its list by `of`.
    """
    ordered = rows.order_by("pk")
    if cursor:
        ordered = ordered.filter(pk__gt=_read(cursor, of=of))
    found = list(ordered[: limit + 1])
    shown = found[:limit]
    more = signing.dumps(str(shown[-1].pk), salt=f"{SALT}.{of}") if len(found) > limit else None
    return Sheet(shown, more)


def _read(cursor: str, *, of: str) -> str:
    try:
        return str(signing.loads(cursor, salt=f"{SALT}.{of}"))
    except signing.BadSignature:
        raise Problem(400, "This cursor is not one of this list.") from None
