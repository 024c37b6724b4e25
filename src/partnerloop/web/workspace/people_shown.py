"""How people pages say a time elsewhere, and what the audit log calls things."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from partnerloop.partners.models import Contact


def local_time(contact: Contact, *, at: datetime) -> str:
    """This will say where a person's clock stands: "Dublin, 07:40 there"; nothing if unknown."""
    try:
        there = at.astimezone(ZoneInfo(contact.time_zone)) if contact.time_zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return ""
    if there is None:
        return ""
    city = contact.time_zone.rpartition("/")[2].replace("_", " ")
    return f"{city}, {there:%H:%M} there"
