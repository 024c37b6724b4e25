"""What is wrong with a file, by line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps the file out, and its line."""

    line: int
    says: str


class Wrong(ValueError):
    """A field of a table that cannot be read; no field: the table itself."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field = field

    def of(self, key: str) -> str:
        """Return what is wrong of which table and field."""
        return f"{key}, {self.field}: {self}" if self.field else f"{key}: {self}"
