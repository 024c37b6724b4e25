"""What stands around every page: who reads it, where they are, in which language and theme."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

from partnerloop.core.speaking import direction
from partnerloop.web.components import Banner, Who

Theme = Literal["", "light", "dark"]
"""The reader's choice; "" follows the system."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the navigation. `key` tells it is the current one."""

    key: str
    label: str
    url: str
    icon: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a workspace or portal page: templates read it as `shell`."""

    vendor: str
    reader: Who | None = None
    home_url: str = "/"
    places: Sequence[Place] = ()
    tools: Sequence[Place] = ()
    here: str = ""
    sign_out_url: str = ""
    theme: Theme = ""
    theme_url: str = ""
    language: str = "en"
    banner: Banner | None = None

    @property
    def direction(self) -> str:
        """Return ltr or rtl for the language."""
        return direction(self.language)

    @property
    def initial(self) -> str:
        """Return the letter that stands for the vendor."""
        return initial(self.vendor)

    def at(self, key: str) -> Self:
        """Return this frame with another page as the current one."""
        return replace(self, here=key)


def initial(name: str) -> str:
    """Return the first letter or digit of a name, as its sign."""
    return next((c for c in name if c.isalnum()), "?").upper()
