"""A mail's text with links to click. Its HTML part is never let into a page of ours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a mail: plain text, or a link."""

    text: str
    is_link: bool


def paragraphs(text: str) -> Sequence[Sequence[Piece]]:
    """This will return the paragraphs of a text, cut into plain pieces and links."""
    return [pieces(paragraph) for paragraph in re.split(r"\n\s*\n", text.strip())]


def pieces(text: str) -> Sequence[Piece]:
    """This will cut a text at its links.

    >>> [piece.text for piece in pieces("Answer here: http://localhost:8000/a/x.")]
    ['Answer here: ', 'http://localhost:8000/a/x', '.']
    """
    found: list[Piece] = []
    end = 0
    for link in LINK.finditer(text):
        if link.start() > end:
            found.append(Piece(text[end : link.start()], is_link=False))
        found.append(Piece(link.group(), is_link=True))
        end = link.end()
    if end < len(text):
        found.append(Piece(text[end:], is_link=False))
    return found
