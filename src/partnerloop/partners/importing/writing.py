"""What an import knows, makes and changes: looked at in a dry run, written in bulk when saved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from partnerloop.accounts.models import Membership, User
from partnerloop.partners.importing.inserting import insert
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    Cost,
    Customer,
    Deal,
    ExternalId,
    ImportedChange,
    ImportRun,
    MailDomain,
    Partner,
    PartnerAssignment,
    Revenue,
    SegmentAttribute,
    Signal,
    Target,
)

# In the order in which they are made: a row after those it points at.
TABLES: dict[str, type[models.Model]] = {
    "user": User,
    "member": Membership,
    "partner": Partner,
    "contact": Contact,
    "customer": Customer,
    "deal": Deal,
    "affiliation": Affiliation,
    "attribute": SegmentAttribute,
    "domain": MailDomain,
    "assignment": PartnerAssignment,
    "revenue": Revenue,
    "cost": Cost,
    "target": Target,
    "signal": Signal,
    "external_id": ExternalId,
}
POINTERS = frozenset({"user", "member", "partner", "parent", "contact", "customer", "deal"})
TOGETHER = 500


class Known:
    """A row as an import sees it: its key once it has one, and the fields a file may change.

    A plain class with slots: there are hundreds of thousands of them.
    """

    __slots__ = ("claims", "is_new", "pk", "table", "touched", "values")

    def __init__(self, table: str, pk: int | None, values: dict[str, Any]) -> None:
        self.table, self.pk, self.values = table, pk, values
        self.claims: dict[str, tuple[Any, int]] | None = None
        self.is_new = pk is None
        self.touched = False


@dataclass
class Tally:
    """How many rows of each table were made and changed."""

    new: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    changed: dict[str, int] = field(default_factory=lambda: defaultdict(int))


class Writer:
    """Collects what rows make and change. A dry run forgets it at the end of a batch."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.steps = 0
        self.made: dict[str, list[Known]] = defaultdict(list)
        self.altered: list[Alteration] = []

    def make(self, table: str, **values: Any) -> Known:
        """This will note a new row."""
        known = Known(table, None, values)
        self.made[table].append(known)
        self.tally.new[table] += 1
        self.steps += 1
        return known

    def change(self, known: Known, **values: Any) -> None:
        """This will note the fields that differ from what the row holds."""
        differing = {key: value for key, value in values.items() if known.values[key] != value}
        if not differing:
            return
        self.steps += 1
        if not known.is_new and not known.touched:
            self.tally.changed[known.table] += 1
            known.touched = True
        held = {key: known.values[key] for key in differing}
        self.altered.append(Alteration(known, held, differing, known.pk is None))
        known.values = {**known.values, **differing}

    @property
    def addresses_given_up(self) -> list[str]:
        """Return the addresses at which people of this batch are not written to any more."""
        changed = (one.before.get("email") for one in self.altered if not one.unborn)
        return [address for address in changed if address]

    def forget(self) -> None:
        """This will end a batch of a dry run."""
        self.made.clear()
        self.altered.clear()

    def write(self, run: ImportRun) -> None:
        """This will write a batch, and how to undo it; call it inside a transaction."""
        ready = [one for one in self.altered if one.known.pk and not one.awaits_key]
        later = [one for one in self.altered if one.known.pk is None or one.awaits_key]
        changes = self._alter(run, ready)  # what ends today ends before its successor begins
        for table in TABLES:
            changes += self._create(run, table)
        changes += self._alter(run, [one for one in later if not one.is_told_at_birth])
        ImportedChange.objects.bulk_create(changes)
        self.forget()

    def _create(self, run: ImportRun, table: str) -> list[ImportedChange]:
        found = self.made.get(table)
        if not found:
            return []
        scope = {} if table == "user" else {"program_id": run.program_id}
        told = [_columns(known.values, leave_out=("parent",)) for known in found]
        keys = insert(TABLES[table], [{**columns, **scope} for columns in told])
        undo: list[list[Any]] = []
        for known, key, columns in zip(found, keys, told, strict=True):
            known.pk = key
            columns.pop("password", None)
            undo.append([key, None, as_json(columns)])
        return _noted(run, table, undo)

    def _alter(self, run: ImportRun, altered: Iterable["Alteration"]) -> list[ImportedChange]:
        undo: dict[str, list[list[Any]]] = defaultdict(list)
        for one in altered:
            model, columns = TABLES[one.known.table], _columns(one.after)
            model._base_manager.filter(pk=one.known.pk).update(**columns)
            held = as_json(_columns(one.before))
            undo[one.known.table].append([one.known.pk, held, as_json(columns)])
        return [change for table, rows in undo.items() for change in _noted(run, table, rows)]


@dataclass(frozen=True, slots=True)
class Alteration:
    """Some fields of one row: what they held, and what they hold from now on."""

    known: Known
    before: dict[str, Any]
    after: dict[str, Any]
    unborn: bool  # the row is made in the same batch

    @property
    def awaits_key(self) -> bool:
        """Return whether it points at a row that isn't written yet."""
        return any(isinstance(v, Known) and v.pk is None for v in self.after.values())

    @property
    def is_told_at_birth(self) -> bool:
        """Return whether a row just made holds this already.

        Only its parent has to wait, because the parent may be made in the same batch.
        """
        return self.unborn and "parent" not in self.after


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """This will return values as JSON keeps them, to the last digit."""
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    if value is None or type(value) is str or type(value) is int:
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _columns(values: Mapping[str, Any], *, leave_out: Sequence[str] = ()) -> dict[str, Any]:
    """Return values by the names of the columns; who points at whom is a key by now."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if key in leave_out:
            continue
        if key in POINTERS:
            found[f"{key}_id"] = value.pk if isinstance(value, Known) else value
        else:
            found[key] = value
    return found


def _noted(run: ImportRun, table: str, rows: list[list[Any]]) -> list[ImportedChange]:
    return [
        ImportedChange(
            program_id=run.program_id, run=run, table=table, rows=rows[start : start + TOGETHER]
        )
        for start in range(0, len(rows), TOGETHER)
    ]
