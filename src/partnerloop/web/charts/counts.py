"""Bars for exact counts. They start at zero and are never used for scores."""

from django.utils.safestring import SafeString

from partnerloop.core.words import count
from partnerloop.web.charts.svg import chart, line, rect


def bar(number: int, *, name: str, of: int, tone: str = "s0") -> SafeString:
    """Return a count as a share of a whole: 7 of 12."""
    full = rect("barbg", x=0, width=100, y=0, height=10, rx=3)
    filled = rect("bar", x=0, width=_share(number, of), y=0, height=10, rx=3)
    return chart(full, filled, tone=tone, height=10, says=f"{name}: {count(number)} of {count(of)}")


def load(expected: int, *, name: str, capacity: int) -> SafeString:
    """Return expected work against what a department can answer; the excess stands out."""
    longest = max(expected, capacity) * 1.2
    within = min(expected, capacity)
    limit = _share(capacity, longest)
    marks = [
        rect("barbg", x=0, width=100, y=3, height=12, rx=3),
        rect("bar", x=0, width=_share(within, longest), y=3, height=12, rx=3),
    ]
    if expected > capacity:
        over = _share(expected - capacity, longest)
        marks.append(rect("over", x=limit, width=over, y=3, height=12, rx=0))
    marks.append(line("limit", x=(limit, limit), y=(0, 18)))
    says = f"{name}: {count(expected)} expected a week, capacity {count(capacity)}"
    return chart(*marks, tone="accent", height=18, says=says)


def _share(part: float, whole: float) -> float:
    return 100 * min(max(part / whole, 0.0), 1.0) if whole > 0 else 0.0
