"""The partners table: filtered, sorted, with places as ranges.

Partners without a figure of their own stand after the known ones, by name, in either direction.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from partnerloop.core.money import Money
from partnerloop.partners.business import revenue_by_partner
from partnerloop.partners.models import PartnerAssignment
from partnerloop.partners.segmenting import Place, places
from partnerloop.programs.models import Program
from partnerloop.release.gate import ScoreRow
from partnerloop.web.cards import Shown, shown
from partnerloop.web.components import Pager
from partnerloop.web.metric_names import MetricNames, metric_names
from partnerloop.web.workspace.places import places_of, unsure_neighbours
from partnerloop.web.workspace.wishing import FILTERS, Wish

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One partner in the table."""

    id: int
    name: str
    where: Mapping[str, str]
    cell: Shown
    place: str
    revenue: Money | None
    managers: tuple[str, ...]

    @property
    def segment(self) -> str:
        """Return tier and region, as far as known."""
        return ", ".join(self.where[key] for key in ("tier", "region") if self.where.get(key))


@dataclass(frozen=True, slots=True)
class Select:
    """A filter above the table."""

    key: str
    label: str
    every: str
    options: Sequence[str]
    chosen: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column that the table can be sorted by."""

    label: str
    url: str
    sorted: str
    arrow: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The table as it is shown."""

    wish: Wish
    measure: str
    lines: Sequence[Line]
    selects: Sequence[Select]
    headings: Mapping[str, Heading]
    measures: Sequence[tuple[str, str]]
    total: int
    found: int
    known: int
    unsure: int
    pairs: int
    pager: Pager | None


def listed(program: Program, rows: Sequence[ScoreRow], *, wish: Wish, on: date) -> Listing:
    """This will make the table from the rows that the gate gave out."""
    names = metric_names(program)
    lines = _lines(program, rows, wish=wish, on=on, names=names)
    found = _sorted([line for line in lines if _matches(line, wish)], wish)
    wish = replace(wish, page=min(wish.page, max(1, -(-len(found) // A_PAGE))))
    first = (wish.page - 1) * A_PAGE
    own = [line.cell.figure for line in found if line.cell.figure is not None]
    return Listing(
        wish=wish,
        measure=names.name(wish.measure),
        lines=found[first : first + A_PAGE],
        selects=_selects(lines, wish),
        headings={sort: _heading(wish, sort, label) for sort, label in HEADINGS.items()},
        measures=[(measure, names.name(measure)) for measure in names.used],
        total=len(lines),
        found=len(found),
        known=sum(line.cell.figure is not None for line in lines),
        unsure=unsure_neighbours(own) if wish.sort == "score" else 0,
        pairs=max(0, len(own) - 1),
        pager=_pager(wish, len(found)),
    )


def everything(program: Program, rows: Sequence[ScoreRow], *, wish: Wish, on: date) -> list[Line]:
    """This will return all lines that fit the filters, in order, whatever the page."""
    lines = _lines(program, rows, wish=wish, on=on, names=metric_names(program))
    return _sorted([line for line in lines if _matches(line, wish)], wish)


HEADINGS = {"name": "Partner", "score": "Score", "revenue": "Revenue, 12 m"}


def _lines(
    program: Program, rows: Sequence[ScoreRow], *, wish: Wish, on: date, names: MetricNames
) -> list[Line]:
    where = places(program, on=on)
    managers = _managers(program, on=on)
    revenue = revenue_by_partner(program, on=on)
    cells = [shown(row.cells[wish.measure], names=names) for row in rows]
    own = [cell.figure for cell in cells if cell.figure is not None]
    standing = iter(places_of(own))
    return [
        Line(
            id=row.partner.pk,
            name=row.partner.name,
            where=_words(where.get(row.partner.pk, Place())),
            cell=cell,
            place=next(standing).words if cell.figure is not None else "",
            revenue=revenue.get(row.partner.pk),
            managers=tuple(managers.get(row.partner.pk, ())),
        )
        for row, cell in zip(rows, cells, strict=True)
    ]


def _words(place: Place) -> dict[str, str]:
    return {key: str(value) for key, value in place.items()}


def _managers(program: Program, *, on: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = PartnerAssignment.objects.of(program).current(on)
    for partner_id, name in rows.values_list("partner_id", "member__user__name"):
        found[partner_id].append(name)
    return found


def _matches(line: Line, wish: Wish) -> bool:
    return (
        wish.q.casefold() in line.name.casefold()
        and all(line.where.get(key) == wish.of(key) for key in FILTERS if wish.of(key))
        and (not wish.manager or wish.manager in line.managers)
    )


def _sorted(lines: Iterable[Line], wish: Wish) -> list[Line]:
    by_name = sorted(lines, key=lambda line: line.name.casefold())
    if wish.sort == "name":
        return by_name[::-1] if wish.is_descending else by_name
    amounts = [(_amount(line, wish), line) for line in by_name]
    known = [(amount, line) for amount, line in amounts if amount is not None]
    known.sort(key=lambda pair: pair[0], reverse=wish.is_descending)
    return [line for _, line in known] + [line for amount, line in amounts if amount is None]


def _amount(line: Line, wish: Wish) -> float | None:
    if wish.sort == "revenue":
        return None if line.revenue is None else float(line.revenue.minor)
    return None if line.cell.figure is None else line.cell.figure.mean


def _selects(lines: Sequence[Line], wish: Wish) -> list[Select]:
    found = [
        Select(
            key,
            label,
            f"All {label.lower()}s",
            sorted({line.where[key] for line in lines if line.where.get(key)}),
            wish.of(key),
        )
        for key, label in FILTERS.items()
    ]
    people = sorted({name for line in lines for name in line.managers})
    return [*found, Select("manager", "Manager", "All managers", people, wish.manager)]


def _heading(wish: Wish, sort: str, label: str) -> Heading:
    if wish.sort != sort:
        return Heading(label, wish.sorted_by(sort), "", "")
    way, arrow = ("descending", "↓") if wish.is_descending else ("ascending", "↑")
    return Heading(label, wish.sorted_by(sort), way, arrow)


def _pager(wish: Wish, found: int) -> Pager | None:
    if found <= A_PAGE:
        return None
    first = (wish.page - 1) * A_PAGE
    last = min(first + A_PAGE, found)
    return Pager(
        label="Pages of partners",
        showing=f"{first + 1}–{last} of {found}",
        previous_url=wish.at_page(wish.page - 1) if wish.page > 1 else "",
        next_url=wish.at_page(wish.page + 1) if last < found else "",
    )
