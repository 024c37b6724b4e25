"""Statements that are written once store what the ORM stores, and keep every constraint."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from partnerloop.core import ids
from partnerloop.core.models import Event
from partnerloop.core.storing import KEEPS_THE_OLDER, add, renew
from partnerloop.evidence.models import NamedAnswer
from partnerloop.responses.models import Comment, Response
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db
AWKWARD = {"a": None, "ö": ["\\", "'", '"', 1.5, True], "%s": "100 %"}


@pytest.fixture
def world() -> World:
    return make_world()


def event(key: str, **changes: Any) -> Event:
    return Event(
        kind="x", key=key, payload=AWKWARD, created_at=MONDAY, available_at=MONDAY, **changes
    )


def response(world: World, **changes: Any) -> Response:
    given = {"mode": "named", "day": date(2026, 11, 23), "received_at": MONDAY, "place": AWKWARD}
    partner = world.partners["Birk"]
    pulse = world.pulse(f"Pulse {ids.random_id()}")
    return Response(program=world.program, pulse=pulse, partner=partner, **(given | changes))


def named(world: World, value: int) -> NamedAnswer:
    ana = world.people["Ana Keller"]
    return NamedAnswer(
        id=ids.random_id(),
        program=world.program,
        partner=world.partners["Birk"],
        contact=ana,
        rater=ids.random_id(),
        role="sales",
        measure="partnerscore",
        value=value,
        at=MONDAY,
        place={"type": "reseller"},
    )


def columns_of(row: models.Model) -> dict[str, object]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def read(row: models.Model) -> models.Model:
    rows = type(row)._default_manager.all()
    known = rows.across_programs() if hasattr(rows, "across_programs") else rows
    return known.get(pk=row.pk)


def test_rows_are_what_the_orm_makes_of_them(world: World) -> None:
    for make in (lambda: response(world), lambda: named(world, 7)):
        by_us, by_django = make(), make()
        add([by_us])
        by_django.save(force_insert=True)
        assert columns_of(read(by_us)) == columns_of(by_us)
        assert not by_us._state.adding
        random = {"rater", "pulse_id"}
        ours, theirs = columns_of(read(by_us)), columns_of(read(by_django))
        assert {key: ours[key] for key in ours.keys() - random} == {
            key: theirs[key] for key in theirs.keys() - random
        }


def test_several_rows_are_one_statement(world: World, django_assert_num_queries) -> None:
    rows = [named(world, value) for value in range(5)]
    with django_assert_num_queries(1):
        add(rows)
    with django_assert_num_queries(0):
        add([])
    assert [read(row).value for row in rows] == list(range(5))


def test_a_key_that_the_database_counts_is_counted() -> None:
    add([event("one"), event("two")])
    stored = Event.objects.filter(key__in=["one", "two"]).order_by("pk")
    assert [row.key for row in stored] == ["one", "two"]
    assert stored[0].payload == AWKWARD


def test_what_is_there_already_is_kept_where_that_is_said() -> None:
    add([event("one", leased_by="first")])
    add([event("one", leased_by="second")], otherwise=KEEPS_THE_OLDER)
    assert Event.objects.get(key="one").leased_by == "first"
    with pytest.raises(IntegrityError), transaction.atomic():
        add([event("one")])


def test_constraints_hold(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        add([response(world, mode="confidential")])  # it has a time finer than a day
    one = response(world)
    add([one])
    empty = Comment(program=world.program, response=one, text="", day=one.day)
    with pytest.raises(IntegrityError), transaction.atomic():
        add([empty])


def test_a_row_is_renewed_in_the_fields_that_are_named(world: World) -> None:
    one, other = named(world, 3), named(world, 4)
    add([one, other])
    one.value, one.role = 9, "technical"
    renew(one, ["value"])
    assert (read(one).value, read(one).role, read(other).value) == (9, "sales", 4)
