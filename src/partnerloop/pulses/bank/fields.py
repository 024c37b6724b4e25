"""One table of a bank file: reads its fields, and complains with its place."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from partnerloop.pulses.bank.wording import AUDIENCES, PARTNER, ROLES, VENDOR, Purpose

Choice = TypeVar("Choice", bound=str)

_BRACES = re.compile(r"\{[^}]*\}?|\}")


class BankError(ValueError):
    """A bank file that cannot be used; the message names file, key and field."""


class Fields:
    """One table of the file, that knows its place and complains with it."""

    def __init__(self, table: Mapping[str, Any], *, where: str) -> None:
        self.table = table
        self.where = where
        self.key = where.rpartition(".")[2]

    def error(self, field: str, complaint: str) -> BankError:
        return BankError(f"{self.where}: {field}: {complaint}")

    def refuse_others(self, known: set[str]) -> None:
        for field in self.table:
            if field not in known:
                raise self.error(field, "is not a field here")

    def refuse_difference(self, field: str, found: Mapping[str, object], wanted: list[str]) -> None:
        """Refuse keys that are missing, and keys that nobody knows."""
        for key in wanted:
            if key not in found:
                raise self.error(f"{field}.{key}", "is missing")
        for key in found:
            if key not in wanted:
                raise self.error(f"{field}.{key}", "is not in the first language")

    def tables(self, field: str) -> list["Fields"]:
        found = self.table.get(field)
        if not isinstance(found, dict) or not found:
            raise self.error(field, "is missing or empty")
        for key, inner in found.items():
            if not isinstance(inner, dict):
                raise self.error(f"{field}.{key}", "must be a table")
        return [Fields(inner, where=f"{self.where}: {field}.{key}") for key, inner in found.items()]

    def text(self, field: str, *, of: Purpose) -> str:
        """Read words that may name the vendor, and where others are asked the partner too."""
        value = self._words(field)
        known = (VENDOR, PARTNER) if of in AUDIENCES else (VENDOR,)
        for braces in _BRACES.findall(value):
            if braces not in known:
                told = " and ".join(known)
                raise self.error(field, f"{braces} is not a placeholder; there is only {told}")
        return value

    def label(self, field: str) -> str:
        """Read words that stand as they are."""
        value = self._words(field)
        for braces in _BRACES.findall(value):
            raise self.error(field, f"{braces}: no placeholder is possible here")
        return value

    def _words(self, field: str) -> str:
        value = self.table.get(field)
        if not isinstance(value, str) or not value.strip() or value != value.strip():
            raise self.error(field, "must be a text without spaces at its ends")
        return value

    def whole_number(self, field: str) -> int:
        value = self.table.get(field)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.error(field, "must be a whole number from 1")
        return value

    def flag(self, field: str) -> bool:
        value = self.table.get(field, False)
        if not isinstance(value, bool):
            raise self.error(field, "must be true or false")
        return value

    def one_of(self, field: str, allowed: tuple[Choice, ...]) -> Choice:
        for choice in allowed:
            if self.table.get(field) == choice:
                return choice
        raise self.error(field, f"must be one of {', '.join(allowed)}")

    def roles(self) -> tuple[str, ...]:
        value = self.table.get("roles", [])
        if not isinstance(value, list) or any(role not in ROLES for role in value):
            raise self.error("roles", f"must be a list out of {', '.join(ROLES)}")
        return tuple(value)
