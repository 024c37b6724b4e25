"""What each kind of file can hold: its columns, how they are read, what other systems call them.

docs/reference/import-columns.md shows the same tables; a test compares them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from partnerloop.partners.importing import cells
from partnerloop.partners.importing.cells import Value, Ways
from partnerloop.partners.importing.choosing import one_of
from partnerloop.partners.models import ImportKind

Reads = Callable[[str, Ways], Value]


@dataclass(frozen=True, slots=True)
class Column:
    """One thing a file can say about its rows."""

    key: str
    label: str
    reads: Reads = cells.words
    longest: int = 100
    own: str = ""  # names, with | between them; the key itself always counts
    salesforce: str = ""
    hubspot: str = ""

    def names(self, system: str) -> tuple[str, ...]:
        """Return what a system calls this column."""
        called = {"salesforce": self.salesforce, "hubspot": self.hubspot}.get(system, self.own)
        own = (self.key,) if system == "own" else ()
        return (*own, *(name for name in called.split("|") if name))


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of file looks like. `needs` are groups of which each must have one column."""

    columns: Sequence[Column]
    needs: Sequence[tuple[str, ...]]

    def column(self, key: str) -> Column:
        """Return a column by its key."""
        return next(column for column in self.columns if column.key == key)


STAGES = "Strategize Recruit Onboard Enable Market Sell Incentivize Accelerate".split()
MEMBER_ROLES = {
    "chief": "chief|channel chief",
    "manager": "manager|partner manager",
    "lead": "lead|department lead",
    "executive": "executive",
}


def id_column(own: str, *, salesforce: str, hubspot: str = "Record ID|hs_object_id") -> Column:
    """This will return the column for the ids that another system gave."""
    """This will return the column with the ids that another system gave."""
    return Column(
        "id", "Id in that system", longest=200, own=own, salesforce=salesforce, hubspot=hubspot
    )


SEGMENTS = (
    Column("type", "Type", own="partner type", salesforce="Account Type", hubspot="Type"),
    Column("tier", "Tier", own="level|partner level|partner tier", salesforce="Tier__c"),
    Column("region", "Region", own="sales region|theater", salesforce="Region__c"),
    Column(
        "country",
        "Country",
        own="country code",
        salesforce="BillingCountry|Billing Country",
        hubspot="Country/Region",
    ),
    Column(
        "size",
        "Size",
        cells.size,
        own="employees",
        salesforce="NumberOfEmployees",
        hubspot="Number of Employees",
    ),
    Column(
        "stage", "Lifecycle stage", one_of({s: s.lower() for s in STAGES}), own="lifecycle stage"
    ),
    Column("tags", "Tags", cells.tags, longest=1000),
)
ABOUT_PARTNER = (
    Column(
        "domain",
        "Mail domain",
        cells.domain,
        longest=2000,
        own="mail domain|website",
        salesforce="Website",
        hubspot="Company Domain Name|Website URL",
    ),
    *SEGMENTS,
    Column(
        "manager",
        "Partner manager",
        longest=254,
        own="partner manager|account manager|pam",
        salesforce="Account Owner|Owner Email",
        hubspot="Company owner",
    ),
)
PARTNER = (
    Column(
        "partner",
        "Partner name",
        longest=200,
        own="partner name|company|company name|account|account name",
        salesforce="Account Name|Partner Account",
        hubspot="Associated Company|Primary Associated Company|Company Name",
    ),
    Column(
        "partner_id",
        "Partner's id in that system",
        longest=200,
        own="partner id|account id|company id",
        salesforce="AccountId|Account ID|PartnerAccountId",
        hubspot="Associated Company IDs|Primary Associated Company ID|Company ID - Associated",
    ),
)
LANGUAGE = Column(
    "language", "Language", cells.language, longest=12, own="lang", hubspot="Preferred language"
)
ZONE = Column(
    "time_zone", "Time zone", cells.time_zone, longest=64, own="timezone", hubspot="Time Zone"
)
CURRENCY = Column(
    "currency",
    "Currency",
    cells.currency,
    own="iso currency",
    salesforce="CurrencyIsoCode|Amount Currency",
    hubspot="Currency",
)
EMAIL = Column(
    "email", "E-mail", cells.email, longest=254, own="e-mail|mail|e-mail address|contact mail",
    salesforce="Email Address", hubspot="Email",
)  # fmt: skip
ECOSYSTEM: Mapping[ImportKind, Shape] = {
    ImportKind.PARTNERS: Shape(
        (
            id_column("partner id|external id", salesforce="Account ID"),
            Column(
                "name",
                "Partner name",
                longest=200,
                own="partner|partner name|company|company name|account|account name",
                salesforce="Account Name",
                hubspot="Company name",
            ),
            Column(
                "parent",
                "Parent partner",
                longest=200,
                own="parent partner|parent company",
                salesforce="Parent Account",
                hubspot="Parent Company",
            ),
            Column(
                "parent_id",
                "Parent's id in that system",
                longest=200,
                own="parent id",
                salesforce="ParentId|Parent Account ID",
                hubspot="Parent Company ID",
            ),
            *ABOUT_PARTNER,
            LANGUAGE,
            ZONE,
            CURRENCY,
            Column("joined_on", "Partner since", cells.day, own="joined|partner since|start date"),
            Column("ended_on", "Ended on", cells.day, own="ended|end date"),
            Column("ended_reason", "Why it ended", longest=200, own="end reason"),
        ),
        needs=[("name",)],
    ),
    ImportKind.CONTACTS: Shape(
        (
            id_column("contact id|external id", salesforce="Contact ID"),
            Column(
                "name",
                "Name",
                longest=200,
                own="contact|contact name|contact person|full name|person",
            ),
            Column(
                "first_name",
                "First name",
                own="first name|given name",
                salesforce="FirstName",
                hubspot="First Name",
            ),
            Column(
                "last_name",
                "Last name",
                own="last name|surname|family name",
                salesforce="LastName",
                hubspot="Last Name",
            ),
            EMAIL,
            Column("role", "Role", cells.role, own="function", salesforce="Role__c"),
            Column(
                "title",
                "Job title (tells the role)",
                cells.title,
                longest=200,
                own="job title|position",
                salesforce="Department",
                hubspot="Job Title",
            ),
            LANGUAGE,
            ZONE,
            *PARTNER,
            *ABOUT_PARTNER,
        ),
        needs=[("email",), ("partner", "partner_id")],
    ),
    ImportKind.MEMBERS: Shape(
        (
            EMAIL,
            Column(
                "name", "Name", longest=120, own="member|full name|user", salesforce="Full Name"
            ),
            Column("role", "Role", one_of(MEMBER_ROLES), own="member role", hubspot="User role"),
        ),
        needs=[("email",), ("name",), ("role",)],
    ),
}
