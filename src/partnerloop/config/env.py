"""Strict reading of the environment: a wrong value stops the start with a plain sentence.

Every name asked for is remembered in `Environment.asked`, so that a test can compare it with
docs/reference/settings.md, and `partnerloop check` can point at a misspelled name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "PARTNERLOOP_"
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


class SettingRefused(ImproperlyConfigured):
    """A value in the environment that cannot be meant; says which, why and what would do."""


@dataclass(frozen=True)
class Environment:
    """Reads `PARTNERLOOP_*` variables; names are given without the prefix."""

    values: Mapping[str, str]
    asked: set[str] = field(default_factory=set)

    def text(self, name: str, *, default: str = "") -> str:
        """This will return the value without surrounding blanks; empty counts as not given."""
        self.asked.add(PREFIX + name)
        return self.values.get(PREFIX + name, "").strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        """This will return yes or no, and refuse anything that is neither."""
        given = self.text(name).lower()
        if not given:
            return default
        if given not in YES | NO:
            raise refusal(name, given, "use yes or no")
        return given in YES

    def address_with(self, name: str, place: str) -> str:
        """This will return a mail address that holds `place` once before its @, or nothing."""
        given = self.text(name)
        local, at, domain = given.partition("@")
        if given and (local.count(place) != 1 or not at or not domain or " " in given):
            raise refusal(name, given, f"use an address such as bounces+{place}@mail.example")
        return given

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        """This will return a whole number between `least` and `most`."""
        given = self.text(name) or str(default)
        if not given.isascii() or not given.isdigit() or not least <= int(given) <= most:
            raise refusal(name, given, f"use a whole number from {least} to {most}")
        return int(given)

    def choice(self, name: str, *, default: str, among: tuple[str, ...]) -> str:
        """This will return one of the words in `among`."""
        given = self.text(name, default=default).lower()
        if given not in among:
            raise refusal(name, given, "use one of: " + ", ".join(among))
        return given

    def words(self, name: str, *, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """This will return the comma-separated words, without empty ones."""
        given = tuple(word.strip() for word in self.text(name).split(",") if word.strip())
        return given or default

    def folder(self, name: str, *, default: Path) -> Path:
        """This will return an absolute folder path; `~` is the home of who runs this."""
        return Path(self.text(name, default=str(default))).expanduser().absolute()

    def origin(self, name: str, *, default: str) -> str:
        """This will return scheme and host (and port) of a web address, without a path."""
        given = self.text(name, default=default).rstrip("/")
        try:
            address = urlsplit(given)
            usable = address.port is None or address.port > 0
        except ValueError:
            usable = False
        if (
            not usable
            or address.scheme not in {"http", "https"}
            or not address.hostname
            or (address.path or address.query or address.fragment or address.username)
        ):
            raise refusal(name, given, "use something like https://feedback.example.com")
        return given

    def unknown(self) -> tuple[str, ...]:
        """This will name the `PARTNERLOOP_*` variables that nothing has asked for."""
        return tuple(sorted(k for k in self.values if k.startswith(PREFIX) and k not in self.asked))


def refusal(name: str, given: str, remedy: str) -> SettingRefused:
    """This will word the refusal of a value; the value itself is shown, so never a secret's."""
    return SettingRefused(f"{PREFIX}{name} is {given!r}: {remedy}.")
