"""Which portals may show the widget: an allow-list of origins, without wildcards."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.integrations.models import WidgetOrigin
from partnerloop.programs.models import Program

MOST = 20
HOST = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
LOCAL = ("localhost", "127.0.0.1")


class OriginRefused(ValueError):
    """This is no origin that could be allowed; the text says why."""


def origins_of(program: Program) -> list[str]:
    """Return the origins that may show a program's widget."""
    rows = WidgetOrigin.objects.of(program).order_by("origin")
    return list(rows.values_list("origin", flat=True))


@transaction.atomic
def allow(written: str, *, by: Membership, at: datetime) -> str:
    """This will let a portal show the widget; a second time changes nothing."""
    origin = origin_in(written)
    known = origins_of(by.program)
    if origin in known:
        return origin
    if len(known) >= MOST:
        raise OriginRefused(f"{MOST} portals are on the list; take one off first.")
    WidgetOrigin.objects.create(program_id=by.program_id, origin=origin, created_at=at)
    _note("widget.origin_allowed", by=by, at=at)
    return origin


@transaction.atomic
def forbid(origin: str, *, by: Membership, at: datetime) -> None:
    """This will take a portal off the list; what it shows now ends with the next page."""
    known = [one for one in origins_of(by.program) if one == origin]
    gone, _ = WidgetOrigin.objects.of(by.program).filter(origin__in=known).delete()
    if gone:
        _note("widget.origin_forbidden", by=by, at=at)


def origin_in(written: str) -> str:
    """Return the origin of an address: scheme, host and port, and nothing after them."""
    try:
        parts = urlsplit(written.strip().lower())
        port = parts.port
    except ValueError:
        raise OriginRefused("This is no web address.") from None
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not HOST.fullmatch(host) or len(written) > 200:
        raise OriginRefused("Write it like https://portal.example.com, without a wildcard.")
    if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        raise OriginRefused("Leave out everything after the host, such as a path.")
    if parts.scheme == "http" and host not in LOCAL:
        raise OriginRefused("It has to begin with https:// outside of one's own computer.")
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def _note(action: str, *, by: Membership, at: datetime) -> None:
    record_by(by, action, target=f"program:{by.program_id}", at=at)
