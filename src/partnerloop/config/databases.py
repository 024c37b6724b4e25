"""Turns PARTNERLOOP_DATABASE_URL into what Django wants, for SQLite and PostgreSQL."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from partnerloop.config.env import SettingRefused

NAME = "PARTNERLOOP_DATABASE_URL"
# A reply is sent only after the answer is durable: FULL costs one fsync per transaction, and
# IMMEDIATE takes the write lock at the start, so a transaction never fails half way. What is
# deleted is overwritten: a promise to delete would be none while the bytes stay in the file.
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA secure_delete=ON;",
}


def database(url: str, *, home: Path, pool: int) -> dict[str, Any]:
    """This will read a database address; empty means SQLite in the data directory."""
    if not url:
        return sqlite(home / "partnerloop.sqlite3")
    try:
        address = urlsplit(url)
        port = address.port or ""
    except ValueError as wrong:
        raise SettingRefused(f"{NAME} cannot be read: {wrong}.") from None
    if address.scheme == "sqlite":
        # sqlite:///relative.db and sqlite:////absolute.db, as everywhere else
        return sqlite((home / unquote(address.path[1:])).absolute())
    if address.scheme not in {"postgres", "postgresql"}:
        raise SettingRefused(f"{NAME} must start with sqlite:/// or postgres://.")
    name = unquote(address.path[1:])
    if not name or "/" in name:
        raise SettingRefused(f"{NAME} must name one database: postgres://user@host/NAME.")
    options = dict(parse_qsl(address.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        # a unix socket's folder does not fit into a host name: ?host=/run/postgresql
        "HOST": options.pop("host", address.hostname or ""),
        "PORT": str(port),
        **_connections(options, pool=pool),
    }


def sqlite(path: Path) -> dict[str, Any]:
    """This will describe one SQLite file; its connection stays open, opening costs 1 ms."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": dict(SQLITE_OPTIONS),
        "CONN_MAX_AGE": None,
    }


def _connections(options: dict[str, str], *, pool: int) -> dict[str, Any]:
    if pool == 0:
        return {"OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return {"OPTIONS": {**options, "pool": {"min_size": 1, "max_size": pool, "timeout": 10}}}
