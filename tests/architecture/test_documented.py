"""Every setting, event and command stands in the reference, and the reference names no other."""

import ast
import re

import click
import pytest

from partnerloop.cli.main import main
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


def commands() -> dict[str, click.Command]:
    """Collect all commands by what one types, those of groups included."""
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {
        f"partnerloop {name}{inner}": command
        for name, outer in found.items()
        if outer is not None
        for inner, command in (
            {f" {each}": deep for each, deep in outer.commands.items()}
            if isinstance(outer, click.Group)
            else {"": outer}
        ).items()
    }


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    assert first_cells("commands.md", heading="Commands") == sorted(commands())


@pytest.mark.parametrize("called", sorted(commands()))
def test_every_option_of_a_command_is_documented(called) -> None:
    pages = ("commands.md", "logs.md")
    told = "".join((REFERENCE / page).read_text(encoding="utf-8") for page in pages)
    missing = [
        option
        for parameter in commands()[called].params
        for option in parameter.opts
        if option.startswith("--") and not re.search(rf"{option}\b", told)
    ]
    assert missing == []
