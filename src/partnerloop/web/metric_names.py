"""What a program's metrics are called on a page: the eight of the bank, and its own.

The eight have the bank's names; own ones come from their rows, in the best language there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, ngettext

from partnerloop.programs.models import Program
from partnerloop.pulses.bank import COMPOSITE, DIMENSIONS, Bank, languages, read_bank
from partnerloop.pulses.measuring import Meaning, own_meanings
from partnerloop.pulses.models import Metric

BUILT_IN = (COMPOSITE, *DIMENSIONS)
FIRST_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class MetricNames:
    """Names by key. `used` are the metrics that are not retired, in their order."""

    own: Mapping[str, Meaning]
    used: tuple[str, ...]
    composite: str

    def __contains__(self, measure: str) -> bool:
        return measure in BUILT_IN or measure in self.own

    def name(self, measure: str) -> str:
        """Return a metric's name."""
        return self.name_and_note(measure)[0]

    def name_and_note(self, measure: str) -> tuple[str, str]:
        """Return a metric's name, and what stands small beside it."""
        if measure in self.own:
            return self.own[measure].name, ""
        name, _bracket, note = _bank().metric(measure).name.partition(" (")
        return (name, self.composite) if measure == COMPOSITE else (name, note.removesuffix(")"))


def metric_names(program: Program) -> MetricNames:
    """Return the names of a program's metrics, retired ones too."""
    rows = list(Metric.objects.of(program).in_use().values_list("key", "kind", "weight"))
    weighed = [key for key, kind, weight in rows if kind == Metric.Kind.OWN and weight]
    own = own_meanings(program, language=get_language() or "")
    return MetricNames(own, tuple(key for key, _, _ in rows), _composite([own[k] for k in weighed]))


def _bank() -> Bank:
    """Return the built-in words in the language that the page speaks."""
    spoken = (get_language() or FIRST_LANGUAGE).partition("-")[0]
    return read_bank(spoken if spoken in languages() else FIRST_LANGUAGE)


def _composite(weighed: list[Meaning]) -> str:
    """Say what the composite is made of."""
    if not weighed:
        return gettext("equal weights of the seven")
    told = ngettext(
        "the seven, and %(names)s by its weight",
        "the seven, and %(names)s by their weights",
        len(weighed),
    )
    return told % {"names": ", ".join(one.name for one in weighed)}
