"""Program scoping that fails closed: a query that names no program raises instead of leaking.

`Partner.objects.of(program)` is the only way in. Related managers (`partner.affiliations.all()`)
are scoped by the row they hang on. django-scopes does the same with an ambient variable, but makes
every query `Any` to mypy; passing the program is as short and keeps the types.
"""

from collections.abc import Iterator
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models.expressions import Expression

from partnerloop.programs.models import Program

Row = TypeVar("Row", bound=models.Model, covariant=True)


class ProgramNotNamed(RuntimeError):
    """A query ran over rows of all programs without saying so."""


class ScopedQuerySet(models.QuerySet[Row]):
    """Rows of one program. Evaluating it before `of(...)` raises `ProgramNotNamed`."""

    _scoped = False

    def of(self, program: Program | int | Expression) -> Self:
        """Keep the rows of one program; an expression stands for one that is told later."""
        number = program.pk if isinstance(program, Program) else program
        kept = self.filter(**{getattr(self.model, "PROGRAM_PATH", "program"): number})
        kept._scoped = True
        return kept

    def across_programs(self) -> Self:
        """Say that rows of all programs are meant: for workers and upkeep, never for a page."""
        widened = self.all()
        widened._scoped = True
        return widened

    def _clone(self) -> Self:
        copy = super()._clone()  # type: ignore[misc]
        copy._scoped = self._scoped
        return copy  # type: ignore[no-any-return]

    def demand_scope(self) -> None:
        """Raise `ProgramNotNamed` unless the query says whose rows it means."""
        hung_on = self._hints.get("instance")  # type: ignore[attr-defined]
        if not self._scoped and hung_on is None:
            raise ProgramNotNamed(f"{self.model.__name__}.objects needs .of(program)")

    def _fetch_all(self) -> None:
        self.demand_scope()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Row]:
        self.demand_scope()
        return super().iterator(chunk_size=chunk_size)

    def count(self) -> int:
        self.demand_scope()
        return super().count()

    def exists(self) -> bool:
        self.demand_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self.demand_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self.demand_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self.demand_scope()
        return super().delete()

    def explain(self, *args: Any, **kwargs: Any) -> str:
        self.demand_scope()
        return super().explain(*args, **kwargs)


class ProgramOwned(models.Model):
    """A row that belongs to exactly one program."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True
