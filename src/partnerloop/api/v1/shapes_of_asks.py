"""The shapes of asks that were made or wait, and of answering in words."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from partnerloop.planning.models import WaitingAsk


class MadeAskShape(Schema):
    """One ask of one person that the program made. Whether it was answered is nowhere in it."""

    ask_id: UUID
    pulse_id: int
    pulse: str
    contact_id: int
    partner_id: int
    role: str
    asked_at: datetime
    expires_at: datetime
    state: Literal["to_be_sent", "open", "over"] = Field(
        description="to_be_sent: its mail still waits. open: it may be answered, or changed."
    )
    questions: list[str] = Field(description="Keys of the bank, in their order.")
    reason: str
    because: str
    propensity: float | None = Field(
        description="The chance with which it was drawn; null where it was not drawn."
    )


class MadeAsksShape(Schema):
    """A part of the asks."""

    asks: list[MadeAskShape]
    next_cursor: str | None


class WaitingAskShape(Schema):
    """One ask that an event calls for, and what became of it so far."""

    id: int
    pulse_id: int
    pulse: str
    event: str
    contact_id: int
    partner_id: int
    due_on: date
    state: WaitingAsk.State
    held_up_by: str = Field(description="A reason; empty where nothing has held it up.")
    because: str
    ask_id: UUID | None = Field(description="The ask it became, maybe one of another pulse.")
    closed_on: date | None


class WaitingAsksShape(Schema):
    """A part of the asks that waited or still wait."""

    waiting: list[WaitingAskShape]
    next_cursor: str | None


class GroupShape(Schema):
    """One role, region, tier, type or language: who was asked, and how many answer, in words."""

    label: str
    people: int
    mails_sent: int
    unreachable: int
    answering: str


class ResponseShape(Schema):
    """The asks of thirteen weeks, up to the week before the last full one."""

    groups: dict[str, list[GroupShape]]
    silent_companies: str = Field(description="A band: of five people asked or more, few answer.")
