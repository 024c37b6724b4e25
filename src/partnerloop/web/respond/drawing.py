"""Drawing the answer page: everybody is shown the same one, with other names and links in it.

A template costs more than all else of a visit. So the page is drawn once with marks where it is
personal, the frame, and a visit only fills the marks. A frame is found by everything that it shows,
never by an address or a time: what changes is drawn anew. Nothing personal is kept. A mark holds a
secret of this process, so that no word from outside can contain one.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from partnerloop.web.components import Choice, Choices, Scale0to10
from partnerloop.web.respond.pages import AnswerPage, OnlyMode, OpenQuestion

TEMPLATE = "respond/answer.html"
SECRET = f"mark{secrets.token_hex(16)}x"
MARK = re.compile(rf"{SECRET}(\d+)\.")


class Marks:
    """Takes what is personal out of a page, and remembers it in order."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def __call__(self, text: str) -> str:
        """Return a mark for a text; nothing stays nothing, because templates ask for it."""
        if not text:
            return ""
        self.taken.append(text)
        return f"{SECRET}{len(self.taken) - 1}."


def drawn(page: AnswerPage) -> SafeString:
    """Return the answer page as HTML."""
    if page.errors or (page.open_question and page.open_question.error):
        # what is wrong differs each time, and is rare
        return render_to_string(TEMPLATE, {"page": page})
    marks = Marks()
    pieces = _frame(_without_person(page, marks), get_language())
    return _filled(pieces, [conditional_escape(text) for text in marks.taken])


def _filled(pieces: tuple[str, ...], texts: list[str]) -> SafeString:
    """Put texts between the pieces of a frame, at whose odd places their numbers are."""
    words = list(pieces)
    words[1::2] = [texts[int(number)] for number in pieces[1::2]]
    return SafeString("".join(words))


@lru_cache(maxsize=500)
def _frame(page: AnswerPage, language: str | None) -> tuple[str, ...]:
    """Draw a page with marks, cut at them; its sentences are in `language`."""
    return tuple(MARK.split(render_to_string(TEMPLATE, {"page": page})))


@lru_cache(maxsize=2000)
def _question(question: Scale0to10 | str, language: str | None) -> str:
    """Draw one question, apart from the page: which of them go together differs by person."""
    if isinstance(question, str):
        return question
    return render_to_string("components/_scale.html", {"scale": question})


def _without_person(page: AnswerPage, mark: Marks) -> AnswerPage:
    links = page.links
    language = get_language()
    return replace(
        page,
        letterhead=replace(page.letterhead, about=mark(page.letterhead.about)),
        action=mark(page.action),
        questions=tuple(mark(_question(one, language)) for one in page.questions),
        open_question=page.open_question and _open(page.open_question, mark),
        modes=_modes(page.modes, mark),
        answering_as=mark(page.answering_as),
        why=mark(page.why),
        drawn=mark(page.drawn),
        errors=(),
        links=replace(
            links,
            tell_us_now=mark(links.tell_us_now),
            not_you=mark(links.not_you),
            less_often=mark(links.less_often),
            stop=mark(links.stop),
        ),
    )


def _open(line: OpenQuestion, mark: Marks) -> OpenQuestion:
    return replace(
        line,
        name=mark(line.name),
        question=mark(line.question),
        words=mark(line.words),
        watched=mark(line.watched),
    )


def _modes(modes: Choices | OnlyMode | None, mark: Marks) -> Choices | OnlyMode | None:
    if isinstance(modes, OnlyMode):
        return replace(modes, promise=mark(modes.promise))
    return modes and replace(modes, choices=_choices(modes.choices, mark))


def _choices(choices: Iterable[Choice], mark: Marks) -> tuple[Choice, ...]:
    return tuple(replace(one, sentence=mark(one.sentence), more=mark(one.more)) for one in choices)
