"""Taking out of an unnamed comment what would point at a person or a company."""

import re
from collections.abc import Iterable

GAP = "[…]"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
PHONE = re.compile(r"(?<!\w)\+?\d[\d\s()/.-]{6,}\d(?!\w)")
NUMBER = re.compile(r"\b(?=\w*\d)[A-Z]{1,5}[-_/]?\d{3,}[\w-]*\b|\b\d{5,}\b")


def scrubbed(text: str, *, names: Iterable[str]) -> str:
    """Return a comment without known names, then without addresses, phones and deal numbers."""
    for name in sorted({n.strip() for n in names if len(n.strip()) > 2}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", GAP, text, flags=re.IGNORECASE)
    for pattern in (ADDRESS, LINK, PHONE, NUMBER):
        text = pattern.sub(GAP, text)
    return text
