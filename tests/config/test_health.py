import pytest
from django.db import connection
from django.test import Client


def test_healthz_says_ok_without_a_database() -> None:
    reply = Client().get("/healthz")
    assert (reply.status_code, reply.content) == (200, b"ok\n")
    assert "no-store" in reply["Cache-Control"]


@pytest.mark.django_db
def test_readyz_says_ready_when_every_migration_is_there() -> None:
    assert Client().get("/readyz").content == b"ready\n"


@pytest.mark.django_db
def test_readyz_says_when_migrations_are_missing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
    reply = Client().get("/readyz")
    assert (reply.status_code, reply.content) == (503, b"migrations missing\n")


def test_health_is_only_looked_at() -> None:
    assert Client().post("/healthz").status_code == 405


def test_every_reply_carries_the_strict_headers() -> None:
    reply = Client().get("/healthz")
    policy = reply["Content-Security-Policy"]
    for part in (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert reply["Referrer-Policy"] == "same-origin"
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert reply["X-Frame-Options"] == "DENY"
