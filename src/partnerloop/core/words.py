"""Words for figures: verdicts from ranges, bands of people, numbers, money and dates.

Workspace and portal say the same thing by them. What partners read of it, scores, verdicts and
days, is said in the active language; the vendor's own pages speak English only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from django.utils.formats import get_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from partnerloop.core import dates
from partnerloop.core.bands import band
from partnerloop.core.money import Money

LOWEST, HIGHEST = 0.0, 10.0
WIDEST = 30
"""Tenths of a point: a wider range carries no verdict."""

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "AUD": "A$", "CAD": "CA$"}
MONTHS = tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Level(Enum):
    """One of the four words of the scale, with the tenths of a point it holds."""

    LOW = ("s1", _("Low"), 0, 39)
    STRAINED = ("s2", _("Strained"), 40, 59)
    GOOD = ("s3", _("Good"), 60, 74)
    HIGH = ("s4", _("High"), 75, 100)

    def __init__(self, tone: str, word: str, first: int, last: int) -> None:
        self.tone = tone
        self._word = word
        self.first = first
        self.last = last

    @property
    def short(self) -> str:
        """Return the word, alone."""
        return gettext(self._word)


BETWEEN = {
    Level.LOW: _("Low to strained"),
    Level.STRAINED: _("Strained to good"),
    Level.GOOD: _("Good to high"),
}
"""What a range says that reaches into the next word."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a range says: one word, two neighbouring words, or that it is too early."""

    levels: tuple[Level, ...]
    mark: str
    """The colour class of dots and lines: the word that holds the larger part, or s0."""

    @property
    def word(self) -> str:
        """Return the words for people to read."""
        if not self.levels:
            return gettext("Too early to say")
        first = self.levels[0]
        if len(self.levels) == 2:
            return gettext(BETWEEN[first])
        return gettext("Good, can be improved") if first is Level.GOOD else first.short

    @property
    def short(self) -> str:
        """Return the words for narrow places."""
        return self.levels[0].short if len(self.levels) == 1 else self.word

    @property
    def tone(self) -> str:
        """Return the class of a chip: s1 to s4, s12, s23, s34, or line for no verdict."""
        if not self.levels:
            return "line"
        return "s" + "".join(level.tone[1] for level in self.levels)


@dataclass(frozen=True, slots=True)
class Figure:
    """A score with its likely range (nine times out of ten), in points from 0 to 10."""

    mean: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not LOWEST <= self.low <= self.mean <= self.high <= HIGHEST:
            raise ValueError(f"a range within 0 to 10 that holds its mean, not {self!r}")

    @property
    def number(self) -> str:
        """Return the mean as it is printed: 6.8."""
        return one_decimal(self.mean)

    @property
    def range(self) -> str:
        """Return the range as it is printed: 6.5–7.4."""
        return f"{one_decimal(self.low)}–{one_decimal(self.high)}"

    @property
    def spoken(self) -> str:
        """Return the figure as a screen reader says it: 6.8, likely 6.5 to 7.4."""
        return gettext("{mean}, likely {low} to {high}").format(
            mean=self.number, low=one_decimal(self.low), high=one_decimal(self.high)
        )

    @property
    def plus_minus(self) -> str:
        """Return half the range for the cells of a heat table: ±0.4."""
        return f"±{one_decimal((self.high - self.low) / 2)}"

    @property
    def verdict(self) -> Verdict:
        """Return the words that the range carries."""
        return verdict(low=self.low, high=self.high)


@dataclass(frozen=True, slots=True)
class Shift:
    """A difference in points with its likely range: what a change did, before to after."""

    mean: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.mean <= self.high:
            raise ValueError(f"a range that holds its mean, not {self!r}")

    @property
    def spoken(self) -> str:
        """Return the difference as a screen reader says it: +0.7, likely +0.2 to +1.2."""
        return f"{signed(self.mean)}, likely {signed(self.low)} to {signed(self.high)}"

    @property
    def word(self) -> str:
        """Return whether it helped; a range about zero wider than a point cannot tell."""
        low, high = round(self.low, 1), round(self.high, 1)
        if low > 0:
            return "Helped"
        if high < 0:
            return "Made it worse"
        return "No effect visible" if high - low <= 1 else "Cannot tell yet"

    @property
    def tone(self) -> str:
        """Return the class of its chip."""
        return {"Helped": "s4", "Made it worse": "s1"}.get(self.word, "line")


def verdict(*, low: float, high: float) -> Verdict:
    """Return what a range says on the scale; its ends are rounded to 0.1 first."""
    first, last = _tenths(low), _tenths(high)
    touched = tuple(lv for lv in Level if lv.first <= last and lv.last >= first)
    if len(touched) > 2 or last - first > WIDEST:
        return Verdict(levels=(), mark="s0")
    return Verdict(levels=touched, mark=_larger_part(touched, first, last).tone)


def _tenths(points: float) -> int:
    # round() agrees with the printed figure; points * 10 would not (4.35 prints as 4.3).
    return round(round(points, 1) * 10)


def _larger_part(levels: Sequence[Level], first: int, last: int) -> Level:
    def held(level: Level) -> int:
        return min(last, level.last) - max(first, level.first)

    return max(levels, key=held)


def gap_words(predicted: float, answered: Figure) -> str:
    """Return how a prediction compares: 3.3 too high, only when it lies outside the range."""
    said = round(predicted, 1)
    if round(answered.low, 1) <= said <= round(answered.high, 1):
        return "About right"
    way = "too high" if said > answered.mean else "too low"
    return f"{one_decimal(abs(said - round(answered.mean, 1)))} {way}"


def people_band(people: int) -> str:
    """Return a number of people as its band; fewer than three are never counted on screen."""
    if people < 3:
        raise ValueError(f"fewer than 3 people have no band: {people}")
    return band(people)


def named_band(people: int) -> str:
    """Return a number of people who answered by name as its band, 1–2 among them."""
    return band(people) if people in (1, 2) else people_band(people)


def one_decimal(points: float) -> str:
    """Return points with one digit after the decimal mark, never -0.0."""
    return f"{round(points, 1) + 0.0:.1f}".replace(".", get_format("DECIMAL_SEPARATOR"))


def signed(points: float) -> str:
    """Return a difference with its sign and one digit: +0.7, −0.5, 0.0."""
    printed = one_decimal(abs(points))
    if printed == "0.0":
        return printed
    return ("+" if points > 0 else "−") + printed


def count(number: int) -> str:
    """Return a number with thousands set apart: 2,318."""
    return f"{number:,}"


def count_word(number: int) -> str:
    """Return a small number as a word: three; from eleven on as figures."""
    return COUNTS[number] if 0 <= number < len(COUNTS) else count(number)


def counted(number: int, one: str, many: str) -> str:
    """Return a number with the noun that goes with it: 1 partner, 2 partners."""
    return f"{count(number)} {one if number == 1 else many}"


def percent(share: float) -> str:
    """Return a share of one as whole per cent; never 0% or 100% unless it is exactly that."""
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{round(share * 100)}%"


def money(amount: Money | None) -> str:
    """Return an amount short: €84k, €2.4m, €950; None is unknown, never zero."""
    if amount is None:
        return "unknown"
    whole = float(amount.major)
    sign = "−" if whole < 0 else ""
    return f"{sign}{SYMBOLS.get(amount.currency, amount.currency + ' ')}{_short(abs(whole))}"


def _short(whole: float) -> str:
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        # 999,950 would print as 1000k: it is 1m already
        if whole >= size * 0.9995:
            scaled = whole / size
            return (f"{scaled:.0f}" if scaled >= 9.95 else f"{scaled:.1f}".removesuffix(".0")) + (
                letter
            )
    return f"{whole:.0f}"


def day(on: date, *, seen: date | None = None) -> str:
    """Return a day: 23 November; with its year where that is not the reader's year."""
    is_this_year = seen is not None and seen.year == on.year
    return dates.written_day_of_year(on) if is_this_year else dates.written_day(on)


def long_day(on: date) -> str:
    """Return a day with its weekday, without the year: Monday 23 November."""
    return f"{WEEKDAYS[on.weekday()]} {dates.written_day_of_year(on)}"


def week_of(on: date, *, seen: date | None = None) -> str:
    """Return the week a day lies in by its Monday: week of 9 November."""
    return gettext("week of {day}").format(day=day(on - timedelta(days=on.weekday()), seen=seen))


def week_number(on: date) -> str:
    """Return the ISO week of a day: week 46."""
    return gettext("week {number}").format(number=on.isocalendar().week)


def month(on: date) -> str:
    """Return a month short, for axes: Nov."""
    return MONTHS[on.month - 1]
