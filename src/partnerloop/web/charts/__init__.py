"""Charts as server-written SVG: positions in per cent, no style attributes, a sentence for ears.

Scores lie on 0 to 10. A chart fills its column; its text never scales. Each function copes with
figures that are missing and escapes what it is given.
"""

from partnerloop.web.charts.counts import bar, load
from partnerloop.web.charts.ranges import axis, effect, gap, ivl
from partnerloop.web.charts.trends import Event, Moment, Scale, shared_scale, spark, trend

__all__ = [
    "Event",
    "Moment",
    "Scale",
    "axis",
    "bar",
    "effect",
    "gap",
    "ivl",
    "load",
    "shared_scale",
    "spark",
    "trend",
]
