"""What the respondent pages show: one frozen dataclass per template in templates/respond.

These pages work without scripts, set no cookie and store nothing when they are opened. Every
sentence about who may see what is passed in: it must be true for this person on this day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from partnerloop.core.speaking import direction
from partnerloop.web.components import Choices, Entry, Message, Pills, Said, Scale0to10
from partnerloop.web.shell import initial


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who asks whom, on top of every respondent page."""

    vendor: str
    about: str = ""
    language: str = "en"

    @property
    def direction(self) -> str:
        """Return the writing direction."""
        return direction(self.language)

    @property
    def initial(self) -> str:
        """Return the letter that stands for the vendor."""
        return initial(self.vendor)


@dataclass(frozen=True, slots=True)
class Links:
    """Ways out that every respondent page offers; an empty one is left out."""

    tell_us_now: str = ""
    promise: str = ""
    not_you: str = ""
    less_often: str = ""
    stop: str = ""
    privacy: str = ""


@dataclass(frozen=True, slots=True)
class FormError:
    """What is wrong and how to put it right; `field` is the id of what it is about."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One open line; a caution tells that words can give a person away."""

    name: str
    question: str
    words: str = ""
    error: str = ""
    hint: str = ""
    language: str = ""  # where it is not that of the page
    # Shown when the words would point at the writer: by the server once, by a script while typing.
    caution: str = ""
    cautions: bool = False
    watched: str = ""


@dataclass(frozen=True, slots=True)
class OnlyMode:
    """The one mode on offer: its promise is told and nothing needs to be chosen."""

    name: str
    value: str
    promise: str


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """respond/answer.html: the questions of an invitation. `changing` tells of an earlier answer.
    `drawn` is the signed moment at which it was drawn; a question may be drawn already.

    Fields posted: one per question (its name; "0" to "10" or "none" for can't judge), the open
    question's name, and the name of the modes.
    """

    letterhead: Letterhead
    action: str
    questions: Sequence[Scale0to10 | str]
    open_question: OpenQuestion | None = None
    modes: Choices | OnlyMode | None = None
    answering_as: str = ""
    why: str = ""
    changing: str = ""
    drawn: str = ""
    errors: Sequence[FormError] = ()
    links: Links = field(default_factory=Links)
    line_follows: bool = False

    @property
    def title(self) -> str:
        """Return how much is asked: Three ratings and one line, under a minute."""
        ratings = len(self.questions)
        asked = ngettext("one rating", "{number} ratings", ratings).format(
            number=_count_word(ratings)
        )
        if self.open_question is None and not self.line_follows:
            told = gettext("{ratings}, under a minute").format(ratings=asked)
        elif not ratings:
            told = gettext("one line, under a minute")
        else:
            told = gettext("{ratings} and one line, under a minute").format(ratings=asked)
        return told[:1].upper() + told[1:]

    @property
    def offers_a_choice(self) -> bool:
        """Return whether there is more than one mode to choose from."""
        return isinstance(self.modes, Choices)


@dataclass(frozen=True, slots=True)
class DoneForYou:
    """You said, we did: what partners said, what became of it, and its state."""

    said: Said
    state: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ThanksPage:
    """respond/thanks.html: the answers are in, and the private receipt."""

    letterhead: Letterhead
    counts_as: str
    receipt_url: str
    next_steps: Sequence[Entry] = ()
    done: Sequence[DoneForYou] = ()
    next_question: str = ""
    links: Links = field(default_factory=Links)


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """One thing said and what became of it. `check` asks "better now?" once it is done."""

    said: Said
    state: str
    with_whom: str = ""
    entries: Sequence[Entry] = ()
    messages: Sequence[Message] = ()
    check: Pills | None = None
    check_url: str = ""
    reply_url: str = ""
    reply_field: str = "reply"
    reply_hint: str = ""
    reply_error: str = ""
    sign_url: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """One rating as the person gave it."""

    question: str
    value: str


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """respond/receipt.html: what became of what I said, without login."""

    letterhead: Letterhead
    items: Sequence[ReceiptItem] = ()
    ratings: Sequence[Given] = ()
    ratings_basis: str = ""
    privacy_line: str = ""
    notice: str = ""
    change_url: str = ""
    no_contact_url: str = ""
    erase_url: str = ""
    anonymous_url: str = ""
    links: Links = field(default_factory=Links)


@dataclass(frozen=True, slots=True)
class NoticePage:
    """respond/notice.html: a page that says one thing, such as that a link has expired."""

    letterhead: Letterhead
    title: str
    text: str
    url: str = ""
    action: str = ""
    links: Links = field(default_factory=Links)


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """respond/confirm.html: a button that does what its words say; opening it does nothing.

    Serves "stop asking me", "not you?" and "erase what I said". `choices` narrows what is meant.
    """

    letterhead: Letterhead
    title: str
    text: str
    action: str
    button: str
    back_url: str = ""
    back: str = ""
    choices: Choices | None = None
    links: Links = field(default_factory=Links)
    # What was filled in before, posted again; and what only the button itself brings along.
    hidden: Sequence[tuple[str, str]] = ()
    button_value: str = ""


@dataclass(frozen=True, slots=True)
class TellUsNowPage:
    """respond/tell_us_now.html: something that can't wait, in the person's own words."""

    letterhead: Letterhead
    action: str
    promise: str
    field_name: str = "words"
    words: str = ""
    error: str = ""
    modes: Choices | OnlyMode | None = None
    links: Links = field(default_factory=Links)
    # Drawn with the page and signed, so that a second press says nothing twice.
    number: str = ""

    @property
    def offers_a_choice(self) -> bool:
        """Return whether there is more than one mode to choose from."""
        return isinstance(self.modes, Choices)


@dataclass(frozen=True, slots=True)
class PromisedMode:
    """A mode the program offers, with the sentence it is held to and what remains possible."""

    label: str
    promise: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class PromisePage:
    """respond/promise.html: what is promised and what can't be. List only what holds today."""

    letterhead: Letterhead
    modes: Sequence[PromisedMode]
    promises: Sequence[str]
    limits: Sequence[str]
    attack: str = ""
    rights: str = ""
    contact: str = ""
    links: Links = field(default_factory=Links)


def _count_word(number: int) -> str:
    """Return a small number as a word, the larger ones as figures."""
    return gettext(NUMBERS[number - 1]) if 0 < number <= len(NUMBERS) else str(number)


NUMBERS = (_("one"), _("two"), _("three"), _("four"), _("five"))
