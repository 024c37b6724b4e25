"""Comparing rows with what a program has: what would be new, changed, the same, or wrong."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from partnerloop.partners.importing.reading import Problem, Row, read
from partnerloop.partners.models import Affiliation, Contact, Partner
from partnerloop.partners.segmenting import Place, places
from partnerloop.programs.models import Program

SEGMENTS = ("type", "tier", "region", "country")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of one kind would be new, changed or as they are."""

    new: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Check:
    """A dry run: nothing has been saved."""

    rows: Sequence[Row]
    partners: Counts
    contacts: Counts
    problems: Sequence[Problem]
    left_out: Sequence[str]

    @property
    def changes_nothing(self) -> bool:
        """Return whether everything in the file is there already."""
        counts = (self.partners, self.contacts)
        return not any(count.new or count.changed for count in counts)


def check(program: Program, text: str, *, on: date) -> Check:
    """This will read a text and say what saving it would do, or `UnreadableFile`."""
    reading = read(text)
    contradictions = _contradictions(reading.rows)
    wrong = {problem.row for problem in contradictions}
    rows = [row for row in reading.rows if row.number not in wrong]
    problems = sorted([*reading.problems, *contradictions], key=lambda p: (p.row, p.column))
    return Check(
        rows=rows,
        partners=_partners(program, rows, on=on),
        contacts=_contacts(program, rows, on=on),
        problems=problems,
        left_out=reading.left_out,
    )


def name_key(name: str) -> str:
    """Return what a partner is found again by: its name, whatever its case."""
    return name.casefold()


def _contradictions(rows: Sequence[Row]) -> list[Problem]:
    """Return where a row says something else than an earlier one of the same partner or person."""
    found: list[Problem] = []
    segments: dict[tuple[str, str], Row] = {}
    people: dict[tuple[str, str], Row] = {}
    for row in rows:
        for column in SEGMENTS:
            value = getattr(row, column)
            first = segments.setdefault((name_key(row.partner), column), row) if value else row
            if value and getattr(first, column) != value:
                says = f"“{value}” here, but “{getattr(first, column)}” in row {first.number}."
                found.append(Problem(row.number, column, says))
        same = people.setdefault((row.email, name_key(row.partner)), row)
        if same is not row:
            says = f"{row.email} stands in row {same.number} already."
            found.append(Problem(row.number, "email", says))
    return found


def _partners(program: Program, rows: Sequence[Row], *, on: date) -> Counts:
    known = {
        name_key(name): pk for pk, name in Partner.objects.of(program).values_list("pk", "name")
    }
    where = places(program, on=on)
    differs: dict[str, bool] = defaultdict(bool)
    for row in rows:
        key = name_key(row.partner)
        place = where.get(known.get(key, 0), Place())
        differs[key] |= any(getattr(row, c) not in ("", place.get(c, "")) for c in SEGMENTS)
    new = sum(key not in known for key in differs)
    changed = sum(key in known and differs[key] for key in differs)
    return Counts(new, changed, len(differs) - new - changed)


def _contacts(program: Program, rows: Sequence[Row], *, on: date) -> Counts:
    people = {
        email.lower(): (name, language)
        for email, name, language in Contact.objects.of(program).values_list(
            "email", "name", "language"
        )
    }
    works = {
        (email.lower(), name_key(partner)): role
        for email, partner, role in Affiliation.objects.of(program)
        .current(on)
        .values_list("contact__email", "partner__name", "role")
    }
    new = changed = 0
    emails = {row.email for row in rows}
    for row in {row.email: row for row in rows}.values():
        if row.email not in people:
            new += 1
    for email in emails & people.keys():
        mine = [row for row in rows if row.email == email]
        changed += any(_differs(row, people[email], works) for row in mine)
    return Counts(new, changed, len(emails) - new - changed)


def _differs(row: Row, person: tuple[str, str], works: dict[tuple[str, str], str]) -> bool:
    name, language = person
    return (
        row.contact != name
        or row.language not in ("", language)
        or works.get((row.email, name_key(row.partner))) != row.role
    )
