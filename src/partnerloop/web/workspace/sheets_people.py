"""The tables of people, keys and imports as files: the rows of the screen, and no secret."""

from collections.abc import Iterable, Sequence

from partnerloop.accounts.models import Membership
from partnerloop.integrations.models import ApiKey, WebhookEndpoint
from partnerloop.partners.models import Department
from partnerloop.web.exporting import Cell, Sheet
from partnerloop.web.workspace.importing_shown import PastRun


def of_members(lines: Sequence[tuple[Membership, int, str]], *, by: Membership) -> Sheet:
    """This will return members with role and partners; addresses for who runs the program."""
    columns = ["Name", "Role", "Leads", "Partners", "Since"]
    rows: list[list[Cell]] = [
        [one.user.name, one.get_role_display(), leads, partners, one.since]
        for one, partners, leads in lines
    ]
    if by.runs_program:
        columns.insert(1, "E-mail")
        for row, (one, _partners, _leads) in zip(rows, lines, strict=True):
            row.insert(1, one.user.email)
    return Sheet("members", "Members", columns, rows, len(rows))


def of_departments(departments: Iterable[Department]) -> Sheet:
    """This will return departments with their leads and what they can answer in a week."""
    rows = [
        (one.name, one.lead.user.name if one.lead else "", one.weekly_capacity)
        for one in departments
    ]
    return Sheet("departments", "Departments", ("Department", "Lead", "A week"), rows, len(rows))


def of_keys(keys: Sequence[tuple[ApiKey, str]]) -> Sheet:
    """This will return API keys with what they may do, never what they open with."""
    columns = ("For", "Starts with", "May", "Made by", "Made on", "Last used", "Ends", "State")
    rows = [
        (
            key.name,
            f"pl_{key.prefix}",
            ", ".join(key.scope_labels),
            key.created_by.user.name,
            key.created_at.date(),
            key.last_used_on,
            key.expires_at.date(),
            state,
        )
        for key, state in keys
    ]
    return Sheet("api-keys", "API keys", columns, rows, len(rows))


def of_webhooks(endpoints: Iterable[WebhookEndpoint]) -> Sheet:
    """This will return webhooks with what they are told, without their secrets."""
    rows = [
        (one.url, ", ".join(one.event_labels), "stopped" if one.disabled_at else "on",
         one.disabled_why)
        for one in endpoints
    ]  # fmt: skip
    return Sheet("webhooks", "Webhooks", ("Address", "Is told", "State", "Why"), rows, len(rows))


def of_imports(runs: Sequence[PastRun]) -> Sheet:
    """This will return past imports with their size and state."""
    columns = ("File", "Holds", "Rows", "When", "State", "Can be undone")
    rows = [
        (one.run.file_name, one.kind, one.run.rows, one.run.created_at, one.state,
         "yes" if one.may_undo else "no")
        for one in runs
    ]  # fmt: skip
    return Sheet("imports", "Imports", columns, rows, len(rows))
