"""A partner's own pages speak the language of the person, figures and days included."""

import re

import pytest

from partnerloop.actions.answering import answer
from partnerloop.actions.models import FeedbackItem
from partnerloop.core.models import AuditEntry
from partnerloop.partners.models import Contact, Partner
from partnerloop.partners.visiting import portal_token
from tests.web.conftest import NOW
from tests.web.respond.test_languages import OTHERS, read

PEOPLE = ("Ana Keller", "Ben Okafor", "Claire Dubois")
SAID = {
    "de": (
        r"Kommunikation \d,\d, wahrscheinlich \d,\d bis \d,\d",
        "Antworten mit Namen von 3–4 Personen",
        "Woche vom 23. November",
    ),
    "fr": (
        r"Communication \d,\d, sans doute entre \d,\d et \d,\d",
        "Réponses nominatives de 3–4 personnes",
        "semaine du 23 novembre",
    ),
    "es": (
        r"Comunicación \d,\d, probablemente de \d,\d a \d,\d",
        "Respuestas con nombre de 3–4 personas",
        "semana del 23 de noviembre",
    ),
}


def link_of(pages, *, name: str = "Ana Keller", partner: str = "Alder & Finch") -> str:
    world = pages.world
    token = portal_token(world.people[name], world.partners[partner], at=NOW)
    return f"/portal/{token}/"


def speaks(pages, language: str, *, name: str = "Ana Keller") -> None:
    Contact.objects.of(pages.world.program).filter(name=name).update(language=language)


@pytest.mark.parametrize("language", OTHERS)
def test_every_page_is_in_the_language_of_the_person(
    pages, client, say, work_through, language
) -> None:
    speaks(pages, language)
    link = link_of(pages)
    read(client.get(link), language)  # nothing known yet: every figure hidden
    for name in PEOPLE:
        say(name, {"partnerscore": 4, "communication_accuracy": 3})
    for number in range(6):
        client.post(f"{link}now/", {"words": f"Hm {number}."})
    work_through()
    item = FeedbackItem.objects.of(pages.world.program).first()
    answer(item, "Ja.", by=pages.world.priya, at=NOW)
    read(client.get(link), language)
    read(client.get(f"{link}now/"), language)
    read(client.post(f"{link}now/", {"words": ""}), language)
    read(client.post(f"{link}now/", {"words": "Hm."}), language)


@pytest.mark.parametrize("language", OTHERS)
def test_figures_basis_and_days_are_written_as_its_readers_write_them(
    pages, client, say, work_through, language
) -> None:
    speaks(pages, language)
    for name in PEOPLE:
        words = "Hm." if name == "Ana Keller" else ""
        say(name, {"partnerscore": 4, "communication_accuracy": 3}, words=words)
    work_through()
    page = client.get(link_of(pages)).text
    for sentence in SAID[language]:
        assert re.search(sentence, page)


def test_partners_like_this_one_are_named_in_the_language_too(pages, client, say) -> None:
    speaks(pages, "fr", name="Eva Lind")
    for name in PEOPLE:
        say(name, {"partnerscore": 4, "communication_accuracy": 3})
    read(client.get(link_of(pages, name="Eva Lind", partner="Birk")), "fr")


@pytest.mark.parametrize(
    ("person", "partner", "program", "spoken"),
    [
        ("fr", "de", "es", "fr"),
        ("", "de", "es", "de"),
        ("", "", "es", "es"),
        ("de-AT", "fr", "es", "de"),
        ("it", "fr", "es", "fr"),
        ("it", "", "ja", "en"),
    ],
)
def test_it_falls_back_to_the_partner_the_program_and_english(
    pages, client, person, partner, program, spoken
) -> None:
    speaks(pages, person)
    Partner.objects.of(pages.world.program).update(language=partner)
    pages.world.program.language = program
    pages.world.program.save()
    assert f'<html lang="{spoken}" dir="ltr">' in client.get(link_of(pages)).text


def test_one_press_changes_the_language_here_and_from_now_on(pages, client) -> None:
    link = link_of(pages)
    assert f'action="{link}language/"' in client.get(link).text
    page = client.post(f"{link}language/", {"language": "es"}, follow=True)
    read(page, "es")
    assert not page.cookies
    ana = Contact.objects.of(pages.world.program).get(name="Ana Keller")
    assert (ana.language, ana.language_chosen_at) == ("es", NOW)
    noted = AuditEntry.objects.get(action="contact.language_chosen")
    assert (noted.actor, noted.program_id) == ("contact", pages.world.program.pk)


def test_a_language_without_words_changes_nothing(pages, client) -> None:
    link = link_of(pages)
    for wrong in ("", "tlh", "de-AT", "x" * 500):
        client.post(f"{link}language/", {"language": wrong})
    ana = Contact.objects.of(pages.world.program).get(name="Ana Keller")
    assert ana.language_chosen_at is None


def test_a_link_that_is_over_changes_no_language(client, db) -> None:
    assert client.post("/portal/made-up/language/", {"language": "de"}).status_code == 410
