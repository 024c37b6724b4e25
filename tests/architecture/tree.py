"""The source tree as the architecture tests see it."""

import ast
import configparser
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "partnerloop"
DOCS = ROOT / "docs"


def modules() -> Iterator[Path]:
    """Walk our Python files; migrations are written by Django."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def templates() -> Iterator[Path]:
    """Walk our HTML templates."""
    yield from sorted(PACKAGE.rglob("*.html"))


def documents() -> Iterator[Path]:
    """Walk the written documents of the project."""
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted(DOCS.rglob("*.md"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def short(path: Path) -> str:
    """Name a file as a reader would look for it."""
    return path.relative_to(ROOT).as_posix()


def contracts() -> configparser.ConfigParser:
    """Read the import contracts."""
    reader = configparser.ConfigParser()
    reader.read(ROOT / ".importlinter", encoding="utf-8")
    return reader


def floors() -> list[list[str]]:
    """List the rooms by floor, the highest first, as the import contract orders them."""
    layers = contracts()["importlinter:contract:rooms"]["layers"].split("\n")
    return [[room.strip() for room in floor.split("|")] for floor in layers if floor.strip()]


def rooms() -> list[str]:
    return [room for floor in floors() for room in floor if room != "__main__"]


def table_of(document: Path, *, heading: str) -> list[list[str]]:
    """Read the rows of the first table under a heading, without its head, as cells of text."""
    lines = document.read_text(encoding="utf-8").split(f"# {heading}\n", 1)[1].splitlines()
    rows: list[list[str]] = []
    for line in lines:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows or line.startswith("#"):
            break
    return rows[2:]
