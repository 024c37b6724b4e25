"""A metric of the program's own, from the page on which it is written to the figure of a partner.

Everything happens through pages, links and mails; the database is only looked into to find out
who was asked about it.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from partnerloop.accounts.models import Membership
from partnerloop.accounts.signing_in import make_link
from partnerloop.core import clock
from partnerloop.integrations.keys.issuing import issue
from partnerloop.partners.visiting import portal_token
from partnerloop.pulses.models import Invitation, Wording
from tests.journeys.test_the_whole_loop import (
    answer_link,
    form_fields,
    found_a_program,
    let_the_worker_work,
    text,
)

# Two digits, so that no name is part of another: a mail is found by it.
ROWS = "\n".join(
    f"Company {n:02},c{n}.example,reseller,Gold,EMEA,GB,Person N{n:02},p@c{n}.example,sales,en"
    for n in range(40)
)
PARTNERS = f"partner,domain,type,tier,region,country,contact,email,role,language\n{ROWS}\n"
MEANINGS = "partner domain type tier region country name email role language".split()
METRIC = {
    "name": "Enablement",
    "definition": "Does our training let the partner sell without our help?",
    "low": "Partners cannot sell without help.",
    "high": "Partners sell without help.",
    "text": "How well does {vendor} prepare you to sell?",
    "zero": "not at all",
    "ten": "fully",
    "weight": "0.5",
}

pytestmark = pytest.mark.django_db


def test_from_its_words_to_its_figure_on_every_page() -> None:
    owner = found_a_program()
    chief = signed_in(owner)
    import_partners(chief)

    # She writes the metric with its question. Its cell says that there are too few answers yet.
    kept = chief.post("/p/nordic/metrics/new/", METRIC, follow=True)
    assert "It is asked about from the next pulse on." in text(kept)
    let_the_worker_work()
    chief.post("/p/nordic/start/finish/")
    assert "Too few answers yet." in text(chief.get("/p/nordic/"))

    # A pulse to everybody asks some of them about it.
    draft = {"name": "First", "modes": ["named", "confidential"], "asks_open_question": "on"}
    preview = chief.post("/p/nordic/pulses/new/", draft, follow=True)
    assert "Enablement" in text(preview)
    chief.post(f"{preview.redirect_chain[-1][0]}send/", follow=True)
    let_the_worker_work()
    ask = one_who_is_asked_about_it(owner)

    # One of them rates it low, by name.
    link, partner = answer_link(chief, ask.contact.name), ask.partner
    page = Client().get(link)
    assert "How well does Nordic Drives prepare you to sell?" in text(page)
    scores = {name for name in form_fields(page.content.decode())["radio"] if name != "mode"}
    Client().post(link, {**dict.fromkeys(scores, "1"), "mode": "named", "step": "more"})
    let_the_worker_work()

    # The figure stands on the partner's page, its own page, in the table, its file and the API.
    shown = text(chief.get(f"/p/nordic/partners/{partner.pk}/"))
    assert "Enablement" in shown
    assert "The seven, and Enablement by its weight." in shown
    taken = chief.get("/p/nordic/partners/?measure=our_enablement&export=csv")
    file = b"".join(taken.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Enablement" in file
    assert "Own answers" in file
    token = portal_token(ask.contact, partner, at=clock.now())
    own = text(Client().get(reverse("portal", args=[token])))
    assert "Enablement" in own
    told = by_api(owner, partner.pk)
    figure = told["scores"]["our_enablement"]
    assert figure["basis"] == "own"
    assert 0 < figure["low"] < figure["value"] < figure["high"] < 10
    others = [one for one in all_by_api(owner) if one["id"] != partner.pk]
    assert {one["scores"]["our_enablement"]["hidden"] for one in others} == {"too_few_yet"}


def signed_in(owner: Membership) -> Client:
    chief = Client()
    chief.post(f"/s/{make_link(owner.user, at=clock.now())}")
    return chief


def import_partners(chief: Client) -> None:
    file = SimpleUploadedFile("partners.csv", PARTNERS.encode(), content_type="text/csv")
    columns = chief.post("/p/nordic/start/import/", {"file": file}, follow=True)
    run = columns.redirect_chain[-1][0]
    named = {f"column-{place}": key for place, key in enumerate(MEANINGS)}
    chief.post(f"{run}columns/", named, follow=True)
    assert "Saved: 40 rows" in text(chief.post(f"{run}confirm/", follow=True))


def one_who_is_asked_about_it(owner: Membership) -> Invitation:
    about = Wording.objects.of(owner.program).filter(question__measure="our_enablement")
    words = set(about.values_list("pk", flat=True))
    asks = Invitation.objects.of(owner.program).select_related("contact", "partner")
    return next(ask for ask in asks if words & set(ask.asked))


def by_api(owner: Membership, partner_id: int) -> dict:
    return called(owner, f"/api/v1/partners/{partner_id}")


def all_by_api(owner: Membership) -> list[dict]:
    return called(owner, "/api/v1/partners?limit=100")["partners"]


def called(owner: Membership, path: str) -> dict:
    made = issue("Reader", scopes=["partners:read"], days=1, by=owner, at=clock.now())
    return Client().get(path, headers={"Authorization": f"Bearer {made.secret}"}).json()
