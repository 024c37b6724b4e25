"""All kinds of files: those of the ecosystem, and what partners sell, cost, aim at and do."""

from collections.abc import Mapping

from partnerloop.partners.importing import cells
from partnerloop.partners.importing.choosing import one_of
from partnerloop.partners.importing.columns import (
    CURRENCY,
    ECOSYSTEM,
    PARTNER,
    Column,
    Shape,
    id_column,
)
from partnerloop.partners.models import CostKind, ImportKind, Measure

DEAL_STAGES = {
    "registered": "registered|prospecting|qualification|appointmentscheduled"
    "|appointment scheduled|open|new",
    "qualified": "qualified|needs analysis|value proposition|id. decision makers"
    "|perception analysis|qualifiedtobuy|qualified to buy|presentationscheduled"
    "|presentation scheduled|decisionmakerboughtin|decision maker bought-in",
    "proposed": "proposed|proposal|proposal/price quote|negotiation/review|negotiation"
    "|contractsent|contract sent",
    "won": "won|closed won|closedwon",
    "lost": "lost|closed lost|closedlost",
}
AMOUNT = Column("amount", "Amount", cells.number, own="value|sum", hubspot="Amount")

SHAPES: Mapping[ImportKind, Shape] = {
    **ECOSYSTEM,
    ImportKind.CUSTOMERS: Shape(
        (
            id_column("customer id|external id", salesforce=""),
            Column("name", "Customer name", longest=200, own="customer|customer name|end customer"),
            *PARTNER,
        ),
        needs=[("name",), ("partner", "partner_id")],
    ),
    ImportKind.DEALS: Shape(
        (
            id_column("deal id|opportunity id|external id", salesforce="Opportunity ID"),
            Column(
                "name",
                "Deal",
                longest=200,
                own="deal|deal name|opportunity",
                salesforce="Opportunity Name",
                hubspot="Deal Name",
            ),
            *PARTNER,
            Column("customer", "End customer", longest=200, own="end customer|customer name"),
            Column(
                "stage",
                "Stage",
                one_of(DEAL_STAGES),
                own="deal stage|status",
                salesforce="StageName",
                hubspot="Deal Stage",
            ),
            Column(
                "share",
                "Sourced or influenced",
                one_of({"sourced": "sourced", "influenced": "influenced"}),
                own="contribution",
            ),
            AMOUNT,
            CURRENCY,
            Column(
                "registered_at",
                "Registered",
                cells.moment,
                longest=40,
                own="registered|registered on|registration date",
                salesforce="CreatedDate|Created Date",
                hubspot="Create Date",
            ),
            Column(
                "decided_at",
                "Registration decided",
                cells.moment,
                longest=40,
                own="approved|decided|registration decided",
            ),
            Column(
                "closed_on",
                "Closed",
                cells.day,
                longest=40,
                own="closed|close date",
                salesforce="CloseDate",
                hubspot="Close Date",
            ),
        ),
        needs=[("name",), ("partner", "partner_id"), ("stage",)],
    ),
    ImportKind.REVENUE: Shape(
        (
            *PARTNER,
            Column("month", "Month", cells.month, own="period|date"),
            Column("amount", "Amount", cells.number, own="revenue|value|sum"),
            CURRENCY,
        ),
        needs=[("partner", "partner_id"), ("month",), ("amount",)],
    ),
    ImportKind.COSTS: Shape(
        (
            *PARTNER,
            Column("month", "Month", cells.month, own="period|date"),
            Column(
                "cost",
                "Kind of cost",
                one_of({c.value: f"{c.value}|{c.label.lower()}" for c in CostKind}),
                own="kind|cost kind|category",
            ),
            Column("amount", "Amount", cells.number, own="cost amount|value|sum"),
            CURRENCY,
        ),
        needs=[("partner", "partner_id"), ("month",), ("cost",), ("amount",)],
    ),
    ImportKind.TARGETS: Shape(
        (
            *PARTNER,
            Column(
                "measure",
                "Metric or revenue",
                one_of({m.value: f"{m.value}|{m.label.lower()}" for m in Measure}),
                own="metric|target for",
            ),
            Column("value", "To reach", cells.number, own="target|amount|goal"),
            CURRENCY,
            Column("due_on", "By", cells.day, own="due|due date|by|target date"),
        ),
        needs=[("measure",), ("value",), ("due_on",)],
    ),
    ImportKind.SIGNALS: Shape(
        (
            *PARTNER,
            Column("signal", "Signal", longest=60, own="kind|event|signal kind"),
            Column("at", "When", cells.moment, longest=40, own="time|date|timestamp"),
            Column("value", "Value", cells.number, own="count|amount"),
        ),
        needs=[("partner", "partner_id"), ("signal",), ("at",)],
    ),
}
