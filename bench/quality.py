"""All benchmarks of statistical quality, in the order of the results page."""

from collections.abc import Callable

from bench import choosing, effects, nps, scoring, silence, watching
from bench.report import Section, Size

SECTIONS: dict[str, Callable[[Size], list[Section]]] = {
    "scoring": scoring.sections,
    "overall": scoring.overall,
    "evidence": scoring.evidence,
    "refit": scoring.refit,
    "harder": scoring.harder,
    "overall-scenarios": scoring.overall_scenarios,
    "choosing": choosing.sections,
    "watching": watching.sections,
    "silence": silence.sections,
    "effects": effects.sections,
    "nps": nps.sections,
}
