"""A question as its respondent sees it on a phone: the same parts as on the answer page."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation

from partnerloop.programs.models import Program
from partnerloop.pulses.bank.wording import PARTNER
from partnerloop.pulses.models import Question
from partnerloop.pulses.rewording import Words
from partnerloop.pulses.wording import with_vendor
from partnerloop.web.components import Scale0to10
from partnerloop.web.respond.pages import Letterhead, OpenQuestion
from partnerloop.web.workspace.bank_words import name_of

SOME_PARTNER = "Alder & Finch"


@dataclass(frozen=True, slots=True)
class Preview:
    """A phone with the question in one language."""

    language: str
    name: str
    letterhead: Letterhead
    body: str


def as_read(text: str, *, program: Program) -> str:
    """Return words with the vendor's name and, where they name one, that of some partner."""
    return with_vendor(text, vendor=program.vendor_name).replace(PARTNER, SOME_PARTNER)


def preview(question: Question, words: Words, *, language: str, program: Program) -> Preview:
    """Return the question in these words, drawn by the parts that respondents get."""
    text = as_read(words.text, program=program)
    field = f"preview-{language}"
    with translation.override(language):
        if question.kind == Question.Kind.RATED:
            scale = Scale0to10(field, text, words.low, words.high)
            body = render_to_string("components/_scale.html", {"scale": scale})
        else:
            body = render_to_string("respond/_open.html", {"open": OpenQuestion(field, text)})
    letterhead = Letterhead(program.vendor_name, language=language)
    return Preview(language, name_of(language), letterhead, body)
