"""The ecosystem: companies, people, departments, money, and the ids others know them by."""

from partnerloop.partners.models.aims import Measure, Signal, Target
from partnerloop.partners.models.departments import Department
from partnerloop.partners.models.events import EventKind, LifecycleEvent, event_label
from partnerloop.partners.models.external import ExternalId
from partnerloop.partners.models.importing import (
    ImportedChange,
    ImportKind,
    ImportRun,
    ImportState,
    ImportTemplate,
)
from partnerloop.partners.models.lawful import LawfulBasis
from partnerloop.partners.models.looking_after import Cover, HandOver
from partnerloop.partners.models.merging import Merge
from partnerloop.partners.models.money import Cost, CostKind, Deal, ExchangeRate, Revenue
from partnerloop.partners.models.objectives import Need, Objective
from partnerloop.partners.models.partner import (
    MailDomain,
    Partner,
    PartnerAssignment,
    SegmentAttribute,
    SegmentKey,
)
from partnerloop.partners.models.people import Affiliation, Contact, ContactRole, Customer
from partnerloop.partners.models.segments import Segment
from partnerloop.partners.models.wishes import Pace, Topic, TopicStop

__all__ = [
    "Affiliation",
    "Contact",
    "ContactRole",
    "Cost",
    "CostKind",
    "Cover",
    "Customer",
    "Deal",
    "Department",
    "EventKind",
    "ExchangeRate",
    "ExternalId",
    "HandOver",
    "ImportKind",
    "ImportRun",
    "ImportState",
    "ImportTemplate",
    "ImportedChange",
    "LawfulBasis",
    "LifecycleEvent",
    "MailDomain",
    "Measure",
    "Merge",
    "Need",
    "Objective",
    "Pace",
    "Partner",
    "PartnerAssignment",
    "Revenue",
    "Segment",
    "SegmentAttribute",
    "SegmentKey",
    "Signal",
    "Target",
    "Topic",
    "TopicStop",
    "event_label",
]
