"""Which engine a table was measured with, so that a reader can tell figures of an older one.

A mark is the date and eight digits that follow from the engine's code alone: not from comments,
layout of the text, docstrings or the history of the repository.
"""

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MARK = re.compile(r"Measured on (\d{4}-\d\d-\d\d) with engine ([0-9a-f]{8})\.")
_BLOCK = re.compile(r"<!-- ([a-z0-9-]+) -->\n(.*?)<!-- /\1 -->", re.DOTALL)
# The disclosure check reads the ledger: no figure of the benchmarks depends on it.
_APART = "disclosure"


@dataclass(frozen=True, slots=True)
class Age:
    """When one table was measured, and whether by the engine at hand."""

    key: str
    measured: str
    current: bool


def mark(day: str, engine: Path) -> str:
    """This will write the line that stands under a table; ``day`` as 2026-03-01."""
    return f"Measured on {day} with engine {fingerprint(engine)}."


def fingerprint(engine: Path) -> str:
    """This will tell one state of the engine's code from another, in eight digits."""
    digest = hashlib.sha256()
    for path in sorted(engine.glob("*.py")):
        if not path.name.startswith(_APART):
            digest.update(path.name.encode())
            digest.update(_meaning(path.read_text()).encode())
    return digest.hexdigest()[:8]


def ages(text: str, engine: Path) -> Iterator[Age]:
    """This will list the tables of a results page with their ages; "unknown" without a mark."""
    now = fingerprint(engine)
    for key, block in _BLOCK.findall(text):
        found = _MARK.search(block)
        if found:
            yield Age(key, found[1], found[2] == now)
        else:
            yield Age(key, "unknown", False)


def _meaning(code: str) -> str:
    """The code's tree without docstrings."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)
