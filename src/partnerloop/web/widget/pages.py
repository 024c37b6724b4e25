"""What the pages of the widget show: one frozen dataclass per template in templates/widget.

They work without cookies. Each page brings back the mark of its visit in a form field.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from partnerloop.web.components import Scale0to10
from partnerloop.web.respond.pages import FormError, Letterhead, OpenQuestion


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds every page: who asks, where forms go, which portals may be told the height."""

    letterhead: Letterhead
    action: str
    portals: str = ""
    mark: str = ""
    who: str = ""
    promise_url: str = ""
    is_preview: bool = False


@dataclass(frozen=True, slots=True)
class OpeningPage:
    """widget/opening.html: brings the token in."""

    around: Around


@dataclass(frozen=True, slots=True)
class HomePage:
    """widget/home.html: what one may do here."""

    around: Around
    told: str
    button: str


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """widget/questions.html: the questions of an ask, and who sees the answers."""

    around: Around
    ask: str
    promise: str
    questions: Sequence[Scale0to10]
    open_question: OpenQuestion | None = None
    changing: str = ""
    errors: Sequence[FormError] = ()


@dataclass(frozen=True, slots=True)
class LinePage:
    """widget/line.html: one line of text, on a score just given or of one's own accord."""

    around: Around
    step: str
    ask: str
    title: str
    told: str
    promise: str
    open_question: OpenQuestion
    errors: Sequence[FormError] = ()


@dataclass(frozen=True, slots=True)
class DonePage:
    """widget/done.html: it is stored, and where to look later."""

    around: Around
    title: str
    told: str
    receipt_url: str = ""


@dataclass(frozen=True, slots=True)
class SorryPage:
    """widget/sorry.html: why nothing is shown, and what helps."""

    around: Around
    title: str
    told: str
    why: str = ""
