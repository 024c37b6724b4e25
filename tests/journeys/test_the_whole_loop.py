"""The whole loop, read as a tutorial: from a file of partners to an answer that the writer can see.

Nothing here reaches into the product: everything happens through pages, links and mails, as it
does for people. Only the worker is told to work, which a running installation does by itself.
"""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from partnerloop.accounts.models import Membership
from partnerloop.accounts.signing_in import make_link
from partnerloop.core import clock
from partnerloop.loop.founding import Founding, found
from partnerloop.loop.worker import work_once

PARTNERS = """partner,domain,type,tier,region,country,contact,email,role,language
Alder & Finch,alder.example,integrator,Gold,EMEA,GB,Ana Keller,ana@alder.example,technical,en
Alder & Finch,alder.example,integrator,Gold,EMEA,GB,Ben Okafor,ben@alder.example,sales,en
Birk GmbH,birk.example,reseller,Silver,NA,US,Eva Lind,eva@birk.example,sales,en
"""

pytestmark = pytest.mark.django_db


def test_from_a_file_of_partners_to_an_answer_its_writer_can_see() -> None:
    # A channel chief starts an empty program and signs in by a one-time link.
    owner = found_a_program()
    chief = Client()
    token = make_link(owner.user, at=clock.now())
    assert "Sign in" in text(chief.get(f"/s/{token}"))
    assert chief.post(f"/s/{token}").status_code == 302
    assert "three steps" in text(chief.get("/p/nordic/start/")).lower()

    # She imports her partners. The file is checked first; nothing is saved until she confirms.
    file = SimpleUploadedFile("partners.csv", PARTNERS.encode(), content_type="text/csv")
    columns = chief.post("/p/nordic/start/import/", {"file": file}, follow=True)
    assert "10 of 10 columns recognised" in text(columns)
    run = columns.redirect_chain[-1][0]
    meanings = dict(enumerate("partner domain type tier region country name email role".split()))
    named = {f"column-{place}": key for place, key in {**meanings, 9: "language"}.items()}
    checked = chief.post(f"{run}columns/", named, follow=True)
    assert "Ana Keller" in text(checked)
    assert "Alder" not in text(chief.get("/p/nordic/partners/"))
    assert "Saved: 3 rows" in text(chief.post(f"{run}confirm/", follow=True))
    table = text(chief.get("/p/nordic/partners/"))
    assert "Alder & Finch" in table
    assert "Birk GmbH" in table

    # She drafts a pulse, sees who would be asked what, and sends it.
    modes = ["named", "confidential"]
    draft = {"name": "First pulse", "modes": modes, "asks_open_question": "on"}
    preview = chief.post("/p/nordic/pulses/new/", draft, follow=True)
    assert "Ana Keller" in text(preview)
    pulse = preview.redirect_chain[-1][0]
    assert "Sent to 3 people" in text(chief.post(f"{pulse}send/", follow=True))
    let_the_worker_work()

    # No mail server is set up yet, so every mail waits on the outbox page. Ana opens hers.
    ana = Client()
    link = answer_link(chief, "Ana Keller")
    page = ana.get(f"{link}?q=3")
    assert page.status_code == 200
    assert re.search(r'value="3"\s+checked', page.content.decode())
    assert not page.cookies, "opening a link sets nothing and stores nothing"

    # She rates low and says who may know; then she is asked one question that fits, and writes.
    fields = form_fields(page.content.decode())
    scores = sorted({name for name in fields["radio"] if name != "mode"})
    first = scores[0]
    more = ana.post(link, {**dict.fromkeys(scores, "2"), "mode": "named"})
    assert "One line more" in text(more)
    words = "Delivery dates change after we have promised them to customers."
    line = form_fields(more.content.decode())["text"][0]
    thanks = ana.post(link, {line: words, "step": "more"}, follow=True)
    assert "Thank you" in text(thanks)
    receipt = re.search(r"/r/[\w-]+", thanks.content.decode())
    assert receipt is not None

    # The score moved at once; the comment becomes a feedback item with her name on it.
    after_a_low_answer = score(chief, "Alder & Finch")
    assert after_a_low_answer is not None
    let_the_worker_work()
    inbox = chief.get("/p/nordic/inbox/")
    assert words in text(inbox)
    item = re.search(r"/p/nordic/inbox/[0-9a-f-]{36}/", inbox.content.decode())
    assert item is not None
    shown = text(chief.get(item.group()))
    assert "Ana Keller" in shown

    # The chief answers; Ana gets a mail and sees on her receipt what came of what she said.
    reply = "You are right. From Monday on, dates are only changed after a call with you."
    assert reply in text(chief.post(f"{item.group()}answer/", {"text": reply}, follow=True))
    let_the_worker_work()
    assert reply in text(ana.get(receipt.group()))
    outbox = text(chief.get("/p/nordic/outbox/"))
    assert outbox.count("Ana Keller") >= 2

    # A second press of Send with the same link changes her answer and adds none.
    again = ana.post(link, {first: "9"}, follow=True)
    assert "Thank you" in text(again)
    assert score(chief, "Alder & Finch") > after_a_low_answer
    assert "Nobody waits" in text(chief.get("/p/nordic/inbox/"))


def found_a_program() -> Membership:
    founding = Founding(
        slug="nordic",
        name="Nordic Partners",
        vendor_name="Nordic Drives",
        owner_email="ida@nordic.example",
        owner_name="Ida Holm",
    )
    return found(founding, at=clock.now())


def let_the_worker_work() -> None:
    while work_once("journey", now=clock.now):
        pass


def answer_link(chief: Client, name: str) -> str:
    """Return the path of a person's answer page, as the mail on the outbox page carries it."""
    outbox = chief.get("/p/nordic/outbox/").content.decode()
    for mail in dict.fromkeys(re.findall(r"/p/nordic/outbox/[0-9a-f-]{36}/", outbox)):
        shown = unescape(chief.get(mail).content.decode())
        link = re.search(r"/a/[\w-]{20,}", shown)
        if name in shown and link:
            return link.group()
    raise AssertionError(f"no mail to {name} on the outbox page")


def score(chief: Client, partner: str) -> float | None:
    """Return the PartnerScore in a partner's row of the table, if it is shown."""
    table = text(chief.get("/p/nordic/partners/"))
    row = table[table.index(partner) :].partition("</tr>")[0]
    figure = re.search(r"\b\d\.\d\b", row)
    return float(figure.group()) if figure else None


def form_fields(page: str) -> dict[str, list[str]]:
    radios = re.findall(r'type="radio"[^>]*name="([^"]+)"|name="([^"]+)"[^>]*type="radio"', page)
    texts = re.findall(r'<textarea[^>]*name="([^"]+)"', page)
    return {"radio": list({a or b for a, b in radios}), "text": texts}


def text(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]
