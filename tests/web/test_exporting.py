"""Tables as files: the rows of the screen, behind the same door, and nothing that runs."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZipFile

import pytest

from partnerloop.accounts.models import Role
from partnerloop.core.models import AuditEntry, Message
from partnerloop.integrations.keys.issuing import issue
from partnerloop.integrations.models import WebhookDelivery
from partnerloop.integrations.webhook.endpoints import add
from partnerloop.partners.models import ImportRun
from partnerloop.web import workbooks
from partnerloop.web.exporting import Format, Sheet, lines
from tests.web.conftest import NOW
from tests.world import company, person

DANGEROUS = [
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "|calc",
    "%0A",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "  =1+1",
    "\uff1d1+1",
]


def rows_of(response) -> list[list[str]]:
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def written(cell: object, to: Format) -> str:
    sheet = Sheet("t", "T", ("Only",), [(cell,)], 1)
    text = b"".join(lines(sheet, to=to, zone=UTC)).decode("utf-8-sig")
    return next(iter(list(csv.reader(io.StringIO(text, newline="")))[1:]))[0]


@pytest.mark.parametrize("cell", DANGEROUS)
def test_no_cell_of_a_csv_starts_a_formula(cell) -> None:
    assert written(cell, Format.CSV).startswith("'")


@pytest.mark.parametrize("cell", DANGEROUS)
def test_a_csv_for_programs_holds_cells_as_they_are(cell) -> None:
    assert written(cell, Format.RAW) == cell.replace("\0", "")


def test_harmless_cells_stay_as_they_are() -> None:
    given = ["Alder & Finch", "5–9", Decimal("-6.5"), date(2026, 11, 23), None, "a | b = c"]
    assert [written(cell, Format.CSV) for cell in given] == [
        "Alder & Finch", "5–9", "-6.5", "2026-11-23", "", "a | b = c"
    ]  # fmt: skip
    assert written(datetime(2026, 11, 23, 9, 5, tzinfo=UTC), Format.CSV) == "2026-11-23 09:05"
    assert written(datetime(2026, 11, 23, 9, 5, tzinfo=UTC), Format.RAW).endswith("09:05+00:00")


def test_an_excel_file_holds_text_and_numbers_but_no_formula_and_no_link() -> None:
    row = [*DANGEROUS, "https://example.org", Decimal("6.5"), 7, None, date(2026, 1, 2), NOW]
    file = workbooks.written("T", ["A"] * len(row), [row], zone=UTC)
    with file, ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in book.namelist() if "externalLink" in name or "_rels/s" in name]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "<v>6.5</v>" in sheet
    assert sheet.count('t="inlineStr"') == len(row) + len(DANGEROUS) + 1


def test_a_large_table_is_written_piece_by_piece() -> None:
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield ("row",)

    pieces = lines(Sheet("t", "T", ("Only",), endless(), 10), to=Format.RAW, zone=UTC)
    next(pieces)
    assert len(taken) < 1000


def test_all_pages_of_the_partners_leave_with_the_filters_of_the_page(pages, chief, say) -> None:
    for number in range(60):
        company(pages.world, f"Firm {number:02}", {"tier": "gold", "region": "NA"})
    say("Ana Keller", {"communication_accuracy": 8})
    page = chief.get(pages.url("partners/?region=NA"))
    assert "region=NA&amp;export=csv" in page.text
    file = chief.get(pages.url("partners/?region=NA&export=csv"))
    header, *rows = rows_of(file)
    assert header[0] == "Partner"
    assert page.context["list"].found == len(rows) == 61
    assert {row[header.index("Region")] for row in rows} == {"NA"}
    assert file["Content-Disposition"].endswith('northwind-partners-2026-11-23.csv"')
    assert "private" in file["Cache-Control"]


def test_figures_leave_with_the_digits_of_the_screen_and_hidden_ones_with_their_reason(
    pages, chief, say
) -> None:
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois", "Dan Novak"):
        say(name, {"communication_accuracy": 8})
    listed = {line.name: line for line in chief.get(pages.url("partners/")).context["list"].lines}
    header, *rows = rows_of(chief.get(pages.url("partners/?export=raw")))
    for row in (dict(zip(header, row, strict=True)) for row in rows):
        cell = listed[row["Partner"]].cell
        figure = cell.figure or cell.like
        assert row["Score"] == (figure.number if figure else "")
        if figure:
            assert f"{row['Likely from']}–{row['Likely to']}" == figure.range
        assert row["Not shown because"] == cell.hidden
        assert row["People"] == (cell.people if cell.figure else "")
    assert any(line.cell.figure for line in listed.values())


def test_a_manager_takes_own_partners_only(pages) -> None:
    manager = pages.as_member(pages.manager("Mona Hale", of="Birk"))
    _, *rows = rows_of(manager.get(pages.url("partners/?export=csv")))
    assert [row[0] for row in rows] == ["Birk"]


def test_a_folder_of_the_inbox_leaves_whole_with_its_filters(
    pages, chief, say, work_through
) -> None:
    for number in range(30):
        person(pages.world, f"P{number} Person", at="Birk", role="sales")
        say(f"P{number} Person", {"communication_accuracy": 5}, words=f"=late again {number}")
    work_through()
    page = chief.get(pages.url("inbox/?q=again"))
    header, *rows = rows_of(chief.get(pages.url("inbox/?q=again&export=csv")))
    assert page.context["inbox"].found == len(rows) == 30
    words = [row[header.index("Words")] for row in rows]
    assert all(word.startswith("'=late again") for word in words)


def test_pulses_leave_as_they_are_listed(pages, chief) -> None:
    pages.world.pulse("A draft")
    pages.world.pulse("Sent one", launched_at=NOW, closes_at=None)
    page = chief.get(pages.url("pulses/"))
    _, *rows = rows_of(chief.get(pages.url("pulses/?export=csv")))
    shown = page.context["drafts"] + page.context["sent"]
    assert sorted(row[0] for row in rows) == sorted(line.pulse.name for line in shown)


def test_the_outbox_leaves_as_counts_and_as_failed_addresses(pages, chief) -> None:
    program = pages.world.program
    program.smtp_host, program.sender_address = "smtp.example", "hello@northwind.example"
    program.save()
    pulse = pages.world.pulse("Sent one", launched_at=NOW)
    Message.objects.create(
        key="1", program_id=program.pk, purpose="invitation", subject_ref=f"pulse:{pulse.pk}",
        to="ana@alder.example", subject="s", text="", created_at=NOW, available_at=NOW,
        finished_at=NOW, failure="No such mailbox",
    )  # fmt: skip
    assert "table=failed&amp;export=csv" in chief.get(pages.url("outbox/")).text
    assert rows_of(chief.get(pages.url("outbox/?export=csv")))[1:] == [["Sent one", "0", "0", "1"]]
    failed = rows_of(chief.get(pages.url("outbox/?table=failed&export=csv")))
    assert failed[1:] == [["ana@alder.example", "No such mailbox"]]


def test_mails_that_nobody_sends_do_not_leave(pages, chief) -> None:
    assert chief.get(pages.url("outbox/?export=csv"))["Content-Type"].startswith("text/html")


def test_deliveries_of_a_webhook_leave_without_their_messages(pages, chief) -> None:
    by = pages.world.priya
    hook = add("https://hooks.example.org", events=["alert.opened"], by=by, at=NOW).endpoint
    for number in range(60):
        WebhookDelivery.objects.create(
            program=pages.world.program, endpoint=hook, key=str(number),
            event_type="alert.opened", body="secret", created_at=NOW, available_at=NOW,
        )  # fmt: skip
    page = chief.get(pages.url(f"settings/connections/webhooks/{hook.pk}/"))
    file = chief.get(pages.url(f"settings/connections/webhooks/{hook.pk}/?export=csv"))
    rows = rows_of(file)[1:]
    assert page.context["deliveries"].paginator.count == len(rows) == 60
    assert not any("secret" in cell for row in rows for cell in row)


def test_who_took_which_table_is_noted_without_what_was_searched(pages, chief) -> None:
    assert chief.get(pages.url("partners/?q=Birk&export=xlsx")).getvalue().startswith(b"PK")
    entry = AuditEntry.objects.get(action="table.exported")
    assert entry.target == "table:partners"
    assert entry.program_id == pages.world.program.pk
    assert entry.actor == f"user:{pages.world.priya.user_id}"
    assert entry.fields == ["xlsx", "1 rows", "q"]


def test_looking_at_a_table_is_not_noted(pages, chief) -> None:
    chief.get(pages.url("partners/?export=pdf"))
    chief.head(pages.url("partners/?export=csv"))
    assert not AuditEntry.objects.filter(action="table.exported").exists()


def test_a_table_too_long_for_excel_says_so(pages, chief, monkeypatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    refused = chief.get(pages.url("partners/?export=xlsx"))
    assert refused.status_code == 400
    assert "Choose CSV" in refused.text


def test_who_may_not_open_a_page_takes_no_table(pages) -> None:
    lead = pages.as_member(pages.member("Lea Poe", Role.LEAD))
    assert lead.get(pages.url("pulses/?export=csv")).status_code == 403


def test_members_leave_as_they_are_listed_with_addresses_for_runners_only(pages, chief) -> None:
    manager = pages.manager("Mona Hale", of="Birk")
    page = chief.get(pages.url("people/"))
    header, *rows = rows_of(chief.get(pages.url("people/?export=csv")))
    assert len(page.context["lines"]) == len(rows) == 2
    mona = dict(zip(header, next(row for row in rows if row[0] == "Mona Hale"), strict=True))
    assert (mona["Role"], mona["Partners"]) == ("Partner manager", "1")
    assert mona["E-mail"] == "mona@northwind.example"
    theirs = pages.as_member(manager).get(pages.url("people/?export=csv"))
    assert "@" not in "".join(cell for row in rows_of(theirs) for cell in row)


def test_departments_leave_as_they_are_listed(pages, chief) -> None:
    pages.department("support", lead=pages.member("Lea Poe", Role.LEAD))
    pages.department("product")
    rows = rows_of(chief.get(pages.url("people/departments/?export=csv")))[1:]
    assert rows == [["Product", "", "10"], ["Support", "Lea Poe", "10"]]


def test_keys_leave_without_what_they_open_with(pages, chief) -> None:
    issued = issue("BI", scopes=["partners:read"], days=30, by=pages.world.priya, at=NOW)
    add("https://hooks.example.org", events=["alert.opened"], by=pages.world.priya, at=NOW)
    page = chief.get(pages.url("settings/connections/"))
    keys = rows_of(chief.get(pages.url("settings/connections/?table=keys&export=csv")))[1:]
    hooks = rows_of(chief.get(pages.url("settings/connections/?table=webhooks&export=csv")))[1:]
    assert len(page.context["keys"]) == len(keys) == len(hooks) == 1
    told = " ".join(cell for row in (*keys, *hooks) for cell in row)
    assert "BI" in told
    assert issued.secret not in told
    assert issued.key.secret_hash not in told


def test_past_imports_leave_with_all_pages(pages, chief) -> None:
    for number in range(25):
        ImportRun.objects.create(
            program=pages.world.program, kind="partners", file_name=f"{number}.csv", created_at=NOW
        )
    page = chief.get(pages.url("start/import/"))
    rows = rows_of(chief.get(pages.url("start/import/?export=csv")))[1:]
    assert page.context["runs"].paginator.count == len(rows) == 25
    assert "?page=2" in page.text
