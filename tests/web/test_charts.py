import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerloop.core.words import Figure, Shift
from partnerloop.web import charts
from partnerloop.web.charts import Event, Moment, Scale

SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
NASTY = "\"><script>alert(1)</script>&'é " + "ش"

figures = st.lists(st.floats(0, 10), min_size=3, max_size=3).map(
    lambda ends: Figure(mean=sorted(ends)[1], low=min(ends), high=max(ends))
)


def drawn(svg: str) -> ET.Element:
    """Return the chart as a tree, which fails on markup that is not well-formed."""
    return ET.fromstring(SVG.format(svg))[0]


def marks(svg: str, kind: str) -> list[ET.Element]:
    return [e for e in drawn(svg).iter() if e.get("class") == kind]


def months(*means: float | None) -> list[Moment]:
    return [
        Moment(
            date(2026, 1, 1) + timedelta(days=30 * n),
            None if mean is None else Figure(mean, max(0, mean - 0.3), min(10, mean + 0.3)),
        )
        for n, mean in enumerate(means)
    ]


def test_a_wide_range_is_drawn_with_a_dot_on_its_mean():
    svg = charts.ivl(Figure(5.7, 5.2, 6.2), name="PartnerScore")
    assert drawn(svg).get("class") == "c s2"
    assert drawn(svg).get("aria-label") == "PartnerScore 5.7, likely 5.2 to 6.2"
    (band,) = marks(svg, "range")
    assert (band.get("x"), band.get("width")) == ("52%", "10%")
    (dot,) = marks(svg, "dot")
    assert dot.get("cx") == "57%"


def test_a_narrow_range_is_drawn_with_a_tick_so_that_it_stays_visible():
    svg = charts.ivl(Figure(7.2, 7.0, 7.4), name="Cooperation")
    assert not marks(svg, "dot")
    (tick,) = marks(svg, "whisk")
    assert tick.get("x1") == tick.get("x2") == "72%"


def test_a_comparison_carries_its_own_range():
    svg = charts.ivl(Figure(3.4, 2.9, 3.9), name="Conflict", peer=Figure(6.8, 6.5, 7.1))
    span, mean = marks(svg, "peer")
    assert (span.get("x1"), span.get("x2")) == ("65%", "71%")
    assert mean.get("x1") == "68%"
    assert drawn(svg).get("aria-label") == (
        "Conflict 3.4, likely 2.9 to 3.9; partners like this one 6.8, likely 6.5 to 7.1"
    )


def test_a_borrowed_figure_is_hollow_and_said_to_be_borrowed():
    svg = charts.ivl(None, name="Social bonding", like=Figure(7.2, 6.4, 7.9))
    assert drawn(svg).get("class") == "c s0"
    assert marks(svg, "range like")
    assert marks(svg, "hollow")
    assert drawn(svg).get("aria-label") == (
        "Social bonding: no figure of its own; partners like this one 7.2, likely 6.4 to 7.9"
    )


def test_a_missing_figure_draws_no_mark_and_no_zero():
    svg = charts.ivl(None, name="Commitment")
    assert {e.get("class") for e in drawn(svg).iter()} == {"c s0", "track"}
    assert drawn(svg).get("aria-label") == "Commitment: no figure of its own"


@given(figures, st.one_of(st.none(), figures))
def test_every_range_stays_on_its_line(figure, peer):
    svg = charts.ivl(figure, name="Any", peer=peer)
    at = [float(n) for n in re.findall(r'(?:x|x1|x2|cx)="([\d.-]+)%"', svg)]
    assert all(0 <= x <= 100 for x in at)
    (band,) = marks(svg, "range")
    ends = [float(band.get(a, "").rstrip("%")) for a in ("x", "width")]
    assert ends[1] >= 0
    assert sum(ends) <= 100.02


@pytest.mark.parametrize(
    "svg",
    [
        charts.ivl(Figure(5, 4, 6), name=NASTY),
        charts.gap(Figure(5, 4, 6), name=NASTY, predicted=7),
        charts.effect(Shift(0.1, 0, 0.2), name=NASTY),
        charts.bar(1, name=NASTY, of=2),
        charts.load(1, name=NASTY, capacity=2),
        charts.spark(months(5, 6), name=NASTY, events=[Event(date(2026, 1, 9), NASTY)]),
        charts.trend(months(5, 6), name=NASTY, events=[Event(date(2026, 1, 9), NASTY)]),
        charts.trend([], name=NASTY),
    ],
)
def test_every_chart_escapes_its_input_and_uses_no_style(svg):
    tree = drawn(svg)
    assert NASTY in (tree.get("aria-label") or "")
    assert "<script" not in svg
    assert "style=" not in svg
    assert tree.get("role") == "img"


def test_a_prediction_stands_hollow_beside_the_answer():
    svg = charts.gap(Figure(3.2, 2.5, 3.9), name="Conflict", predicted=6.5)
    assert drawn(svg).get("class") == "c s1"
    assert marks(svg, "hollow")[0].get("cx") == "65%"
    assert drawn(svg).get("aria-label") == (
        "Conflict: manager predicted 6.5, partner answered 3.2, likely 2.5 to 3.9"
    )


def test_a_gap_without_either_side_says_so():
    svg = charts.gap(None, name="Conflict", predicted=None)
    assert drawn(svg).get("aria-label") == (
        "Conflict: manager nothing predicted, no figure of its own"
    )


def test_an_effect_lies_about_a_zero_line_in_the_middle():
    svg = charts.effect(Shift(0.7, 0.2, 1.2), name="Demo cell")
    assert drawn(svg).get("class") == "c s4"
    assert marks(svg, "zero")[0].get("x1") == "50%"
    assert marks(svg, "range")[0].get("x") == "55%"
    assert drawn(svg).get("aria-label") == "Demo cell: +0.7, likely +0.2 to +1.2"


def test_a_large_effect_stretches_its_scale_instead_of_leaving_it():
    svg = charts.effect(Shift(3, -1, 5), name="Relaunch")
    band = marks(svg, "range")[0]
    assert (band.get("x"), band.get("width")) == ("40%", "60%")


def test_an_unknown_effect_cannot_tell_yet():
    assert "cannot tell yet" in (drawn(charts.effect(None, name="X")).get("aria-label") or "")


def test_a_bar_starts_at_zero_and_never_exceeds_its_whole():
    assert marks(charts.bar(7, name="Incentives", of=12), "bar")[0].get("width") == "58.33%"
    assert marks(charts.bar(20, name="Incentives", of=12), "bar")[0].get("width") == "100%"
    assert marks(charts.bar(0, name="Incentives", of=0), "bar")[0].get("width") == "0%"


def test_work_above_capacity_stands_out_after_the_limit():
    svg = charts.load(18, name="Incentives", capacity=12)
    limit = marks(svg, "limit")[0].get("x1")
    assert marks(svg, "over")[0].get("x") == limit
    assert not marks(charts.load(12, name="Incentives", capacity=12), "over")
    assert charts.load(0, name="Nobody", capacity=0)


def test_a_trend_is_broken_where_nothing_is_known():
    svg = charts.trend(months(6, 6.2, None, 6.4, 6.6), name="Credibility")
    assert len(marks(svg, "line")) == 2
    assert len(marks(svg, "band")) == 2


def test_a_lone_figure_between_gaps_still_shows():
    svg = charts.trend(months(6, None, 6.4, None, 6.6, 6.7), name="Credibility")
    assert len(marks(svg, "line")) == 3


def test_a_trend_tells_its_ends_and_its_events():
    svg = charts.trend(
        months(6, 6.2, 6.4),
        name="Credibility",
        events=[Event(date(2026, 1, 16), "Relaunch"), Event(date(2030, 1, 1), "Later")],
    )
    assert drawn(svg).get("aria-label") == (
        "Credibility: from 6.0, 1 January 2026, to 6.4, likely 6.1 to 6.7, 2 March 2026"
        "; Relaunch, 16 January 2026"
    )
    assert len(marks(svg, "pin")) == 1


def test_pins_of_close_events_do_not_cover_each_other():
    close = [Event(date(2026, 1, 10) + timedelta(days=n), f"Event {n}") for n in range(4)]
    svg = charts.trend(months(*[6] * 12), name="Any", events=close)
    heights = {pin.get("cy") for pin in marks(svg, "pin")}
    assert len(heights) == 4


def test_a_trend_without_figures_says_so():
    for nothing in ([], months(None, None)):
        assert "no trend yet" in charts.trend(nothing, name="Any")
        assert "no trend yet" in charts.spark(nothing, name="Any")


def test_a_single_moment_makes_a_spark():
    svg = charts.spark(months(6), name="Any")
    assert marks(svg, "dot")[0].get("cx") == "100%"


@given(st.lists(st.one_of(st.none(), st.floats(0, 10)), max_size=14))
def test_a_shared_scale_holds_every_figure_and_a_least_span(means):
    moments = months(*means)
    scale = charts.shared_scale(moments, months(5))
    assert 0 <= scale.low < scale.high <= 10
    assert scale.high - scale.low >= 4
    for moment in moments:
        if moment.figure is not None:
            assert scale.low <= moment.figure.low
            assert moment.figure.high <= scale.high
    drawn(charts.spark(moments, name="Any", scale=scale))
    drawn(charts.trend(moments, name="Any", peers=months(5, 6)))


def test_higher_is_drawn_higher():
    scale = Scale(4, 9)
    assert scale.down(9) == 0
    assert scale.down(4) == 100
    assert scale.down(12) == 0


def test_the_axis_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in charts.axis()
