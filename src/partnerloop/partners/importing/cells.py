"""Reading one cell: what a text means as an address, a day, an amount; or why it can't be read.

Text stays as it is written: a region "NA" is a region, "=SUM(A1)" is eight characters.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator, validate_email

from partnerloop.partners.models import ContactRole

Value = str | date | datetime | Decimal | tuple[str, ...]


class Unclear(ValueError):
    """A cell can't be read; the message says what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How a file writes what can be written in more than one way."""

    decimal: str = "."
    day_first: bool = True


def tidy(value: str) -> str:
    """This will return a text without line breaks and double spaces."""
    return " ".join(value.split())


def words(value: str, _: Ways) -> str:
    """This will read any text."""
    return value


# A part of what is valid: plain letters, one label or more, each of at most 63 characters.
PLAIN_ADDRESS = re.compile(
    r"[a-z0-9_]+(?:[.+_-][a-z0-9_]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.ASCII,
)


def email(value: str, _: Ways) -> str:
    """This will read an e-mail address."""
    address = value.lower().removeprefix("mailto:")
    if len(address) <= 254 and PLAIN_ADDRESS.fullmatch(address):
        return address  # nearly all; the whole rule takes five times as long
    try:
        validate_email(address)
    except ValidationError:
        raise Unclear(f"“{value}” is not a whole address: name@company.example.") from None
    return address


def domain(value: str, _: Ways) -> str:
    """This will read the domain that people write from, also out of a web address."""
    whole = value.lower().removeprefix("@")
    try:
        host = urlsplit(whole if "://" in whole else f"//{whole}").hostname or ""
    except ValueError:
        host = ""
    host = host.removeprefix("www.")
    try:
        DomainNameValidator()(host)
    except ValidationError:
        raise Unclear(f"“{value}” is not a domain: company.example.") from None
    return host


def number(value: str, ways: Ways) -> Decimal:
    """This will read a number with a decimal comma or point, and thousands marked or not."""
    shown = re.sub(r"[\s’'€$£¥]", "", value)
    if shown.startswith("(") and shown.endswith(")"):
        shown = f"-{shown[1:-1]}"
    mark, thousands = (",", r"\.") if ways.decimal == "," else (r"\.", ",")
    whole = rf"[+-]?(\d{{1,3}}({thousands}\d{{3}})+|\d+)({mark}\d*)?"
    if not shown.isascii() or not re.fullmatch(whole, shown) or len(shown) > 24:
        example = "1.234,50" if ways.decimal == "," else "1,234.50"
        raise Unclear(f"“{value}” is not a number written like {example}.")
    plain = re.sub(thousands, "", shown).replace(",", ".")
    found = Decimal(plain)
    if abs(found) >= Decimal(10) ** 14:
        raise Unclear(f"“{value}” is too large.")
    return found


def day(value: str, ways: Ways) -> date:
    """This will read a day: 2026-11-30, 30.11.2026, 30/11/2026 or 11/30/2026."""
    text = re.split(r"[T ]", value, maxsplit=1)[0]
    parts = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text, re.ASCII)
    if parts:
        year, month, on = parts.groups()
    else:
        parts = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", text, re.ASCII)
        if parts is None:
            raise Unclear(f"“{value}” is not a day: write it as 2026-11-30.")
        first, mark, second, year = parts.groups()
        day_leads = mark == "." or ways.day_first
        on, month = (first, second) if day_leads else (second, first)
    try:
        found = date(int(year), int(month), int(on))
    except ValueError:
        raise Unclear(f"“{value}” is no day of the calendar.") from None
    if not 1900 <= found.year <= 2200:
        raise Unclear(f"“{value}” lies outside 1900 to 2200.")
    return found


def month(value: str, ways: Ways) -> date:
    """This will read a month, 2026-11 or 11/2026 or any day of it, as its first day."""
    parts = re.fullmatch(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})", value, re.ASCII)
    if parts is None:
        return day(value, ways).replace(day=1)
    year, of_year = parts[1] or parts[4], parts[2] or parts[3]
    return day(f"{year}-{of_year}-1", ways)


def moment(value: str, ways: Ways) -> datetime:
    """This will read a day with or without a time; without a zone it is taken as UTC."""
    on = day(value, ways)
    clock = re.split(r"[T ]", value, maxsplit=1)[1:]
    if not clock:
        return datetime.combine(on, time(), UTC)
    try:
        at = time.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", clock[0].strip()))
        return datetime.combine(on, at, at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unclear(f"“{value}” is not a time: write it as 2026-11-30 14:05.") from None


def currency(value: str, _: Ways) -> str:
    """This will read the three letters of a currency."""
    code = {"€": "EUR", "$": "USD", "£": "GBP"}.get(value, value.upper())
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Unclear(f"“{value}” is not a currency: write three letters, such as EUR.")
    return code


def language(value: str, _: Ways) -> str:
    """This will read a language, by its code or its English name."""
    named = {name.lower(): code for code, name in settings.LANGUAGES}
    named |= {"german": "de", "french": "fr", "spanish": "es"}
    code = named.get(value.lower(), value)
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})?", code):
        raise Unclear(f"“{value}” is not a language: write its code, such as en or de.")
    return code.replace("_", "-")


def time_zone(value: str, _: Ways) -> str:
    """This will read a time zone by its name."""
    if value not in ZONES:
        raise Unclear(f"“{value}” is not a time zone: write it as Europe/Berlin.")
    return value


ZONES = frozenset(available_timezones())


def role(value: str, _: Ways) -> str:
    """This will read what a person works on."""
    known = {**{r.label.lower(): r.value for r in ContactRole}, "tech": "technical"}
    found = known.get(value.lower())
    if found is None:
        raise Unclear(f"“{value}” is unknown. Use one of {', '.join(ContactRole.values)}.")
    return found


TITLES = (
    ("sales", r"sales|account (exec|manager)|business develop|presales|vertrieb|vente|ventas"),
    ("marketing", r"market|brand|communicat|campaign"),
    ("technical", r"engineer|technic|technolog|develop|architect|support|\bit\b|software|\bcto\b"),
    ("executive", r"chief|\bc[eo]o\b|president|founder|owner|managing director|\bvp\b|geschäfts"),
    ("operations", r"operat|finance|account|admin|logist|purchas|\bcfo\b|\bhr\b|office"),
)


def title(value: str, _: Ways) -> str:
    """This will tell the role from a job title or department, or "" where it can't be told."""
    return next((role for role, like in TITLES if re.search(like, value.lower())), "")


def size(value: str, ways: Ways) -> str:
    """This will read a size; a head count becomes a band, so that it groups partners."""
    try:
        people = number(value, ways)
    except Unclear:
        return value
    bands = ((10, "1–9"), (50, "10–49"), (250, "50–249"), (1000, "250–999"))
    return next((band for limit, band in bands if people < limit), "1000+")


def tags(value: str, _: Ways) -> tuple[str, ...]:
    """This will read several words, with a comma or semicolon between them."""
    found = [tidy(part)[:100] for part in re.split(r"[,;|]", value)]
    return tuple(dict.fromkeys(part for part in found if part))
