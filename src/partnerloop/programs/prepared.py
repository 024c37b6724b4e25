"""Questions asked with every visit: the ORM writes their SQL once, and values follow later.

Writing the SQL of a query takes the ORM several times as long as the database takes to answer it.
The statement is Django's own, for either database, and so is what turns columns into values; only
the writing is not repeated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Generic, Self, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

from partnerloop.programs.scoping import ScopedQuerySet

Row = TypeVar("Row", bound=tuple[Any, ...])


class Given(Expression):
    """A value that is not known yet when the SQL is written; `field` says how it is sent."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return "%s", [self]

    def sent(self, values: Mapping[str, object], here: BaseDatabaseWrapper) -> Any:
        """Return the value as the database wants it."""
        return self.output_field.get_db_prep_value(values[self.name], here)


@dataclass(frozen=True, slots=True)
class _Statement(Generic[Row]):
    """The SQL, what is put into it, and what makes rows of the columns that come back."""

    sql: str
    parameters: tuple[Any, ...]
    read: Callable[[list[tuple[Any, ...]]], list[Row]]


class Prepared(Generic[Row]):
    """A `values_list` over rows of one program, with `Given` values in its filters."""

    def __init__(self, build: "Callable[[], models.QuerySet[Any, Row]]") -> None:
        self._build = build  # called at the first question: models are not ready before
        self._locks = False

    @classmethod
    def locking(cls, build: "Callable[[], models.QuerySet[Any, Row]]") -> Self:
        """Return a question that keeps its rows from being changed until the transaction ends."""
        prepared = cls(build)
        prepared._locks = True
        return prepared

    def ask(self, **values: object) -> list[Row]:
        """Return the rows for these values."""
        told, here = self._statement, connections[DEFAULT_DB_ALIAS]
        sent = [
            one.sent(values, here) if isinstance(one, Given) else one for one in told.parameters
        ]
        with here.cursor() as cursor:
            cursor.execute(told.sql, sent)
            return told.read(cursor.fetchall())

    def first(self, **values: object) -> Row | None:
        """Return the first row for these values, or None."""
        return next(iter(self.ask(**values)), None)

    @cached_property
    def _statement(self) -> _Statement[Row]:
        query = self._build()
        if isinstance(query, ScopedQuerySet):
            query.demand_scope()
        # a connection that is never opened: the statement serves all threads and outlives them
        unopened = connections.create_connection(DEFAULT_DB_ALIAS)
        compiler = query.query.get_compiler(connection=unopened)
        sql, parameters = compiler.as_sql()
        if self._locks and unopened.features.has_select_for_update:
            sql = f"{sql} {unopened.ops.for_update_sql()}"
        converters = compiler.get_converters([column[0] for column in compiler.select])

        def read(rows: list[tuple[Any, ...]]) -> list[Row]:
            return [cast(Row, tuple(row)) for row in compiler.apply_converters(rows, converters)]

        return _Statement(sql, tuple(parameters), read)


@cache
def columns(model: type[models.Model], *, path: str = "") -> tuple[str, ...]:
    """Return the columns of a model for `values_list`, behind the relation that leads to it."""
    return tuple(f"{path}{field.attname}" for field in model._meta.concrete_fields)


def built(row: tuple[Any, ...], *kinds: type[models.Model]) -> list[Any]:
    """Return the objects whose `columns` a row has, one after the other."""
    found, at = [], 0
    for model in kinds:
        names = columns(model)
        found.append(model.from_db(DEFAULT_DB_ALIAS, names, row[at : at + len(names)]))
        at += len(names)
    return found
