"""The reference names every template, tag, chart and dataclass of the design system."""

from pathlib import Path

import pytest
from django.template import engines

from partnerloop.integrations.email import letters
from partnerloop.web import charts, components
from partnerloop.web.respond import pages

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs/reference/components.md").read_text()
TEMPLATES = ROOT / "src/partnerloop/web/templates"


def dataclasses_of(module: object) -> list[str]:
    name = getattr(module, "__name__", "")
    return [
        key
        for key, found in vars(module).items()
        if isinstance(found, type) and found.__module__.startswith(name)
    ]


@pytest.mark.parametrize(
    "name",
    [
        *sorted(path.name for path in (TEMPLATES / "components").glob("_*.html")),
        *sorted(path.name for path in (TEMPLATES / "respond").glob("[!_]*.html")),
        *sorted(path.name for path in TEMPLATES.glob("*base.html")),
        *components.__all__,
        *charts.__all__,
        *dataclasses_of(pages),
        *dataclasses_of(letters),
    ],
)
def test_the_reference_names(name: str) -> None:
    assert f"`{name}" in REFERENCE or f"({name}" in REFERENCE or f" {name}`" in REFERENCE


def test_the_reference_names_every_tag_and_filter() -> None:
    library = engines["django"].engine.template_libraries["partnerloop"]
    missing = [tag for tag in library.tags if f"{{% {tag} " not in REFERENCE]
    missing += [name for name in library.filters if f"|{name}" not in REFERENCE]
    assert missing == []
