"""Every setting, event and command stands in the reference, and the reference names no other."""

import ast
import re

import pytest

from partnerloop.cli.main import PLACES, main
from partnerloop.config.settings import ENVIRONMENT
from tests.architecture.tree import DOCS, modules, parsed, table_of

REFERENCE = DOCS / "reference"


def first_cells(page: str, *, heading: str) -> list[str]:
    cells = [row[0].strip("`") for row in table_of(REFERENCE / page, heading=heading)]
    assert cells == sorted(set(cells)), f"{page}: each once, in alphabetical order"
    return cells


def published_kinds() -> set[str]:
    """Find the kinds of all events: `Happening(KIND, ...)` with a word or a constant of ours."""
    trees = [parsed(path) for path in modules()]
    words = {
        target.id: node.value.value
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return {
        kind.value if isinstance(kind, ast.Constant) else words[name_of(kind)]
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node.func) == "Happening"
        for kind in [*node.args[:1], *(word.value for word in node.keywords if word.arg == "kind")]
    }


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    assert first_cells("settings.md", heading="Settings") == sorted(ENVIRONMENT.asked)


def test_every_event_is_documented_and_every_documented_event_is_published() -> None:
    assert published_kinds()
    assert first_cells("events.md", heading="Events") == sorted(published_kinds())


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    commands = {*PLACES, *main.commands}
    assert first_cells("commands.md", heading="Commands") == sorted(
        f"partnerloop {name}" for name in commands
    )


@pytest.mark.parametrize("name", sorted({*PLACES, *main.commands}))
def test_every_option_of_a_command_is_documented(name) -> None:
    command = main.get_command(None, name)  # type: ignore[arg-type]
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    missing = [
        option
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and not re.search(rf"`[^`]*{option}\b[^`]*`", page)
    ]
    assert missing == []
