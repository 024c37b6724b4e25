"""A program's partners, contacts, asks and answers, from four plain files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from partnerloop.cli.log_files import Table, read_table
from partnerloop.engine.interface import DIMENSIONS, OVERALL, Floats, Ints

PARTNER_COLUMNS = ("partner", "type", "tier", "region", "weight")
CONTACT_COLUMNS = ("contact", "partner", "role", "joined_day", "left_day")
ASK_COLUMNS = ("ask", "day", "contact", "metrics", "answered")
ANSWER_COLUMNS = ("ask", "day", "contact", "metric", "value")
ITEMS = {name: place for place, name in enumerate(DIMENSIONS + OVERALL)}


@dataclass(frozen=True, eq=False)
class History:
    """What a program knows: its partners, contacts, asks and answers, as arrays of places.

    Segments are type and tier. An ask or answer points at its contact, a contact at its partner;
    `asked` (asks, items) marks what each ask asked; `heard_day` is inf for an unanswered one.
    """

    partners: list[str]
    segment: Ints
    segments: tuple[str, ...]
    weight: Floats
    contacts: list[str]
    contact_partner: Ints
    contact_role: Ints
    roles: tuple[str, ...]
    joined: Floats
    left: Floats
    ask_day: Floats
    ask_contact: Ints
    asked: NDArray[np.bool_]
    answered: NDArray[np.bool_]
    heard_day: Floats
    answer_day: Floats
    answer_contact: Ints
    answer_item: Ints
    answer_value: Floats


def read_history(partners: Path, contacts: Path, asks: Path, answers: Path) -> History:
    """This will read the four files, or say in one line what is wrong where."""
    p = read_table(partners, PARTNER_COLUMNS)
    c = read_table(contacts, CONTACT_COLUMNS)
    a = read_table(asks, ASK_COLUMNS)
    r = read_table(answers, ANSWER_COLUMNS)
    names = p.names("partner", once=True)
    kinds = [f"{t} / {u}" for t, u in zip(p.cells["type"], p.cells["tier"], strict=True)]
    segments = tuple(sorted(set(kinds)))
    weight = p.numbers("weight", low=0, high=1e12)
    if (weight <= 0).any():
        raise p.mistake(int(np.argmax(weight <= 0)), "weight", "must be above 0")
    people = c.names("contact", once=True)
    roles = tuple(sorted(set(c.names("role"))))
    of_contact = {name: place for place, name in enumerate(people)}
    ask_contact, ask_day, answered, asked, of_ask = _asks(a, of_contact)
    said_ask, said_contact, said_day, said_item, value = _answers(r, of_contact, of_ask)
    _match(r, said_ask, said_contact, said_day, ask_contact, ask_day)
    _once(r, said_ask, said_item, answered)
    joined, left = _stays(c)
    heard = np.full(len(a), np.inf)
    np.minimum.at(heard, said_ask, said_day)
    return History(
        partners=names,
        segment=np.array([segments.index(kind) for kind in kinds], np.int64),
        segments=segments,
        weight=weight,
        contacts=people,
        contact_partner=c.places("partner", among=_places(names), what="partner"),
        contact_role=c.places("role", among=_places(roles), what="role"),
        roles=roles,
        joined=joined,
        left=left,
        ask_day=ask_day,
        ask_contact=ask_contact,
        asked=asked,
        answered=answered,
        heard_day=np.where(answered & np.isinf(heard), ask_day, heard),
        answer_day=said_day,
        answer_contact=said_contact,
        answer_item=said_item,
        answer_value=value,
    )


def _asks(
    a: Table, contacts: dict[str, int]
) -> tuple[Ints, Floats, NDArray[np.bool_], NDArray[np.bool_], dict[str, int]]:
    names = a.names("ask", once=True)
    day = a.ordered_days("day")
    contact = a.places("contact", among=contacts, what="contact")
    answered = a.flags("answered")
    asked = np.zeros((len(a), len(ITEMS)), bool)
    for k, text in enumerate(a.cells["metrics"]):
        for metric in text.split():
            if metric not in ITEMS:
                raise a.mistake(k, "metrics", f"unknown metric {metric!r}")
            asked[k, ITEMS[metric]] = True
    return contact, day, answered, asked, _places(names)


def _answers(
    r: Table, contacts: dict[str, int], asks: dict[str, int]
) -> tuple[Ints, Ints, Floats, Ints, Floats]:
    day = r.ordered_days("day")
    contact = r.places("contact", among=contacts, what="contact")
    ask = r.places("ask", among=asks, what="ask")
    item = r.places("metric", among=ITEMS, what="metric")
    return ask, contact, day, item, r.numbers("value", low=0, high=10)


def _match(
    r: Table, ask: Ints, contact: Ints, day: Floats, ask_contact: Ints, ask_day: Floats
) -> None:
    """Answers belong to an ask of the same contact, and do not come before it."""
    other = np.flatnonzero(ask_contact[ask] != contact)
    if other.size:
        k = int(other[0])
        raise r.mistake(k, "contact", f"ask {r.cells['ask'][k]} went to another contact")
    early = np.flatnonzero(day < ask_day[ask])
    if early.size:
        k = int(early[0])
        raise r.mistake(k, "day", f"before day {ask_day[ask[k]]:.0f}, when it was asked")


def _once(r: Table, ask: Ints, item: Ints, answered: NDArray[np.bool_]) -> None:
    """An ask has one answer per metric, and none where it is said to have none."""
    unsaid = np.flatnonzero(~answered[ask])
    if unsaid.size:
        k = int(unsaid[0])
        raise r.mistake(k, "ask", f"ask {r.cells['ask'][k]} is marked as not answered")
    _, first = np.unique(ask * len(ITEMS) + item, return_index=True)
    if first.size < len(r):
        k = int(np.setdiff1d(np.arange(len(r)), first)[0])
        says = f"ask {r.cells['ask'][k]} has a value for {r.cells['metric'][k]} already"
        raise r.mistake(k, "metric", says)


def _stays(c: Table) -> tuple[Floats, Floats]:
    joined, left = c.days("joined_day"), c.days("left_day", empty=np.inf)
    odd = np.flatnonzero(left < joined)
    if odd.size:
        k = int(odd[0])
        raise c.mistake(k, "left_day", f"day {left[k]:.0f} is before joined_day {joined[k]:.0f}")
    return joined, left


def _places(names: Iterable[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}
