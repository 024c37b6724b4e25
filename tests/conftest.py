"""What every test shares. Kept small: a fixture belongs into the folder that uses it."""

import os
from collections.abc import Iterator

import pytest

from partnerloop.pulses import asked
from partnerloop.scores import modelling


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what runs only with `bin/test --full`, counted as deselected, never as skipped."""
    if os.environ.get("PARTNERLOOP_TEST_FULL"):
        return
    full = [test for test in items if test.get_closest_marker("full")]
    if full:
        config.hook.pytest_deselected(items=full)
        items[:] = [test for test in items if test not in full]


@pytest.fixture(autouse=True)
def forget_what_never_changes() -> Iterator[None]:
    """Empty the process's memory of immutable rows: rolled back tests use their numbers again."""
    yield
    asked.forget()
    modelling.forget()
