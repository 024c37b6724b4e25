"""Documents lead somewhere: links and anchors resolve, and what they print is what happens."""

import doctest
import re
import shlex
from pathlib import Path

import click
import pytest

from partnerloop.cli.main import main
from tests.architecture.tree import DOCS, PACKAGE, ROOT, documents, short

PAGES = tuple(documents())
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Only addresses that a reader needs, and that no test follows.
OUTSIDE = ("https://", "http://", "mailto:")


def name(page: Path) -> str:
    return short(page)


def anchors(page: Path) -> set[str]:
    """Collect a page's headings the way they are addressed."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    bare = (re.sub(r"[^\w\- ]", "", title.lower()) for title in titles)
    return {title.strip().replace(" ", "-") for title in bare}


def fenced(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return [body for kind, body in FENCE.findall(text) if kind == language]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file_and_every_anchor_to_a_heading(page) -> None:
    broken = []
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if link.startswith(OUTSIDE):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_document_can_be_reached_from_the_first_page() -> None:
    """A link to a folder reaches the pages in it."""
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            target = (page.parent / link.partition("#")[0]).resolve()
            found = sorted(target.glob("*.md")) if target.is_dir() else [target]
            waiting += [one for one in found if one in PAGES and one not in reached]
    assert sorted(short(page) for page in set(PAGES) - reached) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_document_knows_the_machine_it_was_written_on(page) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.])/(?:home|Users|root|work|tmp)/\S+", text) == []


def test_what_a_python_example_shows_is_what_python_says() -> None:
    examples = [page for page in PAGES if ">>> " in page.read_text(encoding="utf-8")]
    assert examples
    for page in examples:
        outcome = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
        assert outcome.attempted > 0
        assert outcome.failed == 0, f"{short(page)}: see the output"


def our_calls() -> list[tuple[str, str]]:
    """Collect the lines `partnerloop ...` of all console examples."""
    return [
        (short(page), line.removeprefix("$ ").strip())
        for page in PAGES
        for block in fenced(page, "console")
        for line in block.splitlines()
        if line.removeprefix("$ ").startswith("partnerloop ")
    ]


def test_a_command_in_an_example_exists_with_its_options() -> None:
    assert our_calls()
    for page, call in our_calls():
        words = shlex.split(call, comments=True)[1:]
        command = main.get_command(click.Context(main), words[0])
        if isinstance(command, click.Group) and len(words) > 1:
            command = command.get_command(click.Context(command), words[1])
        assert command is not None, f"{page}: {call}"
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        given = {word.split("=")[0] for word in words[1:] if word.startswith("--")}
        assert command.ignore_unknown_options or given <= known, f"{page}: {call}"


def test_what_the_tutorial_tells_to_press_stands_on_a_page() -> None:
    """Bold words are labels; a number in one is put in by the page."""
    web = PACKAGE / "web"
    pages = [*web.rglob("*.html"), *web.rglob("*.py"), *(PACKAGE / "programs").rglob("*.py")]
    shown = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    tutorial = " ".join((DOCS / "tutorial" / "first-pulse.md").read_text().split())
    pressed = set(re.findall(r"\*\*([^*]+)\*\*", tutorial))
    labels = {label: re.sub(r"\d+", r"\\{\\{ \\w+ \\}\\}", label) for label in pressed}
    assert len(labels) > 10
    assert [label for label, words in labels.items() if not re.search(words, shown)] == []


@pytest.mark.parametrize(
    "script", sorted({f"bin/{found}" for page in PAGES for found in
                      re.findall(r"`bin/([a-z]+)", page.read_text(encoding="utf-8"))})
)  # fmt: skip
def test_a_script_in_a_document_exists(script) -> None:
    assert (ROOT / script).exists()


def test_decisions_are_numbered_without_a_gap_and_fit_a_page() -> None:
    records = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [int(record.name[:4]) for record in records]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [short(record) for record in records if len(record.read_text().split()) > 600] == []


def test_nothing_points_at_a_text_that_is_not_in_the_project() -> None:
    """A paragraph number of a text that the reader does not have explains nothing."""
    written = [
        path
        for folder in ("src", "tests", "bench", "docs")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".toml", ".md", ".html", ".css", ".js"}
    ]
    pointing = re.compile(r"\b[A-Z]{4,} " + "§")
    assert [short(path) for path in written if pointing.search(path.read_text("utf-8"))] == []
