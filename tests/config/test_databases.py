from pathlib import Path

import pytest

from partnerloop.config.databases import database
from partnerloop.config.env import SettingRefused

HOME = Path("/srv/partnerloop")


def test_without_an_address_it_is_sqlite_in_the_data_directory() -> None:
    found = database("", home=HOME, pool=4)
    assert found["NAME"] == HOME / "partnerloop.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found["OPTIONS"]["timeout"] == 20
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]


def test_sqlite_files_are_taken_relative_to_the_data_directory_or_absolute() -> None:
    assert database("sqlite:///small.db", home=HOME, pool=0)["NAME"] == HOME / "small.db"
    assert database("sqlite:////tmp/a%20b.db", home=HOME, pool=0)["NAME"] == Path("/tmp/a b.db")


def test_it_reads_every_part_of_a_postgresql_address() -> None:
    found = database(
        "postgres://ann:p%40ss@db.example:5433/feedback?sslmode=require", home=HOME, pool=4
    )
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"]) == ("ann", "p@ss")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "feedback")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["pool"]["max_size"] == 4


def test_a_unix_socket_is_named_by_its_folder() -> None:
    found = database("postgresql:///feedback?host=/run/postgresql", home=HOME, pool=0)
    assert found["HOST"] == "/run/postgresql"
    assert "host" not in found["OPTIONS"]


def test_a_pool_of_none_keeps_a_connection_per_thread_and_checks_it() -> None:
    found = database("postgres://db/feedback", home=HOME, pool=0)
    assert "pool" not in found["OPTIONS"]
    assert found["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    "url",
    ["mysql://db/feedback", "postgres://db", "postgres://db/a/b", "feedback", "postgres://db:x/f"],
)
def test_it_refuses_an_address_it_cannot_use_without_showing_a_password(url: str) -> None:
    with pytest.raises(SettingRefused, match="PARTNERLOOP_DATABASE_URL") as refused:
        database(url.replace("://", "://ann:geheim@"), home=HOME, pool=4)
    assert "geheim" not in str(refused.value)
