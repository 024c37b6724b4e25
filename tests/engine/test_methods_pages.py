"""The pages on methods: one for every module that computes, with figures as they were measured."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

METHODS = Path("docs/methods")
ENGINE = Path("src/partnerloop/engine")
# Plain data, and arithmetic that has a page under the name of what uses it.
WITHOUT_A_PAGE = {"__init__", "interface", "layout", "columns", "state"}
# What a page on a method tells; the others are on rules, on worlds and on results.
PARTS = ("misleads", "eference")
OTHER_PAGES = {"release.md", "simulator.md", "results.md"}

Row = dict[str, str]


def table(key: str) -> list[Row]:
    """This will read a table of the results page, as cells by the name of their column."""
    text = (METHODS / "results.md").read_text()
    block = text.partition(f"<!-- {key} -->")[2].partition(f"<!-- /{key} -->")[0]
    lines = [line for line in block.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def row(key: str, **wanted: str) -> Row:
    found = [
        one
        for one in table(key)
        if all(one[name.replace("_", " ")] == value for name, value in wanted.items())
    ]
    assert len(found) == 1, f"{len(found)} rows of {key} with {wanted}"
    return found[0]


def two(cell: str, digits: int = 2) -> str:
    """.95 for 0.954: as the pages write shares."""
    if cell == "inf":
        return "over 90"
    text = str(Decimal(cell).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
    return re.sub(r"^(-?)0\.", r"\1.", text)


def percent(cell: str) -> str:
    return str((100 * Decimal(cell)).quantize(Decimal(1), ROUND_HALF_UP))


def gains() -> list[str]:
    base, sparse = (row("error-rotate", scenario=name) for name in ("base", "sparse"))
    below = [f"{float(one['below two level'].split()[0]):.1f}" for one in (base, sparse)]
    return [f"{below[0]} and {below[1]} % for 10 and 5"]


def gains_of_fitting() -> list[str]:
    base, sparse = (row("error-rotate", scenario=name) for name in ("base", "sparse"))
    below = [f"{float(one['below two level'].split()[0]):.1f}" for one in (base, sparse)]
    return [f"the row `base` of [results](results.md), {below[0]} below", f"`sparse`, {below[1]} "]


def asking() -> list[str]:
    said = []
    for one in table("choosing"):
        errors = f"{two(one['rmse'], 3)} | {two(one['weighted'], 3)}"
        saved = f"| {fewer(one['saved'])} | {fewer(one['saved weighted'])} |"
        if one["way"] == "random":
            saved = "| | |"
        wait = f"{float(one['longest wait']):.0f} d"
        said.append(f"| {one['way']} | {percent(one['budget'])} % | {errors} {saved} {wait} |")
    return said


def fewer(cell: str) -> str:
    """The curve of random asking ends at twice the budget."""
    return "50 % or more" if float(cell) >= 0.5 else f"{percent(cell)} %"


def fair_chances() -> list[str]:
    tenth, fifth = (
        row("choosing", way="drawn, within bounds", budget=budget) for budget in ("0.100", "0.200")
    )
    waits = [f"{float(one['dimension wait']):.0f}" for one in (fifth, tenth)]
    return [
        f"90 days is {two(fifth['ratio'])} times the smallest",
        f"at a tenth it is {two(tenth['ratio'], 1)} times",
        f"waited {waits[0]} days at most at a fifth, {waits[1]} at a tenth",
    ]


def chances_at_a_tenth() -> list[str]:
    one = row("choosing", way="drawn, within bounds", budget="0.100")
    return [f"chances differ {two(one['ratio'], 1)}-fold"]


def alarms() -> list[str]:
    said = []
    for one in table("watching"):
        if one["world"] == "base" and one["nominal"] == "0.050" and "cusum" not in one["detector"]:
            found = f"{two(one['false'], 3)} | {two(one['precision'])} | {two(one['by 30'])}"
            said.append(f"{found} | {two(one['by 90'])} |")
    return said


def alarms_elsewhere() -> list[str]:
    base, drifting, still = (
        row("watching", world=name, evidence="all answers", detector="daily list", nominal="0.050")
        for name in ("base", "drifting_leniency", "no_breaks")
    )
    pager = row("watching", world="base", evidence="all answers", detector="strict pager")
    return [
        f"for .01, gives {two(pager['false'], 3)} in the base world",
        f"in the base world {two(base['false'], 3)} for .05; where leniency drifts"
        f" {two(drifting['false'], 3)}",
        f"are silent {two(still['false'])};",
    ]


def silence() -> list[str]:
    one = row("silence", nominal="0.050")
    found, lively = two(one["by 180"]), two(one["lively by 180"])
    return [
        f"within 180 days at {found} of all partners and at {lively} of those",
        f"(realised false alarms {two(one['false'], 3)})",
    ]


def monday() -> list[str]:
    quiet, named = (
        [two(one[name]) for one in table("accept-monday")] for name in ("quiet", "named")
    )
    return [
        f"left {quiet[0]}, {quiet[1]} and {quiet[2]} of the weeks quiet",
        f"{named[0]}, {named[1]} and {named[2]} of the drops",
        f"{table('accept-monday')[0]['drops']} drops of",
    ]


def program_change() -> list[str]:
    found = [two(one["better"]) for one in table("accept-change") if float(one["change"])]
    return [f"found in {found[0]}, {found[1]} and {found[2]}"]


def effects() -> list[str]:
    def held(choice: str, effect: str = "0.600") -> str:
        return two(row("effects", choice=choice, true_effect=effect)["coverage"])

    half, tier = "wait list, 2 waves", "comparison, chosen by tier"
    bias = two(row("effects", choice=half, true_effect="0.600")["bias"])
    return [
        f"| {held(half)} (no effect: {held(half, '0.000')}) | {bias} (.00) |",
        f"| {held('wait list, 40 of all')} |",
        f"| {held('wait list, 3 waves')} |",
        f"| {held(tier)} (no effect: {held(tier, '0.000')}) |",
    ]


def few_answers() -> list[str]:
    at = {n: two(row("nps", n=str(n))["adjusted"], 3) for n in (5, 6, 7, 10)}
    worst = min(float(one["adjusted worst"]) for one in table("nps") if int(one["n"]) >= 5)
    return [
        f"covers {at[5]} at 5 answers, {at[6]} at 6, {at[7]} at 7, {at[10]} at 10",
        f"its worst cell is {two(str(worst), 3)}",
    ]


def release() -> list[str]:
    shares = {one["contacts"]: percent(one["batch"]) for one in table("release-small")}
    sizes = ("3 contacts", "4 contacts", "5–6 contacts")
    own = percent(row("release-small", contacts="all")["own"])
    first = ", ".join(shares[size] for size in sizes)
    return [
        f"{first} and {shares['7–8 contacts']} % of those",
        f"with named answers {own} % of all",
    ]


QUOTED: list[tuple[str, Callable[[], list[str]]]] = [
    ("results.md", gains),
    ("results.md", alarms_elsewhere),
    ("fitting.md", gains_of_fitting),
    ("choosing.md", asking),
    ("choosing.md", fair_chances),
    ("results.md", chances_at_a_tenth),
    ("watching.md", alarms),
    ("watching.md", silence),
    ("watching.md", monday),
    ("effects.md", program_change),
    ("effects.md", effects),
    ("nps.md", few_answers),
    ("release.md", release),
]


@pytest.mark.parametrize(("page", "quotes"), QUOTED, ids=[one[1].__name__ for one in QUOTED])
def test_pages_quote_what_was_measured(page: str, quotes: Callable[[], list[str]]) -> None:
    text = " ".join((METHODS / page).read_text().split())
    missing = [quote for quote in quotes() if quote not in text]
    assert not missing, f"{page} does not say what results.md says"


def test_every_module_that_computes_has_a_page() -> None:
    pages = " ".join(path.read_text() for path in METHODS.glob("*.md") if path.name != "results.md")
    modules = {path.stem for path in ENGINE.glob("*.py")} - WITHOUT_A_PAGE
    named = {name for name in modules if re.search(rf"(`|/|engine\.){name}(\.py)?[`.]", pages)}
    assert modules == named


@pytest.mark.parametrize("page", sorted(path.name for path in METHODS.glob("*.md")))
def test_a_page_says_when_it_misleads_and_where_it_comes_from(page: str) -> None:
    text = (METHODS / page).read_text()
    if page not in OTHER_PAGES:
        assert not [part for part in PARTS if part not in text]
