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
from partnerloop.pulses.models import COMPOSITE

KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Recent:
    """Who spoke of late on one measure: how many people, and the newest atom's week.

    `people` are those named and those of the largest atom, which a band gives as a middle.
    """

    people: float = 0.0
    newest_atom: date | None = None

    @property
    def is_empty(self) -> bool:
        return self.people == 0


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
        oldest = int(day_number(since))
        return _recent(self.named.get(measure), self.atoms.get(measure), oldest=oldest)

    def recent_on_each(self, *, since: date) -> dict[str, Recent]:
        """Return who spoke since a day, by measure as far as anybody did, read in one pass.

        The composite rests on everything said, whatever it was said on.
        """
        oldest = int(day_number(since))
        found = {
            measure: _recent(self.named.get(measure), self.atoms.get(measure), oldest=oldest)
            for measure in {*self.named, *self.atoms}
        }
        people = {
            person for days in self.named.values() for person, day in days.items() if day >= oldest
        }
        rows = [row for some in self.atoms.values() for row in some if row[0] >= oldest]
        found[COMPOSITE] = _counted(len(people), rows)
        return {measure: one for measure, one in found.items() if not one.is_empty}

    def was_heard(self, *, since: date) -> bool:
        """Return whether anybody has spoken on anything since a day."""
        oldest = int(day_number(since))
        return any(day >= oldest for days in self.named.values() for day in days.values()) or any(
            day >= oldest for rows in self.atoms.values() for day, _ in rows
        )

    def ever(self) -> bool:
        """Return whether anybody has spoken within what is kept."""
        return any(self.named.values()) or any(self.atoms.values())

    @property
    def measures(self) -> frozenset[str]:
        """Return what somebody has spoken on within what is kept."""
        said = {measure for measure, people in self.named.items() if people}
        return frozenset(said | {measure for measure, rows in self.atoms.items() if rows})


Rows = list[tuple[int, str]]


def _recent(days: dict[str, int] | None, atoms: Rows | None, *, oldest: int) -> Recent:
    people = sum(day >= oldest for day in days.values()) if days else 0
    return _counted(people, [row for row in atoms if row[0] >= oldest] if atoms else [])


def _counted(people: int, atoms: Rows) -> Recent:
    if not people and not atoms:
        return NOBODY
    return Recent(
        people=people + max((middle(label) for _, label in atoms), default=0.0),
        newest_atom=day_of(max(week for week, _ in atoms)) if atoms else None,
    )
