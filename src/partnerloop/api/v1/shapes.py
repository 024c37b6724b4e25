"""The shapes of version 1. None of them holds an answer, or tells whether somebody answered."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from partnerloop.alerts.models import Alert, SignalLimit
from partnerloop.release.gate import Cell, Hidden


class FigureShape(Schema):
    """A released figure in points 0-10 with its 90 % range and what it rests on."""

    value: float
    low: float
    high: float
    basis: Literal["own", "inferred", "like"]
    people: str | None = Field(None, description='A band such as "5-9", never a count.')
    confidential: bool
    week: date | None = Field(None, description="The week of the newest confidential answers.")
    coverage: int | None = Field(None, description="Per cent of answers that the figure holds.")


class HiddenShape(Schema):
    """A figure that may not be shown, and why."""

    hidden: Literal["no_recent_answers", "too_few", "too_few_yet", "not_yours", "veiled"]
    because: str


class MetricShape(Schema):
    """Something that is measured: the key of its figures under `scores`, and what it means."""

    key: str
    name: str
    definition: str
    own: bool = Field(description="A metric of the program's own.")
    low: str = Field(description="What a low figure means; empty for those of every program.")
    high: str
    weight: float = Field(description="Its share of the PartnerScore, from 0 to 1.")


class ProgramShape(Schema):
    """The program of the key."""

    slug: str
    name: str
    vendor_name: str
    time_zone: str
    currency: str
    language: str
    metrics: list[MetricShape] = Field(description="Those in use, in order.")
    figures_are_earlier: bool = Field(
        description="The metrics were changed and figures are still being computed anew."
    )
    scores: dict[str, FigureShape | HiddenShape]


class ExternalIdShape(Schema):
    """The id that another system knows a row by."""

    source: str
    id: str


class PartnerShape(Schema):
    """A partner company with its released figures by measure."""

    id: int
    name: str
    parent_id: int | None
    joined_on: date
    segments: dict[str, list[str]]
    external_ids: list[ExternalIdShape]
    scores: dict[str, FigureShape | HiddenShape]


class PartnersShape(Schema):
    """Some of the partners."""

    partners: list[PartnerShape]
    next_cursor: str | None


class PlaceShape(Schema):
    """Where a contact works, and as what."""

    partner_id: int
    role: str


class ContactShape(Schema):
    """A person at a partner. Not: whether, when or what they answered."""

    id: int
    name: str
    email: str
    language: str
    works_at: list[PlaceShape]


class ContactsShape(Schema):
    """Some of the contacts."""

    contacts: list[ContactShape]
    next_cursor: str | None


class AskingShape(Schema):
    """Why a contact was asked by the last pulse, or was not, and what holds now."""

    contact_id: int
    last_pulse: str
    was_asked: bool
    because: str
    now: str = Field(description="Why they can't be asked today; empty where they can.")
    asked_in_a_year: int
    allowed_in_a_year: int
    last_asked_on: date | None


class FeedbackShape(Schema):
    """A released comment and what became of it; unnamed ones carry a segment instead of a name."""

    id: UUID
    state: str
    text: str
    measure: str
    week: date
    source: str
    named: bool
    partner_id: int | None
    department: str | None
    due_on: date


class FeedbackListShape(Schema):
    """Some of the feedback."""

    feedback: list[FeedbackShape]
    next_cursor: str | None


class AnswerShape(Schema):
    """What the person who wrote is to read."""

    # one database could not store a NUL, and nobody writes one
    text: str = Field(..., min_length=1, max_length=4000, pattern=r"^[^\x00]*$")


class AnsweredShape(Schema):
    """An answer that was given."""

    id: UUID
    feedback_id: UUID
    state: str
    answered_at: datetime


class CrossedShape(Schema):
    """A signal that crossed a set limit: a count or a measured value, so it has no range."""

    value: float = Field(description="What it was on the day it crossed.")
    count: SignalLimit.Count = Field(description="What of the signals of these days is counted.")
    days: int
    side: SignalLimit.Side
    limit: float


class AlertShape(Schema):
    """A change beyond chance with the figure as it is now; or a signal that crossed its limit."""

    id: UUID
    partner_id: int
    measure: str
    kind: Alert.Kind
    opened_on: date
    figure: FigureShape | HiddenShape | None = Field(None, description="None for a signal.")
    signal: CrossedShape | None = Field(None, description="Only for the kind `signal`.")


class AlertsShape(Schema):
    """Some of the alerts."""

    alerts: list[AlertShape]
    next_cursor: str | None


def cell_shape(cell: Cell) -> FigureShape | HiddenShape:
    """Return a cell of the gate as it is sent: one decimal, as on the pages."""
    if isinstance(cell, Hidden):
        return HiddenShape(hidden=cell.reason.value, because=cell.sentence)
    return FigureShape(
        value=round(cell.mean, 1),
        low=round(cell.low, 1),
        high=round(cell.high, 1),
        basis=cell.basis.value,
        people=cell.people or None,
        confidential=cell.confidential,
        week=cell.week,
        coverage=cell.coverage,
    )


def cell_shapes(cells: dict[str, Cell]) -> dict[str, FigureShape | HiddenShape]:
    """Return cells by measure."""
    return {measure: cell_shape(cell) for measure, cell in cells.items()}
