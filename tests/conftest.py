"""What every test shares. Kept small: a fixture belongs into the folder that uses it."""

import os

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what runs only with `bin/test --full`, counted as deselected, never as skipped."""
    if os.environ.get("PARTNERLOOP_TEST_FULL"):
        return
    full = [test for test in items if test.get_closest_marker("full")]
    if full:
        config.hook.pytest_deselected(items=full)
        items[:] = [test for test in items if test not in full]
