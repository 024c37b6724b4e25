"""Reading a spreadsheet of partners: what stands there, and what is wrong with it."""

import pytest

from partnerloop.partners.importing.reading import UnreadableFile, decoded, read

HEAD = "partner,domain,type,tier,region,country,contact,email,role,language\n"
ANA = "Alder,alder.example,integrator,Gold,EMEA,GB,Ana Keller,ana@alder.example,technical,en\n"


def test_a_region_called_na_stays_na() -> None:
    row = read(HEAD + ANA.replace("EMEA", "NA")).rows[0]
    assert row.region == "NA"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_it_reads_each_usual_separator(mark) -> None:
    assert read((HEAD + ANA).replace(",", mark)).rows[0].email == "ana@alder.example"


def test_columns_may_stand_in_any_order_and_some_be_missing() -> None:
    reading = read("email,role,contact,partner,fax\na@b.example,Sales,Ana,Alder,12\n")
    assert reading.rows[0].role == "sales"
    assert reading.left_out == ["fax"]


def test_empty_lines_are_passed_over_and_rows_keep_their_numbers() -> None:
    reading = read(HEAD + "\n,,,,,,,,,\n" + ANA)
    assert [row.number for row in reading.rows] == [4]


@pytest.mark.parametrize(
    ("column", "wrong", "says"),
    [
        ("email", "ana@alder", "whole address"),
        ("role", "boss", "Use one of sales"),
        ("domain", "not a domain", "is not a domain"),
        ("contact", "", "is empty"),
        ("partner", "A" * 201, "longer than 200"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(column, wrong, says) -> None:
    names = HEAD.strip().split(",")
    cells = ANA.strip().split(",")
    cells[names.index(column)] = wrong
    problem = read(HEAD + ",".join(cells) + "\n").problems[0]
    assert (problem.row, problem.column) == (2, column)
    assert says in problem.says


def test_a_wrong_row_does_not_stop_the_others() -> None:
    reading = read(HEAD + ANA + ANA.replace("ana@alder.example", "nobody"))
    assert (len(reading.rows), len(reading.problems)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("partner,contact\nAlder,Ana\n", "missing: email, role"),
        (HEAD.replace("domain", "partner") + ANA, "stands there twice: partner"),
        (HEAD, "no rows"),
    ],
)
def test_a_file_that_is_no_list_of_contacts_is_refused_in_words(text, says) -> None:
    with pytest.raises(UnreadableFile, match=says):
        read(text)


def test_a_spreadsheet_that_is_no_csv_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="not a CSV"):
        decoded(b"PK\x03\x04rest")


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="1 MB"):
        decoded(b"a" * 1_000_001)


def test_it_reads_what_excel_writes_on_windows() -> None:
    assert decoded("Müller".encode("cp1252")) == "Müller"
    assert decoded(b"\xef\xbb\xbfM\xc3\xbcller") == "Müller"
