"""Files stay short, are named after what they do, and are all our own."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.test_relations import our_models
from tests.architecture.tree import PACKAGE, ROOT, modules, parsed, short

LONGEST_FILE = 300
LONGEST_FUNCTION = 50

# Words that say nothing about what a file does.
EMPTY_NAMES = {"common", "handlers", "helpers", "managers", "misc", "services", "utils"}

# What gives away a file that somebody else wrote or a tool produced.
BORROWED = re.compile(
    r"@license|@preserve|copyright|sourceMappingURL|\bMIT License\b", re.IGNORECASE
)
BINARY = {".woff", ".woff2", ".ttf", ".otf", ".eot", ".jar", ".wasm", ".so", ".dll", ".exe"}


def own_files() -> list[Path]:
    return [
        path
        for path in sorted(PACKAGE.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_a_file_that_is_too_long_has_been_split() -> None:
    long = {short(path): lines_of(path) for path in modules() if lines_of(path) > LONGEST_FILE}
    assert long == {}


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring: numbers need their explanation."""
    first = function.body[0]
    told = ast.get_docstring(function, clean=False) is not None
    explained = (first.end_lineno or 0) - first.lineno + 1 if told else 0
    return (function.end_lineno or 0) - function.lineno + 1 - explained


def test_a_function_can_be_read_without_scrolling() -> None:
    long = [
        f"{short(path)}:{node.lineno} {node.name}"
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and code_lines(node) > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_file_is_named_after_nothing() -> None:
    assert [short(path) for path in modules() if path.stem in EMPTY_NAMES] == []
    assert [
        short(path) for path in PACKAGE.rglob("*") if path.is_dir() and path.name in EMPTY_NAMES
    ] == []


def test_no_file_of_somebody_else_is_vendored() -> None:
    borrowed = [
        short(path)
        for path in own_files()
        if path.suffix in BINARY
        or ".min." in path.name
        or (path.suffix in {".js", ".css", ".html", ".svg"} and BORROWED.search(path.read_text()))
    ]
    assert borrowed == []


def test_signals_are_not_used() -> None:
    used = [
        f"{short(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").endswith((".signals", "django.dispatch"))
    ]
    assert used == []


def test_no_model_hides_logic_in_save() -> None:
    hidden = [
        f"{model._meta.label}.{name}"
        for model in our_models()
        for name in ("save", "delete", "full_clean", "save_base")
        if name in vars(model)
    ]
    assert hidden == []


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_the_locked_requirements_are_hashed_and_hold_no_address(name) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert "://" not in text
    pinned = re.findall(r"^[a-z0-9].*==.*$", text, re.MULTILINE | re.IGNORECASE)
    assert pinned
    assert all(line.endswith("\\") for line in pinned)
