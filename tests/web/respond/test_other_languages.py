"""Questions in a language that came by file: each in its own, all around it in one of ours."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from partnerloop.loop.inviting import message_for
from partnerloop.partners.models import Contact, Partner
from partnerloop.pulses.filing.loading import load
from partnerloop.pulses.models import Invitation, Wording
from partnerloop.pulses.tokens import invitation_token
from partnerloop.pulses.wording import words_for
from tests.web.conftest import NOW, Pages
from tests.web.respond.test_languages import read
from tests.world import MONDAY

KEYS = ("partnerscore", "communication_accuracy", "communication_open_low")
FILE = """
language = "{language}"

[questions.partnerscore]
version = 1
text = "{text}"
low = "{low}"
high = "{high}"

[questions.communication_open_low]
version = 1
text = "{open}"
"""
ARABIC = {
    "text": "ما مدى جودة كونك شريكًا؟",
    "low": "سيئ جدًا",
    "high": "ممتاز",
    "open": "ماذا نغير أولا؟",
}
ITALIAN = {"text": "Come va?", "low": "male", "high": "bene", "open": "Che cosa manca?"}


def asked_in(pages: Pages, language: str, words: dict[str, str]) -> tuple[Invitation, str]:
    """Load words by file, and ask Ana, who reads that language, at a German partner."""
    program = pages.world.program
    load(program, FILE.format(language=language, **words), by=pages.world.priya, at=MONDAY)
    Contact.objects.of(program).filter(name="Ana Keller").update(language=language)
    Partner.objects.of(program).filter(name="Alder & Finch").update(language="de")
    pulse = pages.world.pulse(
        launched_at=MONDAY - timedelta(days=1),
        closes_at=MONDAY + timedelta(days=27),
        modes=["named", "confidential"],
    )
    made = pages.world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=KEYS)
    keys = [Wording.objects.of(program).get(pk=pk).question_id for pk in made.asked]
    found = words_for(keys, program=program, languages=(language, "de", "en"))
    Invitation.objects.of(program).filter(pk=made.pk).update(asked=[found[pk].pk for pk in keys])
    made = Invitation.objects.of(program).get(pk=made.pk)
    return made, f"/a/{invitation_token(made.pk)}"


def test_arabic_questions_are_written_from_right_to_left(client: Client, pages: Pages) -> None:
    _made, link = asked_in(pages, "ar", ARABIC)
    page = read(client.get(link), "de")  # around them: the partner's language, promises included
    first, second = re.findall(r"<fieldset class=.scale.*?</fieldset>", page, re.DOTALL)
    assert 'dir="rtl"' in first
    assert '<legend lang="ar">' in first
    assert ARABIC["high"] in first
    assert "dir=" not in second  # no Arabic words: in German, as all of the page
    assert "lang=" not in second
    assert re.search(rf'<label [^>]*lang="ar" dir="auto">{ARABIC["open"]}', page)


def test_the_mail_puts_an_arabic_question_into_a_german_letter(pages: Pages) -> None:
    made, _link = asked_in(pages, "ar", ARABIC)
    mail = message_for(made, at=NOW)
    assert '<html lang="de" dir="ltr"' in mail.html
    assert re.search(rf'<h1 [^>]*lang="ar" dir="rtl"[^>]*>{ARABIC["text"]}', mail.html)
    assert re.search(rf'align="left"[^>]*>10: {ARABIC["high"]}', mail.html)


@pytest.mark.parametrize("language", ["it", "pt-BR"])
def test_another_language_is_asked_within_one_of_ours(
    client: Client, pages: Pages, language: str
) -> None:
    made, link = asked_in(pages, language, ITALIAN)
    assert ITALIAN["text"] in read(client.get(link), "de")
    assert ITALIAN["text"] in message_for(made, at=NOW).text


def test_who_changes_their_language_reads_an_open_invitation_in_one(
    client: Client, pages: Pages
) -> None:
    """Its questions stay as they were asked, and the promise speaks as they do."""
    pulse = pages.world.pulse(modes=["named", "confidential"])
    made = pages.world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=KEYS, language="de")
    Contact.objects.of(pages.world.program).filter(name="Ana Keller").update(language="fr")
    page = read(client.get(f"/a/{invitation_token(made.pk)}"), "de")
    assert "Wer darf wissen, dass Sie es waren?" in page
