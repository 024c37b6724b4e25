"""New rows in bulk: what the database holds is what a model would have written."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.validators import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerloop.partners.importing.cells import PLAIN_ADDRESS, Ways
from partnerloop.partners.importing.inserting import insert
from partnerloop.partners.importing.rows import Row, RowReader
from partnerloop.partners.importing.shapes import SHAPES
from partnerloop.partners.importing.tables import Line
from partnerloop.partners.models import (
    Contact,
    ImportedChange,
    ImportKind,
    ImportRun,
    Partner,
    Signal,
)
from tests.world import MONDAY, World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_keys_come_back_in_the_order_of_the_rows(world: World) -> None:
    made = {"program_id": world.program.pk, "entered_at": MONDAY, "addressed_at": MONDAY}
    rows = [{**made, "name": f"P {n}", "email": f"p{n}@birk.example"} for n in range(700)]
    keys = insert(Contact, rows)
    held = Contact.objects.of(world.program).in_bulk(keys)
    assert [held[key].name for key in keys] == [row["name"] for row in rows]
    first = held[keys[0]]
    assert (first.language, first.stopped_at, first.entered_by) == ("", None, None)
    assert first.entered_at == MONDAY


def test_every_kind_of_value_is_read_back_as_it_was(world: World) -> None:
    at = datetime(2026, 3, 1, 12, 30, 15, 250000, tzinfo=UTC)
    [key] = insert(
        Signal,
        [
            {
                "program_id": world.program.pk,
                "partner_id": world.partners["Birk"].pk,
                "kind": "portal login \U0001f511",
                "at": at,
                "value": Decimal("3.5"),
            }
        ],
    )
    signal = Signal.objects.of(world.program).get(pk=key)
    assert (signal.at, signal.value, signal.kind) == (at, Decimal("3.5"), "portal login \U0001f511")


def test_what_a_row_leaves_out_gets_its_default(world: World) -> None:
    [key] = insert(
        ImportRun,
        [{"program_id": world.program.pk, "kind": "partners", "created_at": MONDAY}],
    )
    run = ImportRun.objects.of(world.program).get(pk=key)
    assert isinstance(run.pk, UUID)
    assert run.state == ImportRun._meta.get_field("state").get_default()
    assert run.counts == ImportRun._meta.get_field("counts").get_default()
    insert(
        ImportedChange,
        [{"program_id": world.program.pk, "run_id": key, "table": "x", "rows": [[1, None, "é"]]}],
    )
    assert ImportedChange.objects.of(world.program).get().rows == [[1, None, "é"]]


def test_no_rows_are_no_statement(world: World) -> None:
    before = Partner.objects.of(world.program).count()
    assert insert(Partner, []) == []
    assert Partner.objects.of(world.program).count() == before


@given(st.from_regex(PLAIN_ADDRESS, fullmatch=True).filter(lambda text: len(text) <= 254))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_what_passes_as_a_plain_address_passes_the_whole_rule(address: str) -> None:
    validate_email(address)


def test_a_cell_seen_before_means_the_same_and_a_wrong_one_stays_wrong() -> None:
    reader = RowReader(SHAPES[ImportKind.CONTACTS], ["email", "partner", "role"], Ways())
    cells = ["ana@alder.example", "  Alder   & Finch ", "Sales"]
    first, second = reader.read(Line(2, cells)), reader.read(Line(3, cells))
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert first.values == second.values
    assert second.values["partner"] == "Alder & Finch"
    wrong = [reader.read(Line(n, ["ana@alder", "Birk", "Sales"])) for n in (4, 5)]
    assert all(isinstance(one, list) and one[0].column == "email" for one in wrong)
