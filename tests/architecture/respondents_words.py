"""All words that partners read around the questions, as the sources write them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.template import Engine
from django.template.base import Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from partnerloop.integrations.email import rendering
from tests.architecture.tree import PACKAGE, parsed

CODE = (
    "web/respond/*.py",
    "web/portal/*.py",
    "web/widget/*.py",
    "web/templatetags/partnerloop.py",
    "core/words.py",
    "web/cards.py",
    "web/metric_names.py",
    "web/charts/ranges.py",
    "loop/inviting.py",
    "planning/addressing.py",
    "release/attacked.py",
    "release/gate.py",
    "integrations/email/rendering.py",
)
PAGES = (
    "respond/*.html",
    "respond_base.html",
    "widget/*.html",
    "widget_base.html",
    "portal/*.html",
    "portal_base.html",
    "plain_base.html",
    "4*.html",
    "500.html",
    *(f"components/_{name}.html" for name in "choices earlier errors scale tell_us_now".split()),
)
MAILS = ("*.html", "*.txt")
CALLS = {"gettext", "gettext_lazy", "ngettext", "_"}
PLACES = re.compile(r"\{\w*\}|%\(\w+\)s")
Said = tuple[str, ...]
"""One sentence, or one of one thing and one of several."""


def said() -> dict[Said, str]:
    """Return every sentence with the file it stands in."""
    found: dict[Said, str] = {}
    for pattern in CODE:
        for path in sorted(PACKAGE.glob(pattern)):
            found |= dict.fromkeys(_in_code(path), path.name)
    pages, mails = Engine.get_default(), rendering._html
    for engine, folder, patterns in (
        (pages, PACKAGE / "web/templates", PAGES),
        (mails, PACKAGE / "integrations/email/templates", MAILS),
    ):
        for pattern in patterns:
            for path in sorted(folder.glob(pattern)):
                template = engine.get_template(path.relative_to(folder).as_posix())
                found |= dict.fromkeys(_in_template(template), path.name)
    return found


def _in_code(path: Path) -> Iterator[Said]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
            words = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            if words and all(isinstance(word, str) for word in words):
                yield tuple(words)


def _in_template(template: Template) -> Iterator[Said]:
    for node in template.nodelist.get_nodes_by_type(TranslateNode):
        yield (node.filter_expression.var.literal,)
    for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
        parts = (node.singular, node.plural) if node.plural else (node.singular,)
        yield tuple(node.render_token_list(part)[0] for part in parts)
