"""The reference of columns says what the code recognises, and every column can be recognised."""

import pytest

from partnerloop.partners.importing.recognising import plain, recognise
from partnerloop.partners.importing.shapes import SHAPES
from partnerloop.partners.models import ImportKind, Measure
from partnerloop.pulses.bank.reading import read_bank
from tests.architecture.tree import DOCS, table_of

PAGE = DOCS / "reference" / "import-columns.md"


def words(told: str) -> str:
    return ", ".join(name for name in told.split("|") if name)


@pytest.mark.parametrize("kind", list(SHAPES))
def test_the_reference_lists_each_column_with_its_names(kind) -> None:
    shape = SHAPES[kind]
    needed = {key for group in shape.needs for key in group}
    expected = [
        [
            f"**`{column.key}`**" if column.key in needed else f"`{column.key}`",
            column.label,
            words(column.own),
            words(column.salesforce),
            words(column.hubspot),
        ]
        for column in shape.columns
    ]
    assert table_of(PAGE, heading=ImportKind(kind).label) == expected


@pytest.mark.parametrize("system", ["own", "salesforce", "hubspot"])
@pytest.mark.parametrize("kind", list(SHAPES))
def test_every_documented_name_is_recognised(kind, system) -> None:
    for column in SHAPES[kind].columns:
        for name in column.names(system):
            found = recognise([name], kind=kind).mapping
            assert found == [column.key], f"{name} is taken for {found}"


def test_a_target_can_be_set_for_each_metric_of_the_bank_and_for_revenue() -> None:
    metrics = {metric.key for metric in read_bank().metrics}
    assert set(Measure.values) - {"revenue"} <= metrics


def test_case_spaces_and_signs_of_a_name_do_not_matter() -> None:
    assert plain("E-Mail  ADDRESS") == plain("email_address")
