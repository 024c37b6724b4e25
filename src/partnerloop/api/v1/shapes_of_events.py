"""The shapes of what is reported: events and signals, each naming its partner one way."""

from datetime import UTC
from typing import Annotated, Self

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, model_validator

from partnerloop.api.v1.shapes import ExternalIdShape

EARLIEST, LATEST = 2000, 2100  # years that a date can mean
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


def _plausible(moment: AwareDatetime) -> AwareDatetime:
    if not EARLIEST <= moment.year <= LATEST:
        raise ValueError(f"must lie between {EARLIEST} and {LATEST}")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]


class PartnerNamed(Schema):
    """Which partner it is about: by number, or by the id of another system."""

    partner_id: Number | None = None
    partner: ExternalIdShape | None = Field(None, description="The id another system knows it by.")

    @model_validator(mode="after")
    def one_of_them(self) -> Self:
        """Name the partner exactly once."""
        if (self.partner_id is None) == (self.partner is None):
            raise ValueError("name the partner by partner_id or by partner, not both")
        return self


class EventShape(PartnerNamed):
    """Something that happened at a partner."""

    kind: str = Field(
        pattern=r"^[a-z][a-z0-9_-]{1,39}$",
        description="onboarded, deal_won, ticket_closed, ... or a name of your own.",
    )
    contact_email: str = Field("", max_length=254, description="Whose work it was, if anybody's.")
    at: Moment | None = Field(None, description="When it happened; now, where nothing is said.")


class KeptEventShape(Schema):
    """An event as it is kept."""

    id: int
    kind: str
    partner_id: int
    at: AwareDatetime
    asks: int = Field(description="How many asks wait because of it, or came of it.")


class SignalShape(PartnerNamed):
    """Something a partner did, or that happened to it, with a figure."""

    kind: str = Field(
        min_length=1, max_length=60, description="portal_login, registration_hours, ticket, ..."
    )
    at: Moment
    value: float = Field(1, ge=-1e12, le=1e12, allow_inf_nan=False)


class SignalsShape(Schema):
    """Some signals."""

    signals: list[SignalShape] = Field(min_length=1, max_length=1000)


class KeptSignalsShape(Schema):
    """How many signals are kept; one that came before only changed its figure."""

    kept: int
