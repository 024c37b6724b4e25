"""Cells that hold one of a few words, by whatever name a system has for them."""

from collections.abc import Callable, Mapping

from partnerloop.partners.importing.cells import Unclear, Ways


def one_of(known: Mapping[str, str]) -> Callable[[str, Ways], str]:
    """This will return a reader of one of these words; each has its names, with | between."""
    found = {name: word for word, names in known.items() for name in names.split("|")}

    def read(value: str, _: Ways) -> str:
        word = found.get(value.lower()) or found.get(value.lower().replace("_", " "))
        if word is None:
            raise Unclear(f"“{value}” is unknown. Use one of {', '.join(known)}.")
        return word

    return read
