"""What each mail says: one frozen dataclass per letter, filled by whoever writes the Message."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from partnerloop.core.speaking import direction

STEPS = tuple(range(11))


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the vendor's name, its postal address, and the language of the letter."""

    vendor: str
    address: str = ""
    language: str = "en"
    direction: str = "ltr"

    @property
    def initial(self) -> str:
        """Return the letter that stands for the vendor."""
        return next((c for c in self.vendor if c.isalnum()), "?").upper()

    @property
    def far_side(self) -> str:
        """Return where a line ends, as mail programs know it."""
        return "left" if self.direction == "rtl" else "right"


@dataclass(frozen=True, slots=True)
class FirstQuestion:
    """The question that can be answered with one tap; without ends it is an open one."""

    text: str
    low: str = ""
    high: str = ""
    language: str = "en"

    @property
    def is_rated(self) -> bool:
        """Return whether the row from 0 to 10 is shown."""
        return bool(self.low or self.high)

    @property
    def direction(self) -> str:
        """Return the writing direction of the question."""
        return direction(self.language)

    @property
    def far_side(self) -> str:
        """Return where its lines end, as mail programs know it."""
        return "left" if self.direction == "rtl" else "right"


@dataclass(frozen=True, slots=True)
class Told:
    """Last time you said: what partners said and what became of it."""

    said: str
    outcome: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class FootLinks:
    """Ways out below every letter; an empty one is left out."""

    tell_us_now: str = ""
    less_often: str = ""
    stop: str = ""
    privacy: str = ""


@dataclass(frozen=True, slots=True)
class InvitationMail:
    """A few questions. The number tapped is only carried along: nothing counts before Send."""

    sender: Sender
    question: FirstQuestion
    answer_url: str
    rest: str
    name: str = ""
    modes: str = ""
    why: str = ""
    told: Told | None = None
    reminder: str = ""
    links: FootLinks = field(default_factory=FootLinks)

    @property
    def trap(self) -> str:
        """Return the address that no person sees: whoever opens it opens every link."""
        return f"{self.answer_url}/all"

    @property
    def taps(self) -> list[tuple[int, str]]:
        """Return each value with the address that opens the page with it filled in."""
        joint = "&" if urlsplit(self.answer_url).query else "?"
        return [(step, f"{self.answer_url}{joint}q={step}") for step in STEPS]


@dataclass(frozen=True, slots=True)
class ReceiptMail:
    """The private receipt, sent only to those who asked for it."""

    sender: Sender
    receipt_url: str
    name: str = ""
    links: FootLinks = field(default_factory=FootLinks)


@dataclass(frozen=True, slots=True)
class ReplyNotice:
    """There is an answer to what someone said. The words stay on the page, not in the mail."""

    sender: Sender
    url: str
    author: str
    name: str = ""
    words: str = ""
    links: FootLinks = field(default_factory=FootLinks)


@dataclass(frozen=True, slots=True)
class RecordedNotice:
    """A member wrote down what a person said in a talk; the person may look at it and change it."""

    sender: Sender
    url: str
    author: str
    name: str = ""
    links: FootLinks = field(default_factory=FootLinks)


@dataclass(frozen=True, slots=True)
class OwnLinkMail:
    """The questions of a link that hangs somewhere, for the person who asked for them."""

    sender: Sender
    url: str
    name: str = ""
    links: FootLinks = field(default_factory=FootLinks)


@dataclass(frozen=True, slots=True)
class SignInMail:
    """A sign-in link that works once."""

    sender: Sender
    url: str
    minutes: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class MembershipMail:
    """An invitation to become a member of a program."""

    sender: Sender
    url: str
    program: str
    role: str
    valid_until: str
    inviter: str = ""


@dataclass(frozen=True, slots=True)
class PortalMail:
    """A link to a partner's own pages."""

    sender: Sender
    url: str
    partner: str
    valid_until: str
    name: str = ""
    links: FootLinks = field(default_factory=FootLinks)


@dataclass(frozen=True, slots=True)
class NoticeMail:
    """Something that a member should know: a title, a few sentences, where to look at it."""

    sender: Sender
    title: str
    sentences: tuple[str, ...]
    url: str
    action: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class TestMail:
    """Proof that a program's mail settings work."""

    sender: Sender
    program: str
    server: str
    url: str
