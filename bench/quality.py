"""All benchmarks of statistical quality, in the order of the results page."""

from collections.abc import Callable

from bench import scoring
from bench.report import Section, Size

SECTIONS: dict[str, Callable[[Size], list[Section]]] = {
    "scoring": scoring.sections,
}
