"""A small demo program: 40 partners and the year that happened to them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from partnerloop.demo.loading import LoadedDemo, load

AT = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LoadedDemo]:
    """Load once for a module's tests, which look and change nothing; roll it back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(at=AT, partners=40)
        transaction.set_rollback(True)
