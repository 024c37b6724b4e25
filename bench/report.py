"""Sections of results: rows of one dataclass each, as a table for people and JSON for programs.

A benchmark is a function of a ``Size`` that gives sections; ``quality.SECTIONS`` and
``speed.SECTIONS`` list them. A results page keeps each section between two marks, so that one
command can renew its own part and leave the others.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Size:
    """How much to run: quick is for a look, full for the record."""

    quick: bool = False
    seeds: int = 5
    partners: int = 2000
    processes: int = 2
    first_seed: int = 101

    @property
    def all_seeds(self) -> range:
        return range(self.first_seed, self.first_seed + self.seeds)


@dataclass(frozen=True)
class Section:
    """One table: ``says`` tells what was run and how to read it; rows share one dataclass."""

    key: str
    title: str
    says: str
    rows: Sequence[Any]


def markdown(section: Section) -> str:
    """This will write a section as a heading, a paragraph and a table."""
    names = [field.name for field in fields(section.rows[0])] if section.rows else []
    lines = [f"## {section.title}", "", section.says, ""]
    if names:
        lines.append("| " + " | ".join(name.replace("_", " ") for name in names) + " |")
        lines.append("|" + "---|" * len(names))
    for row in section.rows:
        lines.append("| " + " | ".join(_shown(getattr(row, name)) for name in names) + " |")
    return "\n".join(lines)


def renew_figures(path: Path, sections: Sequence[Section]) -> None:
    """This will replace the sections in a JSON file, unrounded, and keep the others."""
    figures = json.loads(path.read_text()) if path.exists() else {}
    for one in sections:
        figures[one.key] = {"title": one.title, "rows": [asdict(row) for row in one.rows]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1, default=float))


def renew(page: Path, sections: Sequence[Section], *, measured: str) -> None:
    """This will replace the sections in a results page, adding those it does not have yet."""
    text = page.read_text() if page.exists() else _HEAD
    for one in sections:
        start, end = f"<!-- {one.key} -->", f"<!-- /{one.key} -->"
        block = f"{start}\n{markdown(one)}\n\n{measured}\n{end}"
        found = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
        if found.search(text):
            text = found.sub(block.replace("\\", r"\\"), text)
        else:
            text = text.rstrip() + "\n\n" + block + "\n"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text)


def spread(values: Sequence[float]) -> str:
    """This will tell a mean and the standard deviation over seeds."""
    mean = sum(values) / len(values)
    if len(values) == 1:
        return _number(mean)
    sd = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
    return f"{_number(mean)} ± {_number(sd)}"


_HEAD = """# Results

Measured in simulated programs with known truth: assumptions, not customers. Each table is written
by the command named in it; differences below the spread over seeds are ties.
"""


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "-" if math.isnan(value) else _number(value)
    return str(value)


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
