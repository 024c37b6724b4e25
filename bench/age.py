"""Which code a table was measured with, so that a reader can tell figures of an older one.

A mark is the date, the module that measures, and eight digits that follow from the code of that
module and of all it imports of the benchmark and the engine: not from comments, the layout of the
text, docstrings or the history of the repository.
"""

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOTS = {"bench": "bench", "partnerloop.engine": "src/partnerloop/engine"}
_MARK = re.compile(r"Measured on (\d{4}-\d\d-\d\d) by `([a-z_.]+)`, code ([0-9a-f]{8})\.")
_BLOCK = re.compile(r"<!-- ([a-z0-9-]+) -->\n(.*?)<!-- /\1 -->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Age:
    """When one table was measured, and whether by the code at hand."""

    key: str
    measured: str
    current: bool


def mark(day: str, module: str, *, root: Path) -> str:
    """This will write the line that stands under a table; ``day`` as 2026-03-01."""
    return f"Measured on {day} by `{module}`, code {fingerprint(module, root=root)}."


def ages(text: str, *, root: Path) -> Iterator[Age]:
    """This will list the tables of a results page with their ages; "unknown" without a mark."""
    for key, block in _BLOCK.findall(text):
        found = _MARK.search(block)
        if found:
            current = fingerprint(found[2], root=root) == found[3]
            yield Age(key, found[1], current)
        else:
            yield Age(key, "unknown", False)


def fingerprint(module: str, *, root: Path) -> str:
    """This will tell one state of a module and all it builds on from another, in eight digits."""
    seen: dict[str, str] = {}
    _gather(module, root, seen)
    digest = hashlib.sha256()
    for name in sorted(seen):
        digest.update(f"{name}\n{seen[name]}\n".encode())
    return digest.hexdigest()[:8]


def _gather(module: str, root: Path, seen: dict[str, str]) -> None:
    path = _path(module, root)
    if path is None or module in seen:
        return
    tree = ast.parse(path.read_text())
    seen[module] = _meaning(tree)
    for name in _imported(tree):
        _gather(name, root, seen)


def _path(module: str, root: Path) -> Path | None:
    """Where a module of the benchmark or the engine lies; none for any other module."""
    for package, folder in ROOTS.items():
        if module == package or module.startswith(package + "."):
            place = root / folder / module.removeprefix(package).lstrip(".").replace(".", "/")
            for path in (place.with_suffix(".py"), place / "__init__.py"):
                if path.is_file():
                    return path
    return None


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _meaning(tree: ast.Module) -> str:
    """The code without docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)
