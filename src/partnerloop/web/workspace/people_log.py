"""The audit log: who changed which field of what, when and by which door; filtered, as CSV."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.core.clock import start_of
from partnerloop.core.models import AuditEntry
from partnerloop.web import exporting
from partnerloop.web.access import for_runners
from partnerloop.web.exporting import Sheet
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.people_contacts import pager
from partnerloop.web.workspace.people_log_words import called, door

A_PAGE = 100
COLUMNS = ("When", "Who", "Did", "What", "Fields", "From")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is read."""

    at: datetime
    who: str
    did: str
    what: str
    fields: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What the log is narrowed to; what an address says wrongly is left open."""

    who: str = ""
    did: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def kept(self) -> dict[str, str]:
        """Return what leads here again."""
        told = {"who": self.who, "did": self.did, "since": self.since, "until": self.until}
        return {key: str(value) for key, value in told.items() if value}


@require_safe
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """This will list what was changed, the newest first."""
    wish = _wish(request)
    everything = AuditEntry.objects.filter(program_id=member.program_id)
    found = _narrowed(everything, wish)
    if to := exporting.wanted(request):
        return exporting.exported(request, member, _sheet(found, member), to=to, at=clock.now())
    sheet = Paginator(found, A_PAGE).get_page(request.GET.get("page", "1"))
    kinds = everything.order_by("action").values_list("action", flat=True).distinct()
    shown = {
        "sheet": sheet,
        "lines": _lines(sheet.object_list, member),
        "pager": pager(sheet, label="Pages of the log", kept=wish.kept),
        "wish": wish,
        "kinds": [(kind, called(kind)) for kind in kinds],
        "people": _names(member),
    }
    return page(request, member, "workspace/people/log.html", shown, here="members")


def _sheet(rows: QuerySet[AuditEntry], member: Membership) -> Sheet:
    lines = _lines(rows, member)
    return Sheet(
        key="log",
        title="Log",
        columns=COLUMNS,
        rows=(
            (one.at, one.who, one.did, one.what, ", ".join(one.fields), one.origin) for one in lines
        ),
        count=len(lines),
    )


def _wish(request: HttpRequest) -> Wish:
    who = request.GET.get("who", "")
    return Wish(
        who=who if len(who) < 60 else "",
        did=request.GET.get("did", "")[:60],
        since=_day(request.GET.get("since", "")),
        until=_day(request.GET.get("until", "")),
    )


def _day(given: str) -> date | None:
    try:
        return parse_date(given)
    except ValueError:
        return None


def _narrowed(rows: QuerySet[AuditEntry], wish: Wish) -> QuerySet[AuditEntry]:
    if wish.who:
        rows = rows.filter(actor=wish.who)
    if wish.did:
        rows = rows.filter(action=wish.did)
    if wish.since:
        rows = rows.filter(at__gte=start_of(wish.since))
    if wish.until:
        rows = rows.filter(at__date__lte=wish.until)
    return rows.order_by("-at", "pk")


def _lines(rows: Iterable[Any], member: Membership) -> list[Line]:
    names = _names(member)
    return [
        Line(
            at=timezone.localtime(row.at),
            who=names.get(row.actor, "somebody who is gone"),
            did=called(row.action),
            what=row.target.replace(":", " "),
            fields=tuple(str(field).replace("_", " ") for field in row.fields),
            origin=row.origin or door(row.actor),
        )
        for row in rows
    ]


def _names(member: Membership) -> dict[str, str]:
    """Return who may stand in the log, by what the log calls them."""
    rows = Membership.objects.of(member.program_id).order_by("user__name")
    people = {f"user:{pk}": name for pk, name in rows.values_list("user_id", "user__name")}
    return {**people, "contact": "a contact", "system": "the program itself"}
