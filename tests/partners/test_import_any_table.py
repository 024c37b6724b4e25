"""Whatever stands in a file: a dry run or a plain sentence, never a traceback, nothing saved."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerloop.partners.importing.beginning import Upload, begin
from partnerloop.partners.importing.checking import check
from partnerloop.partners.importing.saving import confirm, save
from partnerloop.partners.importing.shapes import SHAPES
from partnerloop.partners.importing.tables import UnreadableFile
from partnerloop.partners.models import ImportKind, ImportRun, ImportState
from tests.world import MONDAY, World, make_world

NAMES = sorted({n for s in SHAPES.values() for c in s.columns for n in (c.key, c.label)})
ODD = (
    "NA|Birk|birk gmbh|eva@birk.example|x@y.example|sales|2026-10-05|31.2.2026|9999-12-31|0"
    "|2026-10-05T25:00|2026-10-05 10:00+1400|0001-01-01 00:00+2359|1e400|-0|1.234,50|=1+1"
    "|99999999999999999|\x00|\ud800|EUR|won|mdf|owner|partnerscore|7.5|11|Cedar|priya"
    "|Europe/Berlin|gold|٣|𝟙|http://[|@|priya@northwind.example"
).split("|")
CELLS = st.one_of(st.text(max_size=30), st.sampled_from(["", *ODD]))
TABLES = st.lists(st.lists(CELLS, max_size=8), min_size=1, max_size=6)
HEADERS = st.lists(st.one_of(st.sampled_from(NAMES), CELLS), max_size=8)


def written(rows: list[list[str]], separator: str) -> bytes:
    text = io.StringIO()
    write = csv.writer(text, delimiter=separator, escapechar="\\")
    for row in rows:
        write.writerow(row)
    return text.getvalue().encode("utf-8", "surrogatepass")


@pytest.fixture
def world(db) -> World:
    return make_world()


@contextmanager
def forgotten() -> Iterator[Path]:
    """Give an example a folder, and take back what it wrote."""
    with (
        TemporaryDirectory() as folder,
        override_settings(PARTNERLOOP_HOME=Path(folder)),
        transaction.atomic(),
    ):
        yield Path(folder) / "list.csv"
        transaction.set_rollback(True)


def taken_in(path: Path, content: bytes, world: World, kind: ImportKind | None) -> ImportRun | None:
    """Take a file in, or check that it was refused in a sentence."""
    path.write_bytes(content)
    refused = ""
    try:
        upload = Upload(path, "list.csv", kind=kind)
        return begin(world.program, upload, by=world.priya, at=MONDAY)
    except UnreadableFile as why:
        refused = str(why)
    assert refused.endswith((".", "?"))
    return None


PATIENT = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@PATIENT
@given(
    header=HEADERS,
    table=TABLES,
    kind=st.sampled_from(list(ImportKind)),
    separator=st.sampled_from(",;\t|"),
    data=st.data(),
)
def test_any_table_gives_a_dry_run_or_a_plain_sentence(
    world, header, table, kind, separator, data
) -> None:
    with forgotten() as path:
        run = taken_in(path, written([header, *table], separator), world, kind)
        if run is None:
            return
        keys = [column.key for column in SHAPES[kind].columns]
        run.mapping = data.draw(st.permutations(keys))[: len(run.header)]
        run.mapping += [""] * (len(run.header) - len(run.mapping))
        run.save()
        finding = check(run, by=world.priya, at=MONDAY)
        assert finding.rows == finding.ready + len(finding.wrong)
        assert sum(finding.outcomes.values()) == finding.ready
        confirm(run, by=world.priya, at=MONDAY)
        save(run, at=MONDAY)
        assert run.state == ImportState.SAVED, run.failure
        assert run.counts["saved"] == finding.ready
        assert check(run, by=world.priya, at=MONDAY).changes_nothing


@PATIENT
@given(content=st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_plain_sentence(world, content) -> None:
    with forgotten() as path:
        run = taken_in(path, content, world, None)
        assert run is None or run.rows > 0
