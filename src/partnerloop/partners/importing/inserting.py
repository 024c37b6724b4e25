"""Writing many new rows at once: the database's own INSERT, without an object for each row.

An import makes several rows of each line, and building a model and an expression for each cell
costs several times what the database does. What becomes of a value is still asked of its field.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

Ready = Callable[[Any], Any]
MOST_REMEMBERED = 1000


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """This will insert rows, given by the names of their columns, and return their keys in order.

    A column that a row leaves out gets the default of its field. No signal, no `save`.
    """
    connection = connections[router.db_for_write(model)]
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    ready = [_ready(field, connection) for field in fields]
    names = [field.attname for field in fields]
    blank = [field.get_default if field.has_default() else _nothing(field) for field in fields]
    together = max(1, connection.ops.bulk_batch_size(fields, rows))
    keys: list[Any] = []
    with connection.cursor() as cursor:
        for start in range(0, len(rows), together):
            some = rows[start : start + together]
            cells = [
                make(row[name] if name in row else absent())
                for row in some
                for name, make, absent in zip(names, ready, blank, strict=True)
            ]
            cursor.execute(_sql(model, fields, len(some), connection), cells)
            keys += [key for (key,) in cursor.fetchall()]
    return keys


def _sql(
    model: type[models.Model],
    fields: Sequence["models.Field[Any, Any]"],
    rows: int,
    connection: BaseDatabaseWrapper,
) -> str:
    """Return the statement; all that stands in it are names of our own tables and columns."""
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    marks = "(" + ", ".join(["%s"] * len(fields)) + ")"
    key = model._meta.pk
    return " ".join(
        (
            "INSERT INTO",
            quoted(model._meta.db_table),
            f"({columns}) VALUES",
            ", ".join([marks] * rows),
            "RETURNING",
            quoted(str(key.column)),
        )
    )


def _nothing(field: "models.Field[Any, Any]") -> Callable[[], Any]:
    empty = None if field.null else ""
    return lambda: empty


def _ready(field: "models.Field[Any, Any]", connection: BaseDatabaseWrapper) -> Ready:
    """Return what makes a value of a field ready for the database; texts and keys are already."""
    plain: tuple[type, ...] = ()
    if isinstance(field, models.CharField | models.TextField):
        plain = (str,)
    elif isinstance(field, models.IntegerField | models.ForeignKey):
        plain = (int,)
    held: dict[Any, Any] = {}

    def made(value: Any) -> Any:
        if value is None or type(value) in plain:
            return value
        if not isinstance(value, date):  # moments and days come again and again
            return field.get_db_prep_save(value, connection=connection)
        if value not in held:
            if len(held) >= MOST_REMEMBERED:
                held.clear()
            held[value] = field.get_db_prep_save(value, connection=connection)
        return held[value]

    return made
