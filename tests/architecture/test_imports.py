"""Imports stand at the top of a file, run downward, and the guards guard what exists."""

import ast

import pytest

from tests.architecture.tree import (
    PACKAGE,
    ROOT,
    contracts,
    modules,
    parsed,
    rooms,
    short,
    table_of,
)

# Who may import a module by a name in a string, which no contract can see, and why.
LATE = {
    "src/partnerloop/cli/main.py": "a command without Django must start without it",
    "src/partnerloop/cli/supervision/child.py": "a role loads Django first, then what it runs",
    "src/partnerloop/responses/apps.py": "guarded tables live beside models.py, for the contracts",
}

# The guarded modules and their readers. A new reader needs a decision record.
GUARDS = {
    "responses.identities": {
        "responses.intake",
        "responses.past",
        "responses.people",
        "responses.reply",
        "responses.rights",
    },
    "responses.models": {"responses", "evidence", "themes", "release"},
    "responses.participation": {"responses", "evidence", "planning", "release"},
    "themes.models": {"themes", "release"},
    "evidence": {"scores", "themes", "release", "planning", "insights", "alerts", "loop"},
    "scores.models": {"scores", "release", "planning", "insights", "alerts"},
}

# Modules behind a guard that hold no answer, and who may open that door (decision 7).
DOORS = {"partnerloop.web.respond.* -> partnerloop.evidence.offering"}


def exists(module: str) -> bool:
    place = PACKAGE.joinpath(*module.split("."))
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{short(path)}:{statement.lineno}"
        for path in modules()
        for function in ast.walk(parsed(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_no_import_is_written_as_a_string_without_a_reason() -> None:
    spelled = {
        short(path)
        for path in modules()
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Name) and node.id in ("import_module", "__import__"))
        or (isinstance(node, ast.Attribute) and node.attr in ("import_module", "get_model"))
        or (isinstance(node, ast.Name) and node.id in ("import_string", "autodiscover_modules"))
    }
    assert spelled == set(LATE)


def test_every_room_in_the_contract_is_a_package_and_every_package_a_room() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert packages == set(rooms())


@pytest.mark.parametrize("guarded", sorted(GUARDS))
def test_a_guarded_module_that_exists_is_guarded_by_a_contract(guarded) -> None:
    found = [
        section
        for name, section in contracts().items()
        if name.startswith("importlinter:contract:") and section["type"] == "protected"
        if section["protected_modules"].split() == [f"partnerloop.{guarded}"]
    ]
    assert len(found) == (1 if exists(guarded) else 0)
    for section in found:
        readers = {
            name.removeprefix("partnerloop.") for name in section["allowed_importers"].split()
        }
        assert readers == {reader for reader in GUARDS[guarded] if exists(reader)}


def test_no_contract_has_an_exception_without_a_decision() -> None:
    spared = {
        line
        for section in contracts().values()
        for line in section.get("ignore_imports", "").split("\n")
        if line
    }
    assert spared == DOORS


def test_the_architecture_page_tells_the_same_order() -> None:
    told = [
        row[0].strip("`").split("`, `")
        for row in table_of(ROOT / "ARCHITECTURE.md", heading="Rooms")
    ]
    assert [room for floor in told for room in floor] == rooms()


def test_addresses_that_somebody_typed_in_are_asked_by_one_client_only() -> None:
    """It checks and pins where a name leads; any other way would ask private addresses too."""
    asking = {
        short(path)
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom | ast.Import)
        for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        if name.split(".")[0] in ("requests", "requests_hardened", "urllib3", "httpx")
        or name == "urllib.request"
    }
    assert asking == {"src/partnerloop/integrations/outside.py"}
