"""Scores with their likely range on a line from 0 to 10, and differences about zero."""

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from partnerloop.core.words import HIGHEST, Figure, Shift, one_decimal
from partnerloop.web.charts.svg import chart, circle, line, rect, text

NARROW = 0.65
"""Points: the dot would cover a narrower range, so a tick marks the mean instead."""

REACH = 2.0
"""Points either side of zero that an effect chart shows at least."""


def ivl(
    figure: Figure | None,
    *,
    name: str,
    peer: Figure | None = None,
    like: Figure | None = None,
    tone: str = "",
) -> SafeString:
    """Return a score with its range; `peer=` compares, `like=` stands in where it is missing.

    A mark takes the colour of its word; `tone="s0"` makes a figure of the past grey.
    """
    mid = 10.0 if peer is None else 11.0
    marks = [*_track(mid)]
    if figure is not None:
        # The comparison lies over the range and under the mean, so that neither is lost.
        marks += [*_range(figure, mid), *_peer(peer), *_mean(figure, mid)]
    elif like is not None:
        marks += [
            rect("range like", **_span(like), y=mid - 4, height=8, rx=4),
            circle("hollow", x=_at(like.mean), y=mid, r=5),
        ]
    tone = tone or (figure.verdict.mark if figure is not None else "s0")
    return chart(*marks, tone=tone, height=2 * mid, says=_sentence(figure, name, peer, like))


def _sentence(figure: Figure | None, name: str, peer: Figure | None, like: Figure | None) -> str:
    beside = like if figure is None else peer
    if figure is None:
        own = gettext("{name}: no figure of its own").format(name=name)
    else:
        own = f"{name} {figure.spoken}"
    if beside is None:
        return own
    return f"{own}; " + gettext("partners like this one {figure}").format(figure=beside.spoken)


def _track(mid: float) -> list[str]:
    posts = [line("track", x=(at, at), y=(mid - 3, mid + 3)) for at in (0, 50, 100)]
    return [line("track", x=(0, 100), y=(mid, mid)), *posts]


def _range(figure: Figure, mid: float) -> list[str]:
    half = 5 if _narrow(figure) else 4
    return [rect("range", **_span(figure), y=mid - half, height=2 * half, rx=6 - half + 1)]


def _peer(peer: Figure | None) -> list[str]:
    if peer is None:
        return []
    return [
        line("peer", x=(_at(peer.low), _at(peer.high)), y=(20.5, 20.5)),
        line("peer", x=(_at(peer.mean), _at(peer.mean)), y=(4, 21.5)),
    ]


def _mean(figure: Figure, mid: float) -> list[str]:
    at = _at(figure.mean)
    if _narrow(figure):
        return [line("whisk", x=(at, at), y=(mid - 6, mid + 6))]
    return [circle("dot", x=at, y=mid, r=5.5)]


def _narrow(figure: Figure) -> bool:
    return figure.high - figure.low < NARROW


def _span(figure: Figure) -> dict[str, float]:
    return {"x": _at(figure.low), "width": _at(figure.high) - _at(figure.low)}


def _at(points: float) -> float:
    return min(max(points / HIGHEST, 0.0), 1.0) * 100


def gap(answered: Figure | None, *, name: str, predicted: float | None) -> SafeString:
    """Return a manager's prediction (hollow) against what the partner answered (range)."""
    marks = [line("track", x=(0, 100), y=(11, 11))]
    if answered is not None:
        marks += [
            rect("range", **_span(answered), y=7, height=8, rx=4),
            circle("dot", x=_at(answered.mean), y=11, r=5.5),
        ]
    if predicted is not None:
        marks.append(circle("hollow", x=_at(predicted), y=11, r=5))
    guessed = "nothing predicted" if predicted is None else f"predicted {one_decimal(predicted)}"
    said = "no figure of its own" if answered is None else f"partner answered {answered.spoken}"
    tone = "s0" if answered is None else answered.verdict.mark
    return chart(*marks, tone=tone, height=22, says=f"{name}: manager {guessed}, {said}")


def effect(shift: Shift | None, *, name: str) -> SafeString:
    """Return what a change did: zero line, dot and likely range of the difference."""
    marks = [line("track", x=(0, 100), y=(10, 10)), line("zero", x=(50, 50), y=(0, 20))]
    if shift is None:
        return chart(*marks, tone="s0", height=20, says=f"{name}: cannot tell yet")
    reach = max(REACH, abs(shift.low), abs(shift.high))

    def at(points: float) -> float:
        return 50 + points / reach * 50

    width = at(shift.high) - at(shift.low)
    marks += [
        rect("range", x=at(shift.low), width=width, y=6, height=8, rx=4),
        circle("dot", x=at(shift.mean), y=10, r=5.5),
    ]
    tone = shift.tone if shift.tone != "line" else "s0"
    return chart(*marks, tone=tone, height=20, says=f"{name}: {shift.spoken}")


def axis() -> SafeString:
    """Return the printed scale for under a column of ranges; hidden from screen readers."""
    labels = "".join(
        text(words, x=at, y=10, anchor=anchor)
        for words, at, anchor in (("0", 0, "start"), ("5", 50, "middle"), ("10", 100, "end"))
    )
    return mark_safe(f'<svg class="c" height="14" aria-hidden="true">{labels}</svg>')
