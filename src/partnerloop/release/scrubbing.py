"""Taking out of an unnamed comment what would point at a person or a company."""

import re
from collections.abc import Iterable

GAP = "[…]"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
PHONE = re.compile(r"(?<!\w)\+?\d[\d\s()/.-]{6,}\d(?!\w)")
NUMBER = re.compile(r"\b[A-Z]{1,5}[-_/]?\d{3,}[\w-]*\b|\b\d{5,}\b")


def scrubbed(text: str, *, names: Iterable[str]) -> str:
    """Return a comment without known names, then without addresses, phones and deal numbers."""
    # Looking first is what keeps it cheap: a program knows thousands of names, a comment holds one.
    lowered = text.lower()
    known = {n for name in names if len(n := name.strip()) > 2 and n.lower() in lowered}
    for name in sorted(known, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", GAP, text, flags=re.IGNORECASE)
    for pattern in (ADDRESS, LINK, PHONE, NUMBER):
        text = pattern.sub(GAP, text)
    return text
