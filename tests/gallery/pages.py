"""The gallery and every respondent page and letter, rendered to strings."""

from pathlib import Path
from typing import Any

from django import forms
from django.template import engines
from django.template.loader import render_to_string

from partnerloop.core.words import Figure
from partnerloop.web.components import Choices, Move, Who
from partnerloop.web.respond import notices
from partnerloop.web.respond import pages as respond
from tests.gallery import cast

GALLERY = Path(__file__).with_name("gallery.html")
HEAD = respond.Letterhead("Northwind Robotics", "for Alder & Finch")
LINKS = respond.Links(*["#"] * 6)
LONG_HEAD = respond.Letterhead(cast.LONG, f"for {cast.LONG}", "ar")


class Form(forms.Form):
    """A Django form with every kind of field."""

    email = forms.EmailField(help_text="We never show it.")
    role = forms.ChoiceField(choices=[("s", "Sales"), ("t", "Technical")])
    words = forms.CharField(widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label="Tell the partner when it is done", help_text="By mail.")
    hidden = forms.CharField(widget=forms.HiddenInput, initial="x", required=False)


def gallery(**shown: Any) -> str:
    """Return the page of all components; words change the frame around it."""
    context = {
        "shell": cast.SHELL,
        "cards": cast.CARDS,
        "changes": cast.CHANGES,
        "steps": cast.STEPS,
        "lines": cast.LINES,
        "inbox": cast.INBOX,
        "inbox_pager": cast.Pager("Pages of the inbox", "1–3 of 41", next_url="#"),
        "thread": cast.THREAD,
        "long": cast.LONG,
        "states": ["received", "routed", "answered", "planned", "done", "declined", "merged"],
        "figures": [
            Figure(2, 1, 3),
            Figure(4, 3.5, 4.5),
            Figure(5, 4.5, 5.5),
            Figure(6, 5.5, 6.5),
            Figure(7, 6.5, 7.3),
            Figure(7.4, 7.2, 7.9),
            Figure(9, 8, 10),
            Figure(5, 1, 9),
        ],
        "priya": cast.PRIYA,
        "kestrel": cast.KESTREL,
        "awkward": Who(f"{cast.LONG} {cast.NASTY}", cast.ARABIC),
        "moves": [Move(0.8), Move(-1.7), Move(None)],
        "hidden_figure": cast.HIDDEN,
        "fields": cast.FIELDS,
        "form": Form({"email": "no", "role": "s"}),
        "errors": [respond.FormError("This date has passed.", "id_due")],
        "scale": cast.SCALE_QUESTION,
        "better": cast.BETTER,
        "modes": cast.MODES,
        "way": cast.WAY,
        "table": cast.TABLE,
        "pager": cast.PAGER,
        "year": cast.year(7.6, 5.9, unknown=(5,)),
        "peers": cast.year(6.9, 7.0),
        "events": cast.EVENTS,
        "shifts": cast.SHIFTS,
        "answered": Figure(3.2, 2.5, 3.9),
        "timeline": cast.TIMELINE,
        "empty": cast.EMPTY,
    }
    template = engines["django"].from_string(GALLERY.read_text())
    return str(template.render(context | shown))


def questions() -> tuple[cast.Scale0to10, ...]:
    """Return three rated questions, the first tapped in the mail."""
    return (
        cast.Scale0to10("q1", "How good is it to be a partner right now?", "bad", "great", "7"),
        cast.Scale0to10("q2", "How accurate is the information you get?", "wrong", "right"),
        cast.Scale0to10("q3", "How well are disagreements settled?", "badly", "very well", "none"),
    )


def answer_page(modes: Choices | respond.OnlyMode | None = cast.MODES) -> respond.AnswerPage:
    """Return an answer page as most people see it."""
    return respond.AnswerPage(
        HEAD,
        "/a/x8",
        questions(),
        respond.OpenQuestion("open", "What should we do first?"),
        modes,
        answering_as="Answering as C. Ormond of Alder & Finch.",
        why="You work on sales at Alder & Finch, and nobody there has been asked since September.",
        links=LINKS,
    )


def receipt_page() -> respond.ReceiptPage:
    """Return a receipt with everything on it."""
    item = respond.ReceiptItem(
        cast.Said("It took nine weeks to hear that we were right.", "You, week of 2 November"),
        "done",
        "with Sales operations",
        cast.TIMELINE,
        cast.THREAD,
        cast.BETTER,
        "/r/7/check",
        "/r/7/reply",
        reply_hint="Reaches Hannah without your name.",
        sign_url="/r/7/sign",
    )
    return respond.ReceiptPage(
        HEAD,
        (item,),
        (respond.Given("To be a partner of Northwind", "7"), respond.Given(cast.LONG, "–")),
        "Confidential. Averaged with colleagues’ answers on a Monday.",
        "Your private receipt. Nobody at Northwind sees that you are here.",
        "Your reply is on its way.",
        "#",
        "#",
        "#",
        LINKS,
    )


def respondent() -> dict[str, str]:
    """Return every respondent page, ordinary and awkward."""
    only = respond.OnlyMode("mode", "named", "The people at Northwind see your name and answer.")
    awkward = respond.AnswerPage(
        LONG_HEAD,
        "/a/x8",
        (cast.Scale0to10("q1", cast.ARABIC, cast.LONG, cast.NASTY, error="Choose one."),),
        respond.OpenQuestion("open", cast.LONG, cast.NASTY, "Too long by 3 letters."),
        changing="You answered on 9 November. Sending again changes your answers.",
        errors=(respond.FormError("Your line is too long.", "open"),),
    )
    thanks = respond.ThanksPage(
        HEAD,
        "They count as confidential: only together with at least two colleagues.",
        "https://feedback.northwind.example/r/7hq2-kd9x-me4w",
        cast.TIMELINE,
        (respond.DoneForYou(cast.Said("Nine days.", "14 partners"), "done", "Now two days."),),
        "Next question for you: not before 21 December.",
        LINKS,
    )
    promise = respond.PromisePage(
        HEAD,
        (respond.PromisedMode("Named", "Your contact sees your name and your answer."),),
        ("A low score has no automatic consequence.",),
        ("Your words can give you away by style and content.",),
        "Zero answers found for sure.",
        "See, correct, export or erase what is stored about you.",
        "privacy@northwind.example",
        LINKS,
    )
    stop = respond.ConfirmPage(
        HEAD,
        "Stop all questions?",
        "We will not ask you again.",
        "/s/x8",
        "Stop asking me",
        "#",
        "Keep asking",
        cast.MODES,
        LINKS,
    )
    tell = respond.TellUsNowPage(
        HEAD, "/n/x8", "Your contact sees your name.", "words", cast.NASTY, "Write a line.", only
    )
    shown = {
        "answer": answer_page(),
        "answer-only-named": answer_page(only),
        "answer-awkward": awkward,
        "answer-bare": respond.AnswerPage(LONG_HEAD, "/a/x8", ()),
        "thanks": thanks,
        "thanks-bare": respond.ThanksPage(LONG_HEAD, "They count.", "https://x.example/r/1"),
        "receipt": receipt_page(),
        "receipt-bare": respond.ReceiptPage(LONG_HEAD),
        "notice-expired": notices.expired_link(HEAD, links=LINKS),
        "notice-unknown": notices.unknown_link(),
        "confirm": stop,
        "tell_us_now": tell,
        "promise": promise,
    }
    return {
        name: render_to_string(f"respond/{name.split('-')[0]}.html", {"page": page})
        for name, page in shown.items()
    }
