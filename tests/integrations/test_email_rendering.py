import re
from dataclasses import replace
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest

from partnerloop.integrations.email.letters import Sender, SignInMail
from partnerloop.integrations.email.rendering import (
    RenderedMail,
    render_invitation,
    render_sign_in,
)
from tests.gallery.letters import INVITATION, LETTERS


class Markup(HTMLParser):
    """Collects what mail clients trip over."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.opened: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append((tag, dict(attrs)))

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.opened if name == tag]


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_is_whole(name):
    mail = LETTERS[name]
    assert mail.subject
    assert "\n" not in mail.subject
    markup = Markup(mail.html)
    assert all(table.get("role") == "presentation" for table in markup.every("table"))
    assert all((a.get("href") or "").startswith("https://f.example/") for a in markup.every("a"))
    assert not {"script", "img", "link", "form"} & {tag for tag, _ in markup.opened}
    assert all("style" in a for a in markup.every("a"))
    assert "{{" not in mail.html + mail.text
    assert "{%" not in mail.html + mail.text
    assert "\n\n\n" not in mail.text
    assert "<" not in mail.text
    hrefs = [a["href"] or "" for a in markup.every("a")]
    # the trap stands only where programs look, not people
    links = {href for href in hrefs if "?q=" not in href and not href.endswith("/all")}
    assert all(str(link) in mail.text for link in links)


def test_the_first_question_is_tappable_from_0_to_10():
    taps = re.findall(r'href="(https://f\.example/a/x8\?q=\d+)"', LETTERS["invitation"].html)
    assert taps == [f"https://f.example/a/x8?q={n}" for n in range(11)]
    assert LETTERS["invitation"].html.count('aria-label="Answer ') == 11


def test_a_tapped_number_joins_an_address_that_has_a_query_already():
    taps = replace(INVITATION, answer_url="https://f.example/a/x8?l=de").taps
    assert taps[7] == (7, "https://f.example/a/x8?l=de&q=7")


def test_an_open_first_question_has_a_button_instead_of_numbers():
    html = LETTERS["open invitation"].html
    assert "?q=" not in html
    assert ">Answer</a>" in html


def test_names_are_escaped_in_html_and_plain_in_text():
    mail = LETTERS["portal"]
    assert "Alder &amp; Finch" in mail.html
    assert "Alder & Finch" in mail.text
    nasty = replace(INVITATION, name="<script>alert(1)</script>")
    assert "<script>alert" not in render_invitation(nasty).html


def test_a_line_break_in_a_name_starts_no_header():
    sender = Sender("North\r\nBcc: everyone@example.com")
    mail = render_sign_in(SignInMail(sender, "https://f.example/in/9", 15))
    message = EmailMessage()
    message["Subject"] = mail.subject
    assert message["Bcc"] is None


def test_a_letter_in_a_right_to_left_language_says_so():
    mail = render_invitation(replace(INVITATION, sender=Sender("نورث", "", "ar", "rtl")))
    assert '<html lang="ar" dir="rtl"' in mail.html


def test_what_is_not_known_leaves_no_gap():
    mail: RenderedMail = LETTERS["bare invitation"]
    assert "Hello" not in mail.text
    assert "Why you" not in mail.text + mail.html
    assert "Tell us now" not in mail.text + mail.html


def test_a_letter_stays_below_the_size_at_which_mail_programs_cut_it():
    assert all(len(mail.html.encode()) < 40_000 for mail in LETTERS.values())
