from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerloop.core import words
from partnerloop.core.money import Money
from partnerloop.core.words import Figure, Level, Shift, verdict

points = st.floats(0, 10)


@pytest.mark.parametrize(
    ("low", "high", "word", "tone", "mark"),
    [
        (6.7, 6.9, "Good, can be improved", "s3", "s3"),
        (5.4, 5.8, "Strained", "s2", "s2"),
        (2.5, 3.9, "Low", "s1", "s1"),
        (7.5, 7.7, "High", "s4", "s4"),
        (5.9, 6.3, "Strained to good", "s23", "s3"),
        (5.2, 6.2, "Strained to good", "s23", "s2"),
        (3.6, 4.9, "Low to strained", "s12", "s2"),
        (7.4, 8.5, "Good to high", "s34", "s4"),
        (5.1, 9.0, "Too early to say", "line", "s0"),
        (5.5, 7.6, "Too early to say", "line", "s0"),
        (0.0, 3.0, "Low", "s1", "s1"),
        (0.0, 3.1, "Too early to say", "line", "s0"),
        (0.0, 0.0, "Low", "s1", "s1"),
        (10.0, 10.0, "High", "s4", "s4"),
        (3.96, 5.94, "Strained", "s2", "s2"),
        (7.44, 7.46, "Good to high", "s34", "s3"),
    ],
)
def test_the_range_decides_the_words(low, high, word, tone, mark):
    said = verdict(low=low, high=high)
    assert (said.word, said.tone, said.mark) == (word, tone, mark)


def test_the_short_word_of_good_drops_its_advice():
    assert verdict(low=6.1, high=6.9).short == "Good"
    assert verdict(low=5.2, high=6.2).short == "Strained to good"


@given(points, points)
def test_a_verdict_agrees_with_the_printed_ends(one, other):
    low, high = sorted((one, other))
    said = verdict(low=low, high=high)
    printed = [float(words.one_decimal(end)) for end in (low, high)]
    assert said == verdict(low=printed[0], high=printed[1])
    if said.levels:
        assert printed[1] - printed[0] <= 3.0 + 1e-9
        assert len(said.levels) <= 2
        assert said.mark in {level.tone for level in said.levels}
        assert said.levels[0].first <= round(printed[0] * 10) <= said.levels[0].last
        assert said.levels[-1].first <= round(printed[1] * 10) <= said.levels[-1].last
    else:
        assert said.word == "Too early to say"


def test_the_four_words_cover_every_tenth_once():
    held = [tenth for level in Level for tenth in range(level.first, level.last + 1)]
    assert held == list(range(101))


@pytest.mark.parametrize("bad", [(5, 6, 7), (5, 4, 4.5), (11, 9, 11), (5, -1, 6)])
def test_a_figure_refuses_a_range_that_does_not_hold_its_mean(bad):
    with pytest.raises(ValueError, match="holds its mean"):
        Figure(*bad)


def test_a_figure_is_printed_and_spoken_with_its_range():
    figure = Figure(mean=7, low=6.54, high=7.4)
    assert (figure.number, figure.range) == ("7.0", "6.5–7.4")
    assert figure.spoken == "7.0, likely 6.5 to 7.4"
    assert figure.plus_minus == "±0.4"
    assert figure.verdict.word == "Good, can be improved"


@given(st.integers(3, 100_000))
def test_a_band_holds_its_number(people):
    band = words.people_band(people)
    if band == "100+":
        assert people >= 100
    else:
        first, last = (int(end) for end in band.split("–"))
        assert first <= people <= last


@pytest.mark.parametrize("people", [-1, 0, 1, 2])
def test_fewer_than_three_people_have_no_band(people):
    with pytest.raises(ValueError, match="fewer than 3"):
        words.people_band(people)


def test_people_who_answered_by_name_may_be_one_or_two():
    assert [words.named_band(n) for n in (1, 2, 3, 9)] == ["1–2", "1–2", "3–4", "5–9"]


@given(st.floats(-10, 10))
def test_a_signed_difference_never_prints_a_negative_zero(points):
    printed = words.signed(points)
    assert printed not in {"-0.0", "+0.0", "−0.0"}
    assert (printed[0] == "+") == (float(words.one_decimal(points)) > 0)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Money(84_000_00, "EUR"), "€84k"),
        (Money(2_400_000_00, "EUR"), "€2.4m"),
        (Money(950_00, "EUR"), "€950"),
        (Money(1_300_00, "USD"), "$1.3k"),
        (Money(999_960_00, "EUR"), "€1m"),
        (Money(999_499_00, "EUR"), "€999k"),
        (Money(-12_000_00, "GBP"), "−£12k"),
        (Money(5_000_000, "JPY"), "¥5m"),
        (Money(7_00, "CHF"), "CHF 7"),
        (Money(0, "EUR"), "€0"),
        (Money(3_200_000_000_00, "EUR"), "€3.2bn"),
        (None, "unknown"),
    ],
)
def test_money_is_short_and_unknown_is_not_zero(amount, written):
    assert words.money(amount) == written


@given(st.integers(0, 10**14))
def test_money_stays_short_whatever_the_amount(minor):
    assert len(words.money(Money(minor, "EUR"))) <= 7


def test_days_and_weeks_are_written_out():
    monday = date(2026, 11, 23)
    assert words.day(monday, seen=date(2026, 1, 1)) == "23 November"
    assert words.day(monday, seen=date(2027, 1, 1)) == "23 November 2026"
    assert words.long_day(monday) == "Monday 23 November"
    assert words.week_of(date(2026, 11, 15), seen=monday) == "week of 9 November"
    assert words.week_number(date(2026, 11, 15)) == "week 46"
    assert words.month(monday) == "Nov"


def test_counts_and_shares():
    assert words.count(2318) == "2,318"
    assert (words.count_word(3), words.count_word(11)) == ("three", "11")
    assert words.counted(1, "partner", "partners") == "1 partner"
    assert words.counted(2000, "partner", "partners") == "2,000 partners"
    assert [words.percent(s) for s in (0, 0.001, 0.874, 0.999, 1)] == [
        "0%",
        "under 1%",
        "87%",
        "over 99%",
        "100%",
    ]


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.2, 1.2, "Helped"),
        (-1.2, -0.1, "Made it worse"),
        (-0.5, 0.9, "Cannot tell yet"),
        (-0.4, 0.5, "No effect visible"),
        (0.04, 0.6, "No effect visible"),
    ],
)
def test_an_effect_is_named_by_where_its_range_lies(low, high, word):
    shift = Shift(mean=(low + high) / 2, low=low, high=high)
    assert shift.word == word
    assert shift.tone == {"Helped": "s4", "Made it worse": "s1"}.get(word, "line")


def test_an_effect_is_spoken_with_signs():
    assert Shift(mean=0.7, low=-0.2, high=1.2).spoken == "+0.7, likely −0.2 to +1.2"


@pytest.mark.parametrize(
    ("predicted", "said"),
    [(6.5, "3.3 too high"), (3.94, "About right"), (4.0, "0.8 too high"), (2.0, "1.2 too low")],
)
def test_a_prediction_is_off_only_outside_the_range(predicted, said):
    assert words.gap_words(predicted, Figure(mean=3.2, low=2.5, high=3.9)) == said
