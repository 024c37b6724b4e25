"""Where in a file a question, a metric or a field stands: TOML readers do not say."""

import re

_TABLE = re.compile(r"^\s*\[\s*(?:questions|metrics)\s*\.\s*[\"']?([\w-]+)[\"']?\s*\]")
_ANY_TABLE = re.compile(r"^\s*\[")
_FIELD = re.compile(r"^\s*[\"']?([\w-]+)[\"']?\s*=")
_AT_LINE = re.compile(r"\(at line (\d+)")


class Lines:
    """The lines of a file, by question or metric and field; 1 where nothing fits."""

    def __init__(self, text: str) -> None:
        self._found: dict[tuple[str, str], int] = {}
        self._read(text)

    def line(self, key: str = "", field: str = "") -> int:
        """Return the line of a question's field, else of the question, else the first."""
        found = self._found
        return found.get((key, field)) or found.get((key, "")) or 1

    def _read(self, text: str) -> None:
        key, inside = "", False
        for number, line in enumerate(text.splitlines(), start=1):
            table = _TABLE.match(line)
            if table:
                key, inside = table[1], True
                self._found.setdefault((key, ""), number)
            elif _ANY_TABLE.match(line):
                # `key = { ... }` below [questions] is a question in one line.
                key, inside = "", "questions" in line or "metrics" in line
            elif field := _FIELD.match(line):
                place = (key, field[1]) if key else (field[1] if inside else "", "")
                self._found.setdefault(place if key or inside else ("", field[1]), number)


def line_of_mistake(told: str) -> int:
    """Return the line that a TOML reader names in its message, 1 where it names none."""
    found = _AT_LINE.search(told)
    return int(found[1]) if found else 1
