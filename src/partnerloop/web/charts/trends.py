"""Figures over time: a line with its likely range, broken where nothing is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil, floor

from django.utils.safestring import SafeString

from partnerloop.core.words import HIGHEST, LOWEST, Figure, day, month, one_decimal
from partnerloop.web.charts.svg import chart, circle, line, number, text

LEAST_SPAN = 4.0
"""Points that a vertical axis shows at least, so that noise does not look like movement."""

PIN = 6.0
"""Per cent of the width: pins of closer events go to a second row."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A figure on a day; None where it is unknown or hidden."""

    on: date
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day, marked on a trend by its number."""

    on: date
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The part of 0 to 10 that a vertical axis shows."""

    low: float
    high: float

    def down(self, points: float) -> float:
        """Return where points lie, in per cent from the top."""
        return 100 * (1 - (min(max(points, self.low), self.high) - self.low) / self._span)

    @property
    def _span(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class _Days:
    """The days that a horizontal axis shows."""

    first: date
    last: date

    def along(self, on: date) -> float:
        whole = (self.last - self.first).days
        return 100 * (on - self.first).days / whole if whole else 100.0


def shared_scale(*series: Sequence[Moment]) -> Scale:
    """Return one vertical scale for several small trends, so that they can be compared."""
    known = [m.figure for moments in series for m in moments if m.figure is not None]
    if not known:
        return Scale(LOWEST, HIGHEST)
    low, high = float(floor(min(f.low for f in known))), float(ceil(max(f.high for f in known)))
    high = min(HIGHEST, max(high, ceil((low + high + LEAST_SPAN) / 2)))
    return Scale(max(LOWEST, min(low, high - LEAST_SPAN)), high)


def spark(
    moments: Sequence[Moment],
    *,
    name: str,
    scale: Scale | None = None,
    events: Sequence[Event] = (),
    height: int = 34,
) -> SafeString:
    """Return a small trend; pass one `shared_scale()` to all of a group."""
    known = [m for m in moments if m.figure is not None]
    if not known:
        mid = line("track", x=(0, 100), y=(height / 2, height / 2))
        return chart(mid, tone="s0", height=height, says=f"{name}: no trend yet")
    scale = scale or shared_scale(moments)
    days = _Days(moments[0].on, moments[-1].on)
    marks = []
    for event in _within(events, days):
        at = days.along(event.on)
        marks.append(line("event", x=(at, at), y=(0, height)))
        marks.append(circle("pin", x=at, y=1, r=2.5))
    marks.append(_plot(moments, days=days, scale=scale, top=0, height=height))
    marks.append(_end(known[-1], days=days, scale=scale, top=0, height=height, r=3.5))
    return chart(*marks, tone=_tone(known), height=height, says=_sentence(name, known))


def trend(
    moments: Sequence[Moment],
    *,
    name: str,
    events: Sequence[Event] = (),
    peers: Sequence[Moment] = (),
) -> SafeString:
    """Return a figure over time with printed axes, numbered events and a dashed comparison."""
    known = [m for m in moments if m.figure is not None]
    if not known:
        nothing = text("No trend yet", x=0, y=14)
        return chart(nothing, tone="s0", height=20, says=f"{name}: no trend yet")
    days = _Days(moments[0].on, moments[-1].on)
    scale = shared_scale(moments, peers)
    pins, top = _pins(_within(events, days), days)
    lines, labels = _grid(scale, top)
    marks = [*lines, *pins]
    if any(m.figure is not None for m in peers):
        marks.append(_dashed(peers, days=days, scale=scale, top=top))
    marks.append(_plot(moments, days=days, scale=scale, top=top, height=PLOT))
    marks.append(_end(known[-1], days=days, scale=scale, top=top, height=PLOT, r=5))
    marks += [*labels, *_months(days, top + PLOT + 16)]
    said = "".join(f"; {e.label}, {day(e.on)}" for e in _within(events, days))
    says = _sentence(name, known) + said
    return chart(*marks, tone=_tone(known), height=top + PLOT + 20, says=says)


PLOT = 130


def _sentence(name: str, known: Sequence[Moment]) -> str:
    first, last = known[0], known[-1]
    if first.figure is None or last.figure is None:
        raise ValueError("only known moments can be told")
    if len(known) == 1:
        return f"{name}: {last.figure.spoken}, {day(last.on)}"
    return (
        f"{name}: from {one_decimal(first.figure.mean)}, {day(first.on)}, "
        f"to {last.figure.spoken}, {day(last.on)}"
    )


def _tone(known: Sequence[Moment]) -> str:
    figure = known[-1].figure
    return "s0" if figure is None else figure.verdict.mark


def _within(events: Iterable[Event], days: _Days) -> list[Event]:
    inside = (e for e in events if days.first <= e.on <= days.last)
    return sorted(inside, key=lambda e: e.on)


def _plot(
    moments: Sequence[Moment], *, days: _Days, scale: Scale, top: float, height: float
) -> str:
    drawn = []
    for known, run in groupby(moments, key=lambda m: m.figure is not None):
        if not known:
            continue
        placed = [(days.along(m.on), m.figure) for m in run if m.figure is not None]
        upper = [(x, scale.down(f.high)) for x, f in placed]
        lower = [(x, scale.down(f.low)) for x, f in reversed(placed)]
        middle = [(x, scale.down(f.mean)) for x, f in placed]
        if len(placed) == 1:
            # A lone figure between gaps still shows, as a short stroke
            middle = [(middle[0][0] - 0.6, middle[0][1]), (middle[0][0] + 0.6, middle[0][1])]
        else:
            drawn.append(f'<polygon class="band" points="{_points(upper + lower)}"/>')
        drawn.append(f'<polyline class="line" points="{_points(middle)}"/>')
    return _stretched(drawn, top=top, height=height)


def _dashed(peers: Sequence[Moment], *, days: _Days, scale: Scale, top: float) -> str:
    inside = [m for m in peers if days.first <= m.on <= days.last and m.figure is not None]
    placed = [(days.along(m.on), scale.down(m.figure.mean)) for m in inside if m.figure]
    return _stretched(
        [f'<polyline class="line dash s0" points="{_points(placed)}"/>'], top=top, height=PLOT
    )


def _stretched(shapes: Iterable[str], *, top: float, height: float) -> str:
    return (
        f'<svg y="{number(top)}" width="100%" height="{number(height)}" viewBox="0 0 100 100" '
        f'preserveAspectRatio="none">{"".join(shapes)}</svg>'
    )


def _points(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in places)


def _end(moment: Moment, *, days: _Days, scale: Scale, top: float, height: float, r: float) -> str:
    down = scale.down(moment.figure.mean) if moment.figure else 50.0
    return circle("dot", x=days.along(moment.on), y=top + down * height / 100, r=r)


def _grid(scale: Scale, top: float) -> tuple[list[str], list[str]]:
    """Return lines, and labels apart from them: these are drawn last, over the plot."""
    whole = range(ceil(scale.low), floor(scale.high) + 1)
    step = 1 if len(whole) <= 6 else 2
    placed = [(points, top + scale.down(points) * PLOT / 100) for points in whole[::step]]
    lines = [line("grid", x=(0, 100), y=(y, y)) for _, y in placed]
    return lines, [text(str(points), x=0, y=y - 4, kind="rung") for points, y in placed]


def _pins(events: Sequence[Event], days: _Days) -> tuple[list[str], float]:
    rows: list[float] = []
    placed = []
    for order, event in enumerate(events, start=1):
        at = days.along(event.on)
        row = next((n for n, last in enumerate(rows) if at - last >= PIN), len(rows))
        rows[row : row + 1] = [at]
        placed.append((order, at, 8 + 18 * row))
    top = 20.0 + 18 * max(0, len(rows) - 1)
    marks = []
    for order, at, y in placed:
        marks += [
            line("event", x=(at, at), y=(y + 6, top + PLOT)),
            circle("pin", x=at, y=y, r=8),
            text(str(order), x=at, y=y + 3.5, anchor="middle", kind="pin-t"),
        ]
    return marks, top


def _months(days: _Days, y: float) -> list[str]:
    middle = days.first + (days.last - days.first) / 2
    marks = [text(month(days.last), x=100, y=y, anchor="end")]
    if days.first != days.last:
        marks.append(text(month(days.first), x=0, y=y))
        marks.append(text(month(middle), x=days.along(middle), y=y, anchor="middle"))
    return marks
