"""The few SVG elements that charts are made of."""

from html import escape

from django.utils.safestring import SafeString, mark_safe


def chart(*marks: str, tone: str, height: float, says: str) -> SafeString:
    """Return marks as one picture with a sentence that carries its figures."""
    return mark_safe(
        f'<svg class="c {escape(tone)}" height="{number(height)}" role="img" '
        f'aria-label="{escape(says)}">{"".join(marks)}</svg>'
    )


def line(kind: str, *, x: tuple[float, float], y: tuple[float, float]) -> str:
    """Return a line; x in per cent, y in px."""
    return (
        f'<line class="{kind}" x1="{percent(x[0])}" x2="{percent(x[1])}" '
        f'y1="{number(y[0])}" y2="{number(y[1])}"/>'
    )


def rect(kind: str, *, x: float, width: float, y: float, height: float, rx: float) -> str:
    """Return a rounded box; x and width in per cent, the rest in px."""
    return (
        f'<rect class="{kind}" x="{percent(x)}" y="{number(y)}" width="{percent(width)}" '
        f'height="{number(height)}" rx="{number(rx)}"/>'
    )


def circle(kind: str, *, x: float, y: float, r: float) -> str:
    """Return a dot; x in per cent, y and radius in px."""
    return f'<circle class="{kind}" cx="{percent(x)}" cy="{number(y)}" r="{number(r)}"/>'


def text(words: str, *, x: float, y: float, anchor: str = "start", kind: str = "") -> str:
    """Return a label; its size is in px and never scales."""
    named = f'class="{kind}" ' if kind else ""
    return (
        f'<text {named}x="{percent(x)}" y="{number(y)}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def percent(share: float) -> str:
    """Return a position as SVG reads it."""
    return f"{number(share)}%"


def number(size: float) -> str:
    """Return a number with at most two digits after the point, never -0."""
    return f"{round(size, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
