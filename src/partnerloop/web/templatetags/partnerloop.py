"""Tags and filters of the design system; docs/reference/components.md shows their use."""

from datetime import date

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partnerloop.core import words
from partnerloop.core.money import Money
from partnerloop.core.words import Figure, Verdict
from partnerloop.web import charts, icons
from partnerloop.web.components import Hidden, Move, Who

register = template.Library()

STATES = {
    "received": ("circle", _("Received")),
    "routed": ("arrow", _("Routed")),
    "answered": ("tick", _("Answered")),
    "planned": ("flag", _("Planned")),
    "done": ("twice", _("Done")),
    "declined": ("cross", _("Declined, with reason")),
    "merged": ("merge", _("Merged")),
}

register.simple_tag(icons.icon)
register.simple_tag(icons.brand)
register.simple_tag(charts.ivl)
register.simple_tag(charts.gap)
register.simple_tag(charts.effect)
register.simple_tag(charts.trend)
register.simple_tag(charts.spark)
register.simple_tag(charts.bar)
register.simple_tag(charts.load, name="capacity")
register.simple_tag(charts.axis)


@register.simple_tag
def status_chip(state: str) -> SafeString:
    """Return one of the seven states of a feedback item: own shape and word each."""
    shape, word = STATES[str(state)]
    return format_html('<span class="chip {}">{}{}</span>', str(state), icons.icon(shape), word)


@register.simple_tag
def late_chip(text: str, shape: str = "clock") -> SafeString:
    """Return what is late or stuck, in words."""
    return format_html('<span class="chip late">{}{}</span>', icons.icon(shape), text)


@register.simple_tag
def tag(text: str) -> SafeString:
    """Return a segment or label of a partner."""
    return format_html('<span class="chip line tag">{}</span>', text)


@register.simple_tag
def verdict(of: Figure | Verdict, short: str = "") -> SafeString:
    """Return a score in words, decided by its range; `short="short"` for narrow places."""
    said = of.verdict if isinstance(of, Figure) else of
    return format_html(
        '<span class="chip {}">{}</span>', said.tone, said.short if short else said.word
    )


@register.simple_tag
def move(of: Move | None) -> SafeString:
    """Return a change with arrow, word and number; nothing for None."""
    if of is None:
        return SafeString("")
    arrow = icons.arrow(of.direction)
    return format_html('<span class="move {}">{}{}</span>', of.direction, arrow, of.word)


@register.simple_tag
def who(of: Who) -> SafeString:
    """Return a person or firm with initials, name and note."""
    inner = format_html(
        '<span class="av" aria-hidden="true">{}</span><span>{}{}</span>',
        of.initials,
        of.name,
        format_html(" <small>{}</small>", of.note) if of.note else "",
    )
    classes = "who firm" if of.kind == "firm" else "who"
    if of.url:
        return format_html('<a class="{}" href="{}">{}</a>', classes, of.url, inner)
    return format_html('<span class="{}">{}</span>', classes, inner)


@register.inclusion_tag("components/_hidden.html")
def hidden(of: Hidden, block: str = "") -> dict[str, object]:
    """Return why a figure is not shown: a button with a popover, or a block (`block="block"`)."""
    return {"hidden": of, "block": block}


@register.inclusion_tag("components/_bound_field.html")
def bound_field(bound: BoundField) -> dict[str, object]:
    """Return a field of a Django form with label, hint and error in our markup."""
    css = {"select": "select", "checkbox": "tickbox"}.get(bound.widget_type, "input")
    described = [f"{bound.auto_id}_hint"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    attrs: dict[str, str | bool] = {"class": css}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {"field": bound, "control": bound.as_widget(attrs=attrs)}


register.filter("one_decimal", words.one_decimal)
register.filter("signed", words.signed)
register.filter("count", words.count)
register.filter("count_word", words.count_word)
register.filter("percent", words.percent)
register.filter("long_day", words.long_day)


@register.filter
def money(amount: Money | None) -> str:
    """Return an amount short: €84k; None is unknown."""
    return words.money(amount)


@register.filter
def day(on: date, seen: date | None = None) -> str:
    """Return a day; `|day:today` leaves out the reader's own year."""
    return words.day(on, seen=seen)


@register.filter
def week_of(on: date, seen: date | None = None) -> str:
    """Return the week a day lies in, by its Monday."""
    return words.week_of(on, seen=seen)


@register.inclusion_tag("components/_exports.html", takes_context=True)
def exports(context: dict[str, HttpRequest], table: str = "") -> dict[str, str]:
    """Return the links to the table of this page as files, with the filters as they are set."""
    query = context["request"].GET.copy()
    for key in ("page", "export", "table"):
        query.pop(key, None)
    if table:
        query["table"] = table
    return {"query": f"{query.urlencode()}&" if query else ""}
