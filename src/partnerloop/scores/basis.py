"""What a partner's figures rest on: who spoke on what and when, small enough to keep in one row.

Only named answers and company atoms enter; a person is the first characters of a pseudonym.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from partnerloop.core.bands import middle
from partnerloop.core.clock import day_number, day_of
from partnerloop.evidence.models import Atom, NamedAnswer

KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Recent:
    """Who spoke of late on one measure: named people, the newest atom's week, people in atoms."""

    named: frozenset[str] = frozenset()
    atom_people: float = 0.0
    newest_atom: date | None = None

    @property
    def is_empty(self) -> bool:
        return not self.named and self.newest_atom is None


NOBODY = Recent()


@dataclass(slots=True)
class PartnerBasis:
    """For each measure: the last day of each named person, and the atoms (week, band)."""

    named: dict[str, dict[str, int]]
    atoms: dict[str, list[tuple[int, str]]]

    @classmethod
    def empty(cls) -> Self:
        """Return the basis of a partner nobody has spoken for."""
        return cls(named={}, atoms={})

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(named=stored["named"], atoms=stored["atoms"])

    def to_json(self) -> dict[str, Any]:
        """Return the basis as plain values for its row."""
        return {"named": self.named, "atoms": self.atoms}

    def add(self, *, named: Iterable[NamedAnswer] = (), atoms: Iterable[Atom] = ()) -> None:
        """Take in new evidence."""
        for answer in named:
            people = self.named.setdefault(answer.measure, {})
            person, day = answer.rater.hex[:8], int(day_number(answer.at.date()))
            people[person] = max(day, people.get(person, 0))
        for atom in atoms:
            rows = self.atoms.setdefault(atom.measure, [])
            rows.append((int(day_number(atom.week)), atom.band))

    def forget(self, *, before: date) -> None:
        """Drop what is too old to matter for any figure."""
        oldest = day_number(before)
        for people in self.named.values():
            for person in [p for p, day in people.items() if day < oldest]:
                del people[person]
        for measure, rows in self.atoms.items():
            self.atoms[measure] = [row for row in rows if row[0] >= oldest]

    def recent(self, measure: str, *, since: date) -> Recent:
        """Return who spoke on a measure since a day."""
        return _recent(self.named.get(measure), self.atoms.get(measure), since=since)

    def recent_on_anything(self, *, since: date) -> Recent:
        """Return who spoke since a day on any measure."""
        last: dict[str, int] = {}
        for days in self.named.values():
            for person, day in days.items():
                if day > last.get(person, 0):
                    last[person] = day
        return _recent(last, [row for rows in self.atoms.values() for row in rows], since=since)

    def ever(self) -> bool:
        """Return whether anybody has spoken within what is kept."""
        return any(self.named.values()) or any(self.atoms.values())


def _recent(
    days: dict[str, int] | None, atoms: list[tuple[int, str]] | None, *, since: date
) -> Recent:
    """Return who spoke since a day; called for each cell of each page, so it is frugal."""
    if not days and not atoms:
        return NOBODY
    oldest = int(day_number(since))
    people = [person for person, day in days.items() if day >= oldest] if days else ()
    new = [row for row in atoms if row[0] >= oldest] if atoms else ()
    if not people and not new:
        return NOBODY
    return Recent(
        named=frozenset(people),
        atom_people=max((middle(label) for _, label in new), default=0.0),
        newest_atom=day_of(max(week for week, _ in new)) if new else None,
    )
