"""Taking out of an unnamed comment what would point at a person or a company."""

import re
from collections.abc import Iterable

GAP = "[…]"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
PHONE = re.compile(r"(?<!\w)\+?\d[\d\s()/.-]{6,}\d(?!\w)")
NUMBER = re.compile(r"\b[A-Z]{1,5}[-_/]?\d{3,}[\w-]*\b|\b\d{5,}\b")

# Names of people that are words of every day: "will you" names nobody.
ORDINARY = frozenset(
    "april art august bill black brown chase dawn day drew frank good grace grant green hope jack "
    "joy june king long mark may miles page pat price rich rob rose short sue summer white will "
    "wood young".split()
)


def scrubbed(text: str, *, names: Iterable[str]) -> str:
    """Return a comment without addresses, known names, phones and deal numbers.

    Addresses go first: a name taken out of the middle of one would leave the rest of it standing.
    """
    for pattern in (ADDRESS, LINK):
        text = pattern.sub(GAP, text)
    # Looking first is what keeps it cheap: a program knows thousands of names, a comment holds one.
    lowered = text.lower()
    known = {n for name in names if len(n := name.strip()) > 2 and n.lower() in lowered}
    for name in sorted(known, key=len, reverse=True):
        text = _without(text, name)
    for pattern in (PHONE, NUMBER):
        text = pattern.sub(GAP, text)
    return text


def _without(text: str, name: str) -> str:
    """Take a name out; one that is an ordinary word as well only where it begins with a capital."""
    found = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    if name.lower() not in ORDINARY:
        return found.sub(GAP, text)
    return found.sub(lambda hit: GAP if hit[0][0].isupper() else hit[0], text)
