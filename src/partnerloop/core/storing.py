"""Storing rows with statements that are written once: an answer writes ten, and waits for them.

The ORM writes the SQL of each insert anew, which takes longer than the insert. Values are turned by
Django's own fields, and constraints hold as ever; `save` methods do nothing here that could be
missed (STYLE.md), and there are no signals.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Model = type[models.Model]
KEEPS_THE_OLDER = "ON CONFLICT DO NOTHING"


def add(rows: Sequence[models.Model], *, otherwise: str = "") -> None:
    """Insert rows of one model, whose keys are known or not needed afterwards."""
    if not rows:
        return
    model = type(rows[0])
    here = connections[DEFAULT_DB_ALIAS]
    sent = [_sent(field, row, here) for row in rows for field in _stored(model)]
    with here.cursor() as cursor:
        cursor.execute(_insert(model, len(rows), otherwise), sent)
    for row in rows:
        row._state.adding = False


def renew(row: models.Model, fields: Sequence[str]) -> None:
    """Write these fields of a row that is in the database."""
    model = type(row)
    names = tuple(fields)
    here = connections[DEFAULT_DB_ALIAS]
    sent = [_sent(_field(model, name), row, here) for name in (*names, "pk")]
    with here.cursor() as cursor:
        cursor.execute(_update(model, names), sent)


def quoted(model: Model, name: str) -> str:
    """Return how a statement names the column of a field."""
    return _quoted(_field(model, name).column)


def _sent(field: "models.Field[Any, Any]", row: models.Model, here: BaseDatabaseWrapper) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), here)


@cache
def _stored(model: Model) -> "tuple[models.Field[Any, Any], ...]":
    """Return the fields that an insert names: all but a key that the database counts."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField | models.BigAutoField)
    )


@cache
def _field(model: Model, name: str) -> "models.Field[Any, Any]":
    known = model._meta
    return known.pk if name == "pk" else known.get_field(name)  # type: ignore[return-value]


@cache
def _insert(model: Model, number: int, otherwise: str) -> str:
    fields = _stored(model)
    names = ", ".join(_quoted(field.column) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    rows = ", ".join([row] * number)
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) VALUES {rows} {otherwise}"  # noqa: S608


@cache
def _update(model: Model, names: tuple[str, ...]) -> str:
    given = ", ".join(f"{_quoted(_field(model, name).column)} = %s" for name in names)
    key, table = _quoted(_field(model, "pk").column), _quoted(model._meta.db_table)
    return f"UPDATE {table} SET {given} WHERE {key} = %s"  # noqa: S608


def _quoted(name: str | None) -> str:
    # names of our own models only: no word from outside comes here
    assert name, "a field without a column cannot be stored"
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name)
