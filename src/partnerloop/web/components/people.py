"""People, firms and what they say."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Who:
    """A person (round) or a firm (square); the name is always written out."""

    name: str
    note: str = ""
    url: str = ""
    kind: Literal["person", "firm"] = "person"

    @property
    def initials(self) -> str:
        """Return up to two letters for the round or square."""
        words = [w for w in self.name.split() if w[0].isalnum()]
        ends = words[:1] + words[1:][-1:] if self.kind == "person" else words[:2]
        return "".join(word[0] for word in ends).upper() or "?"


@dataclass(frozen=True, slots=True)
class Said:
    """What a partner wrote; the source is the smallest safe segment and week, or a name."""

    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread. Words of partners are set in serif."""

    author: str
    when: str
    words: str
    side: Literal["ours", "theirs"] = "ours"
    voice: Literal["vendor", "partner"] = "vendor"
    badge: str = ""


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A feedback item in the list."""

    status: str
    words: str
    source: str
    when: str
    url: str
    late: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a timeline."""

    what: str
    when: str = ""
    note: str = ""
    state: Literal["done", "now", "later"] = "done"
