"""What the components show: one frozen dataclass per template in templates/components.

Pages fill these from what their rooms return; a component never asks the database.
docs/reference/components.md shows one line of use for each.
"""

from partnerloop.web.components.figures import (
    Advised,
    Change,
    Hidden,
    MetricLine,
    Move,
    Reading,
    ScoreCard,
)
from partnerloop.web.components.forms import Choice, Choices, Field, Pills, Scale0to10
from partnerloop.web.components.lists import Banner, Column, Empty, Pager, Row, Step, Table
from partnerloop.web.components.loops import Loop, LoopStep
from partnerloop.web.components.people import Entry, InboxLine, Message, Said, Who

__all__ = [
    "Advised",
    "Banner",
    "Change",
    "Choice",
    "Choices",
    "Column",
    "Empty",
    "Entry",
    "Field",
    "Hidden",
    "InboxLine",
    "Loop",
    "LoopStep",
    "Message",
    "MetricLine",
    "Move",
    "Pager",
    "Pills",
    "Reading",
    "Row",
    "Said",
    "Scale0to10",
    "ScoreCard",
    "Step",
    "Table",
    "Who",
]
