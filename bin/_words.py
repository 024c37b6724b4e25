"""Compiles the catalogues of words, src/partnerloop/locale/*/LC_MESSAGES/django.po, to .mo.

Django reads .mo only. They are kept beside their sources, so that neither building nor installing
needs GNU gettext; tests/architecture/test_respondents_words.py holds the pairs together.
"""

import ast
import struct
from collections.abc import Iterator
from pathlib import Path

LOCALE = Path(__file__).parents[1] / "src" / "partnerloop" / "locale"
MAGIC, HEADER_SIZE = 0x950412DE, 28


def main() -> None:
    """This will write each .mo anew."""
    for path in sorted(LOCALE.rglob("*.po")):
        path.with_suffix(".mo").write_bytes(compiled(path.read_text(encoding="utf-8")))


def read(text: str) -> dict[str, str]:
    """Return a catalogue: plural forms are joined by NUL, as .mo files have them."""
    found = {}
    for entry in _entries(text):
        forms = [entry[key] for key in sorted(entry) if key.startswith("msgstr")]
        plural = entry.get("msgid_plural")
        key = entry["msgid"] if plural is None else f"{entry['msgid']}\0{plural}"
        found[key] = "\0".join(forms)
    return found


def _entries(text: str) -> Iterator[dict[str, str]]:
    for block in text.split("\n\n"):
        entry: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if line.startswith('"'):
                entry[key] += ast.literal_eval(line)
            elif line.startswith("msg"):
                key, _space, quoted = line.partition(" ")
                entry[key] = ast.literal_eval(quoted)
        if entry:
            yield entry


def compiled(text: str) -> bytes:
    """Return the .mo of a .po: two tables of (length, place), then the texts, each ended by NUL."""
    rows = sorted((key.encode(), value.encode()) for key, value in read(text).items())
    places, texts = b"", b""
    start = HEADER_SIZE + 16 * len(rows)
    for column in (0, 1):
        for row in rows:
            places += struct.pack("<2I", len(row[column]), start + len(texts))
            texts += row[column] + b"\0"
    second = HEADER_SIZE + 8 * len(rows)
    head = struct.pack("<7I", MAGIC, 0, len(rows), HEADER_SIZE, second, 0, start)
    return head + places + texts


if __name__ == "__main__":
    main()
