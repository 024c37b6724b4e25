"""The shapes of asking one person and of answering by name."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(min_length=1, max_length=2000, pattern=NO_NUL)]
QuestionKey = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[-a-zA-Z0-9_]+$")]
Value = Annotated[int, Field(strict=True, ge=0, le=10)] | Literal["cannot_judge"]
SmallId = Annotated[int, Field(strict=True, ge=1, le=2**62)]


class PersonShape(Schema):
    """A contact, by exactly one of: our id, the id of another system, the mail address."""

    contact_id: SmallId | None = None
    source: str = Field("", max_length=40, pattern=NO_NUL)
    external_id: str = Field("", max_length=200, pattern=NO_NUL)
    email: str = Field("", max_length=254, pattern=NO_NUL)
    partner_id: SmallId | None = Field(
        None, description="Needed only of people who work at several partners."
    )


class AskRequestShape(Schema):
    """Whom to ask, and how the questions reach them."""

    person: PersonShape
    way: Literal["mail", "portal"] = Field(
        "mail",
        description="mail: a mail goes out. portal: it waits in the widget, or in a form of yours.",
    )
    questions: list[QuestionKey] = Field(
        default_factory=list, max_length=2, description="Keys of the bank that come first."
    )


class QuestionShape(Schema):
    """A question as the person reads it; both ends of a rating have a label."""

    key: str
    kind: Literal["rated", "open"]
    text: str
    low: str
    high: str
    follows: str = Field(
        "", description="low or high: an open question for those who rate low (0 to 6), or high."
    )


class AskShape(Schema):
    """An ask that was made."""

    ask_id: UUID
    expires_at: datetime
    language: str
    promise: str = Field(description="Show it beside the questions: who sees the answer.")
    questions: list[QuestionShape]


class DecisionShape(Schema):
    """Whether the person is asked, and why or why not. Never whether they answered before."""

    decision: Literal["asked", "not_asked"]
    contact_id: int
    partner_id: int
    reason: str
    because: str
    possible_from: date | None
    ask: AskShape | None


class RatingShape(Schema):
    """One rating: the value as given, 0 to 10, or that the person can't judge."""

    question: QuestionKey
    value: Value


class CommentShape(Schema):
    """Words on one open question."""

    question: QuestionKey
    text: Text


class AnswersShape(Schema):
    """What one person said: to an ask in the portal, or of their own accord."""

    ask_id: UUID | None = None
    person: PersonShape | None = Field(None, description="Where there is no ask.")
    answers: list[RatingShape] = Field(default_factory=list, max_length=20)
    comments: list[CommentShape] = Field(default_factory=list, max_length=20)


class StoredShape(Schema):
    """Answers that were stored under the person's name."""

    ask_id: UUID
    contact_id: int
    partner_id: int
    mode: Literal["named"]
    changed: bool = Field(description="Whether they replace what was answered before.")
    receipt_url: str = Field(description="For the person: there they see what became of it.")
