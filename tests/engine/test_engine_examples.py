import doctest
import importlib
import pkgutil

import pytest

from partnerloop import engine

MODULES = [f"partnerloop.engine.{one.name}" for one in pkgutil.iter_modules(engine.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_its_examples_are_right(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
