"""Reading files: what stands there, whatever spreadsheet wrote it, and what is refused and why."""

import io
import stat
import zipfile

import pytest
from django.conf import settings

from partnerloop.partners.importing import reading_xlsx, tables
from partnerloop.partners.importing.keeping import shelf_of
from partnerloop.partners.importing.tables import UnreadableFile
from partnerloop.partners.models import ImportRun, Partner

HEAD = "partner,domain,type,tier,region,country,contact,email,role,language\n"
ANA = "Alder,alder.example,integrator,Gold,EMEA,GB,Ana Keller,ana@alder.example,technical,en\n"


def cells(desk, content, kind="contacts") -> list[list[str]]:
    run = desk.begin(content, kind)
    return [line.cells for line in shelf_of(run.pk).lines()]


def sheet(
    rows: list[list[str]], *, body: str | None = None, parts: dict[str, bytes] | None = None
) -> bytes:
    """Write the smallest spreadsheet that holds these texts."""
    inner = body or "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in row) + "</row>"
        for row in rows
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/package/2006/relationships"
    files = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": (
            f'<Relationships xmlns="{kinds}"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook {space} xmlns:r="{office}"><sheets>'
            '<sheet name="List" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{kinds}"><Relationship Id="rId1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>'
        ).encode(),
        "xl/worksheets/sheet1.xml": (
            f"<worksheet {space}><sheetData>{inner}</sheetData></worksheet>"
        ).encode(),
        **(parts or {}),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_a_region_called_na_stays_na(desk) -> None:
    assert cells(desk, HEAD + ANA.replace("EMEA", "NA"))[0][4] == "NA"
    assert cells(desk, sheet([["partner", "region"], ["Alder", "NA"]]))[0][1] == "NA"


@pytest.mark.parametrize(("mark", "word"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs")])
def test_it_reads_each_usual_separator(mark, word, desk) -> None:
    run = desk.begin((HEAD + ANA).replace(",", mark))
    assert run.described == f"UTF-8, separated by {word}"
    assert next(shelf_of(run.pk).lines()).cells[7] == "ana@alder.example"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1251"])
def test_it_reads_what_spreadsheets_write_in_any_country(encoding, desk) -> None:
    name = "Жук и сыновья из Москвы" if encoding == "cp1251" else "Müller & Söhne, Größe"
    rows = "".join(f'"{name}",DE,{n}\n' for n in range(20))
    read = cells(desk, ("partner,country,tier\n" + rows).encode(encoding), "partners")
    assert {row[0] for row in read} == {name}


def test_columns_of_one_name_are_told_apart_and_the_first_counts(desk) -> None:
    run = desk.begin("partner,region,Region\nAlder,NA,EMEA\n", "partners")
    assert run.header == ["partner", "region", "Region (2)"]
    assert run.mapping == ["name", "region", ""]


def test_a_line_break_inside_quotes_is_part_of_its_cell(desk) -> None:
    read = cells(desk, 'partner,tier\n"Alder\n& Finch",Gold\n', "partners")
    assert read == [["Alder\n& Finch", "Gold"]]
    finding = desk.check('partner,tier\n"Alder\n& Ibis",Gold\n', "partners")
    assert finding.new["partner"] == 1


def test_empty_lines_are_passed_over_and_rows_keep_their_numbers(desk) -> None:
    run = desk.begin(HEAD + "\n,,,,,,,,,\n" + ANA)
    assert [line.number for line in shelf_of(run.pk).lines()] == [4]


def test_a_formula_stays_the_text_it_is(desk) -> None:
    desk.bring('partner,tier\n"=HYPERLINK(""x"")",+Gold\n', "partners")
    names = {str(partner) for partner in _partners(desk)}
    assert '=HYPERLINK("x")' in names


def test_a_spreadsheet_keeps_whole_numbers_days_and_long_ids(desk) -> None:
    body = (
        "<row><c t='inlineStr'><is><t>id</t></is></c><c t='inlineStr'><is><t>partner</t></is></c>"
        "<c t='inlineStr'><is><t>size</t></is></c></row>"
        "<row><c t='inlineStr'><is><t>0015g00000AbCdEAAV</t></is></c>"
        "<c t='str'><f>A1&amp;B1</f><v>Alder</v></c><c><v>120</v></c></row>"
    )
    assert cells(desk, sheet([], body=body), "partners") == [["0015g00000AbCdEAAV", "Alder", "120"]]


def test_the_contents_decide_and_not_the_name(desk) -> None:
    packed = sheet([["partner", "tier"], ["Alder", "Gold"]])
    run = desk.begin(packed, "partners", name="list.csv")
    assert "sheet “List”" in run.described
    run = desk.begin("partner,tier\nAlder,Gold\n", "partners", name="list.xlsx")
    assert "commas" in run.described


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf\n\n", "The file is empty"),
        (b"partner,tier\n", "no rows below"),
        (b"%PDF-1.7 list", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "This is a picture"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel file"),
        (b"\x1f\x8b\x08 packed", "compressed"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "neither a CSV nor an .xlsx"),
        (b"PK\x03\x04rest", "damaged"),
        (b'partner,tier\n"Alder,Gold\n' + b"x,y\n" * 40_000, "quotation mark missing"),
        (b"partner," + b"x," * 600 + b"\nAlder\n", "more than 500 columns"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words_and_leaves_nothing(content, says, desk) -> None:
    with pytest.raises(UnreadableFile, match=says):
        desk.begin(content, "partners")
    assert not ImportRun.objects.of(desk.world.program).exists()
    assert _folders() == []


def test_two_hundred_megabytes_are_refused_unread(desk) -> None:
    path = desk.folder / "large.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # a hole: it takes no room on the disk
    with pytest.raises(UnreadableFile, match="200 MB; 100 MB is the most"):
        desk.begin(path)


def test_too_many_rows_are_refused(desk, monkeypatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(UnreadableFile, match="more than 3 rows"):
        desk.begin("partner\n" + "Alder\n" * 4, "partners")


def test_a_zip_that_is_no_spreadsheet_is_refused(desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("list.csv", "partner\nAlder\n")
    with pytest.raises(UnreadableFile, match=r"not an \.xlsx spreadsheet"):
        desk.begin(packed.getvalue())


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(desk, monkeypatch) -> None:
    monkeypatch.setattr(reading_xlsx, "LARGEST_UNPACKED", 1_000_000)
    bomb = sheet([["partner"], ["Alder"]], parts={"xl/media/1.bin": b"\0" * 2_000_000})
    assert len(bomb) < 10_000
    with pytest.raises(UnreadableFile, match="too large when unpacked"):
        desk.begin(bomb)


def test_a_bomb_whose_label_lies_about_its_size_is_refused(desk, monkeypatch) -> None:
    monkeypatch.setattr(reading_xlsx, "LARGEST_UNPACKED", 1_000_000)
    honest = b"\0" * 2_000_000
    packed = sheet([["partner"], ["Alder"]], parts={"xl/media/1.bin": honest})
    size = (2_000_000).to_bytes(4, "little")
    assert packed.count(size) == 2
    with pytest.raises(UnreadableFile, match="too large when unpacked"):
        desk.begin(packed.replace(size, (10).to_bytes(4, "little")))


@pytest.mark.parametrize(
    "body",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='9999999'><c r='ZZ9999999'><v>1</v></c></row>",
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c/><c r="Z900000"/></row>',
    ],
)
def test_one_cell_far_out_does_not_fill_the_memory(body, desk) -> None:
    with pytest.raises(UnreadableFile, match="too large when unpacked"):
        desk.begin(sheet([], body=body))


def test_a_sheet_can_not_hide_under_another_name(desk) -> None:
    hidden = {"xl/media/1.png": b"<worksheet><sheetData/></worksheet>"}
    with pytest.raises(UnreadableFile, match="damaged"):
        desk.begin(sheet([["partner"], ["Alder"]], parts=hidden))


def test_a_spreadsheet_with_entities_is_refused(desk) -> None:
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    )
    with pytest.raises(UnreadableFile, match="damaged"):
        desk.begin(sheet([], parts={"xl/worksheets/sheet1.xml": bomb}))


def test_a_kept_file_can_be_read_by_its_owner_alone(desk) -> None:
    run = desk.begin(HEAD + ANA)
    folder = shelf_of(run.pk).folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize(
    ("column", "wrong", "says"),
    [
        ("email", "ana@alder", "not a whole address"),
        ("role", "boss", "Use one of sales"),
        ("domain", "not a domain", "is not a domain"),
        ("email", "", "is empty"),
        ("partner", "A" * 201, "longer than 200"),
        ("language", "Klingonish!", "not a language"),
        ("region", "a\x7fb", "can't be stored"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(column, wrong, says, desk) -> None:
    names = HEAD.strip().split(",")
    row = ANA.strip().split(",")
    row[names.index(column)] = wrong
    finding = desk.check(HEAD + ",".join(row) + "\n" + ANA, "contacts")
    problem = finding.problems[0]
    assert (problem["row"], problem["column"]) == (2, {"contact": "name"}.get(column, column))
    assert says in problem["says"]
    assert finding.ready == 1  # a wrong row does not stop the others


def test_a_row_with_more_cells_than_the_header_is_named(desk) -> None:
    finding = desk.check("partner,tier\nAlder,Gold,what?\n", "partners")
    assert "3 cells, but the header names 2" in finding.problems[0]["says"]


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("1.234,50", 123450),
        ("1234,5", 123450),
        ("€ 1.234,50", 123450),
        ("-7,25", -725),
        ("(7,25)", -725),
    ],
)
def test_a_decimal_comma_is_read(written, cents, desk) -> None:
    desk.bring(f"partner;month;amount\nBirk;2026-10;{written}\nCedar;2026-10;3,75\n", "revenue")
    assert desk.world.partners["Birk"].revenue.get().amount_minor == cents


@pytest.mark.parametrize("written", ["1.2.3", "12,34,5", "1e9", "NaN", "∞", "９", "1" * 30])
def test_what_is_no_amount_is_named(written, desk) -> None:
    finding = desk.check(f"partner\tmonth\tamount\nBirk\t2026-10\t{written}\n", "revenue")
    assert finding.problems[0]["column"] == "amount"


@pytest.mark.parametrize(
    ("written", "month"),
    [("30.11.2026", 11), ("2026-11-30", 11), ("11/30/2026", 11), ("2026-11", 11), ("11/2026", 11)],
)
def test_a_month_is_read_however_it_is_written(written, month, desk) -> None:
    desk.bring(f"partner,month,amount\nBirk,{written},5\n", "revenue")
    assert desk.world.partners["Birk"].revenue.get().month.month == month


def _folders() -> list[str]:
    place = settings.PARTNERLOOP_HOME / "imports"
    return [str(folder) for folder in place.iterdir()] if place.exists() else []


def _partners(desk):
    return Partner.objects.of(desk.world.program)
