"""The folders of the inbox: what is in them, and the list of the chosen one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from partnerloop.accounts.models import Membership
from partnerloop.actions.inbox import items
from partnerloop.actions.models import OPEN_STATES, FeedbackItem, State
from partnerloop.core import words
from partnerloop.partners.looking_after import stands_in_for
from partnerloop.release.comments import source
from partnerloop.web.components import InboxLine, Pager

A_PAGE = 25
NAMES = {"open": "Open", "overdue": "Overdue", **{state.value: state.label for state in State}}


@dataclass(frozen=True, slots=True)
class Wish:
    """Which folder, whose, and which words; what the address does not say is left open."""

    folder: str = "open"
    department: str = ""
    mine: str = ""
    partner: str = ""
    q: str = ""
    page: int = 1

    @property
    def address(self) -> str:
        """Return the query that leads here again."""
        told = {
            "state": self.folder if self.folder != "open" else "",
            "department": self.department,
            "mine": self.mine,
            "partner": self.partner,
            "q": self.q,
            "page": str(self.page) if self.page > 1 else "",
        }
        kept = {key: value for key, value in told.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder with how many items it holds."""

    name: str
    url: str
    count: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """The inbox as it is shown."""

    wish: Wish
    folders: Sequence[Folder]
    departments: Sequence[Folder]
    items: Sequence[FeedbackItem]
    lines: Sequence[InboxLine]
    found: int
    pager: Pager | None


def wish(query: Mapping[str, str]) -> Wish:
    """This will read an address; what it cannot read is left open."""
    folder, page = query.get("state", "open"), query.get("page", "")
    partner = query.get("partner", "")
    return Wish(
        folder=folder if folder in NAMES else "open",
        department=query.get("department", "")[:40],
        mine="1" if query.get("mine") else "",
        partner=partner if partner.isdecimal() and len(partner) < 12 else "",
        q=query.get("q", "").strip()[:100],
        page=max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1,
    )


def listed(member: Membership, wish: Wish, *, at: datetime, current: UUID | None = None) -> Inbox:
    """This will return the folders with their counts, and the list of the chosen one."""
    everything = items(member.program, by=member, at=at)
    found = _narrowed(everything, wish, by=member, at=at)
    count = found.count()
    last_page = max(1, -(-count // A_PAGE))
    wish = replace(wish, page=min(wish.page, last_page))
    first = (wish.page - 1) * A_PAGE
    slug = member.program.slug
    chosen = list(found[first : first + A_PAGE])
    shown = current or (chosen[0].pk if chosen else None)
    return Inbox(
        wish=wish,
        folders=_folders(everything, wish, at=at),
        departments=_departments(everything, wish),
        items=chosen,
        lines=[_line(item, wish, slug=slug, at=at, shown=shown) for item in chosen],
        found=count,
        pager=_pager(wish, count),
    )


def narrowed(member: Membership, wish: Wish, *, at: datetime) -> QuerySet[FeedbackItem]:
    """This will return all items that fit a wish, in order, whatever the page."""
    return _narrowed(items(member.program, by=member, at=at), wish, by=member, at=at)


def late_words(item: FeedbackItem, *, at: datetime) -> str:
    """This will say how late an open item is, or nothing."""
    if item.state not in OPEN_STATES or item.due_at >= at:
        return ""
    days = (at - item.due_at).days
    return f"{words.counted(days, 'day', 'days')} late" if days else "late today"


def _line(
    item: FeedbackItem, wish: Wish, *, slug: str, at: datetime, shown: UUID | None
) -> InboxLine:
    return InboxLine(
        status=item.state,
        words=item.comment.text,
        source=f"{source(item.comment)} · {item.department or 'not routed yet'}",
        when=_when(item, at=at),
        url=reverse("inbox-item", args=[slug, item.pk]) + wish.address,
        late=late_words(item, at=at),
        current=item.pk == shown,
    )


def _when(item: FeedbackItem, *, at: datetime) -> str:
    if item.state in OPEN_STATES:
        due = timezone.localtime(item.due_at).date()
        return f"due {words.day(due, seen=at.date())}"
    return words.week_of(item.comment.week, seen=at.date())


def _narrowed(
    everything: QuerySet[FeedbackItem], wish: Wish, *, by: Membership, at: datetime
) -> QuerySet[FeedbackItem]:
    found = everything
    if wish.folder in ("open", "overdue"):
        found = found.filter(state__in=OPEN_STATES)
    if wish.folder == "overdue":
        found = found.filter(due_at__lt=at)
    if wish.folder in State.values:
        found = found.filter(state=wish.folder).order_by("-comment__week", "pk")
    if wish.department:
        found = found.filter(department__key=wish.department)
    if wish.mine:
        found = found.filter(owner__in=[by.pk, *stands_in_for(by, on=at.date())])
    if wish.partner:
        found = found.filter(partner_id=int(wish.partner))
    if wish.q:
        found = found.filter(comment__text__icontains=wish.q)
    return found


def _folders(everything: QuerySet[FeedbackItem], wish: Wish, *, at: datetime) -> list[Folder]:
    rows = list(everything.order_by().values_list("state", "due_at"))
    counted = Counter(state for state, _ in rows)
    counted["open"] = sum(state in OPEN_STATES for state, _ in rows)
    counted["overdue"] = sum(state in OPEN_STATES and due < at for state, due in rows)
    return [
        Folder(
            name=name,
            url=Wish(folder=key).address or "?",
            count=counted[key],
            is_open=key == wish.folder and not wish.department,
        )
        for key, name in NAMES.items()
    ]


def _departments(everything: QuerySet[FeedbackItem], wish: Wish) -> list[Folder]:
    waiting = everything.filter(state__in=OPEN_STATES, department__isnull=False).order_by()
    counted = Counter(waiting.values_list("department__key", "department__name"))
    return [
        Folder(
            name=name,
            url=Wish(department=key).address,
            count=count,
            is_open=key == wish.department,
        )
        for (key, name), count in sorted(counted.items(), key=lambda pair: pair[0][1])
    ]


def _pager(wish: Wish, count: int) -> Pager | None:
    if count <= A_PAGE:
        return None
    first = (wish.page - 1) * A_PAGE
    last = min(first + A_PAGE, count)
    return Pager(
        label="Pages of the inbox",
        showing=f"{first + 1}–{last} of {count}",
        previous_url=replace(wish, page=wish.page - 1).address if wish.page > 1 else "",
        next_url=replace(wish, page=wish.page + 1).address if last < count else "",
    )
