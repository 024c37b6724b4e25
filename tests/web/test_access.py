"""docs/reference/access.md against the running product: a mark in each field, each role looks."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from partnerloop.accounts.models import Membership, Role
from partnerloop.actions.models import FeedbackItem, State
from partnerloop.core.models import record_audit
from partnerloop.core.money import Money
from partnerloop.core.words import money
from partnerloop.integrations.keys.issuing import issue
from partnerloop.integrations.models import KeyScope
from partnerloop.loop.receiving import receive
from partnerloop.partners.models import Contact, Department, Partner, Revenue
from partnerloop.partners.visiting import portal_url
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Invitation, Question
from partnerloop.pulses.tokens import invitation_token
from partnerloop.release.models import ReleasedComment, Veil
from partnerloop.responses.accepted import Submission
from tests.architecture.tree import DOCS, table_of
from tests.web.conftest import NOW, Pages
from tests.web.test_tenants import ROUTES, STEPS, foreign_rows
from tests.world import MONDAY

PAGE = DOCS / "reference" / "access.md"
ROLES = {
    "Owner": Role.OWNER,
    "Channel chief": Role.CHIEF,
    "Partner manager": Role.MANAGER,
    "Department lead": Role.LEAD,
    "Executive": Role.EXECUTIVE,
}
READERS = (*ROLES, "Partner contact", "Respondent")
SEES = {
    row[0]: dict(zip(READERS, row[1:], strict=True)) for row in table_of(PAGE, heading="Who sees")
}
CHANGES = {
    row[0]: dict(zip(ROLES, row[1:], strict=True)) for row in table_of(PAGE, heading="Who changes")
}
OWN, OTHER = 7_341_257, 8_452_619  # revenues that nothing else is


@dataclass(frozen=True)
class Mark:
    """What a field's value looks like where it is shown: of the own row, and of another's."""

    own: tuple[str, ...]
    other: tuple[str, ...]


def both(word: str) -> Mark:
    return Mark((f"Own{word}",), (f"Other{word}",))


def single(*words: str) -> Mark:
    return Mark(words, words)


MARKS = {
    "partner's name": both("company"),
    "partner's revenue": Mark(
        (str(OWN), money(Money(OWN * 100, "EUR"))), (str(OTHER), money(Money(OTHER * 100, "EUR")))
    ),
    "contact's name": both("person"),
    "contact's e-mail address": Mark(("own.box@",), ("other.box@",)),
    "words said by name": both("words"),
    "words of people who stay unknown": single("Unknownwords"),
    "member's name": single("Markmember"),
    "member's e-mail address": single("mark.member@"),
    "address of an invitation": single("new@contoso.example"),
    "a contact's page: asks, budget, who entered it": Mark(("13 March 2019",), ("17 April 2019",)),
    "a manager's guess, beside the figure it was held against": Mark(
        ("1.3 to 9.4",), ("1.4 to 9.6",)
    ),
    "capacity of a department": single("7391"),
    "user name at the mail server": single("markserver"),
    "name of an API key": single("Markkey"),
    "address of a webhook": single("hooks.contoso.example"),
    "audit log": single("Marktarget"),
}


@dataclass
class Planted:
    """A program in which every field holds its mark, and the people who look for them."""

    pages: Pages
    readers: dict[str, Membership]
    own: dict[str, int | UUID]
    other: dict[str, int | UUID]
    ask: Invitation
    receipt: str


@pytest.fixture
def planted(pages: Pages) -> Planted:
    world = pages.world
    readers = {name: pages.member(f"{role}reader", role) for name, role in ROLES.items()}
    readers["Partner manager"] = pages.manager("Birkmanager", of="Birk")
    lead = readers["Department lead"]
    support = Department.objects.create(
        program=world.program, key="support", name="Support", lead=lead, weekly_capacity=7391
    )
    world.program.smtp_user = "markserver"
    world.program.save()
    marked = pages.member("Markmember", Role.CHIEF)
    marked.user.email = "mark.member@northwind.example"
    marked.user.save()
    rows = foreign_rows(world)
    issue("Markkey", scopes=["program:read"], days=1, by=world.priya, at=NOW)
    record_audit(
        "program.named", at=NOW, actor="system", target="Marktarget", program_id=world.program.pk
    )
    own = _plant(world, "Own", "Birk", "Eva Lind", OWN, department=support)
    other = _plant(world, "Other", "Cedar", "Gita Rao", OTHER, department=None)
    _comment(world, "Unknownwords", label="one of your partners")
    guesser = pages.manager("Cedarmanager", of="Cedar")
    _guess(world, readers["Partner manager"], own["partner_id"], low=1.3, high=9.4)
    _guess(world, guesser, other["partner_id"], low=1.4, high=9.6)
    ask = Invitation.objects.of(world.program).get(contact=own["contact_id"])
    said = Submission(ratings={}, words={ask.asked[0]: "My own."}, mode=Mode.NAMED)
    receipt = receive(ask, said, at=NOW).receipt_token
    return Planted(pages, readers, {**rows, **own}, {**rows, **other}, ask, receipt)


def _plant(world, mark, partner, person, revenue, *, department) -> dict[str, int | UUID]:
    company, contact = world.partners[partner], world.people[person]
    Partner.objects.of(world.program).filter(pk=company.pk).update(name=f"{mark}company")
    entered = MONDAY.replace(
        year=2019, month=3 if mark == "Own" else 4, day=13 if mark == "Own" else 17
    )
    Contact.objects.of(world.program).filter(pk=contact.pk).update(
        name=f"{mark}person", email=f"{mark.lower()}.box@{mark.lower()}.example", entered_at=entered
    )
    contact.refresh_from_db()
    company.refresh_from_db()
    Revenue.objects.create(
        program=world.program,
        partner=company,
        month=(MONDAY.date() - timedelta(days=60)).replace(day=1),
        amount_minor=revenue * 100,
        currency="EUR",
    )
    pulse = world.pulse(
        f"{mark}pulse",
        launched_at=NOW - timedelta(days=2 if mark == "Own" else 3),
        closes_at=NOW + timedelta(days=20),
        modes=["named", "confidential"],
    )
    world.ask(person, pulse=pulse, at=NOW - timedelta(hours=3), keys=("communication_open_low",))
    comment = _comment(world, f"{mark}words", partner=company, contact=contact, role="sales")
    item = _item(world, comment, partner=company, department=department)
    return {"partner_id": company.pk, "contact_id": contact.pk, "item_id": item.pk}


def _guess(world, by: Membership, partner_id, *, low: float, high: float) -> None:
    Veil.objects.create(
        program=world.program,
        member=by,
        partner_id=partner_id,
        measure="conflict",
        since=MONDAY.date(),
        settled_at=NOW - timedelta(hours=1),
        guess=9,
        mean=5.0,
        low=low,
        high=high,
    )


def _comment(world, text, **source) -> ReleasedComment:
    made = ReleasedComment.objects.create(
        program=world.program,
        comment_id=uuid4(),
        text=text,
        week=MONDAY.date(),
        released_at=MONDAY,
        **source,
    )
    if not source.get("partner"):
        _item(world, made)
    return made


def _item(world, comment, *, partner=None, department=None) -> FeedbackItem:
    return FeedbackItem.objects.create(
        program=world.program,
        comment=comment,
        partner=partner,
        department=department,
        state=State.RECEIVED,
        received_at=MONDAY,
        due_at=MONDAY,
    )


def everything_a_member_gets(planted: Planted, member: Membership) -> str:
    """Open all pages with own and other rows, their files, and the API; join what comes."""
    client = planted.pages.as_member(member)
    got = []
    for name, arguments in ROUTES:
        for rows in (planted.own, planted.other):
            given = {**rows, "slug": planted.pages.world.program.slug, "step": STEPS["step"][0]}
            url = reverse(
                name,
                kwargs={key: given[key] for key in arguments if key in given}
                | {key: "json" for key in arguments if key not in given},
            )
            got += [taken(client, url), taken(client, f"{url}?export=raw")]
    key = issue("all", scopes=list(KeyScope.values), days=1, by=member, at=NOW).secret
    for path in ("program", "partners", "contacts", "feedback"):
        answer = Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"})
        got.append(answer.content.decode() if answer.status_code == 200 else "")
    return "\n".join(got)


def taken(client: Client, url: str) -> str:
    """Return what an address answers, where it answers with something."""
    answer = client.get(url)
    if answer.status_code != 200:
        return ""
    if getattr(answer, "streaming", False):
        return b"".join(answer.streaming_content).decode("utf-8", "replace")
    return answer.content.decode("utf-8", "replace")


def everything_outside(planted: Planted, reader: str) -> str:
    """Open what a link without a password opens."""
    world, client = planted.pages.world, Client()
    if reader == "Partner contact":
        eva = Contact.objects.of(world.program).get(pk=planted.own["contact_id"])
        birk = Partner.objects.of(world.program).get(pk=planted.own["partner_id"])
        return taken(client, portal_url(eva, birk, at=NOW))
    token = invitation_token(planted.ask.pk)
    urls = (f"/a/{token}", f"/r/{planted.receipt}", f"/promise/{world.program.slug}")
    return "\n".join(taken(client, url) for url in urls)


def test_the_table_has_a_row_for_each_mark() -> None:
    assert list(SEES) == list(MARKS)


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_sees_what_the_table_says_and_nothing_else(planted, reader) -> None:
    if reader in ROLES:
        got = everything_a_member_gets(planted, planted.readers[reader])
    else:
        got = everything_outside(planted, reader)
    assert got.strip(), "nothing opened at all"
    wrong = []
    for field, mark in MARKS.items():
        told = SEES[field][reader]
        own = any(word in got for word in mark.own)
        other = any(word in got for word in mark.other)
        expected = {"all": (True, True), "own": (True, False), "no": (False, False)}[told]
        if (own, other) != expected:
            wrong.append((field, told, f"own {own}, other {other}"))
    assert wrong == []


def tries(planted: Planted, member: Membership) -> dict[str, tuple[str, dict[str, str]]]:
    """Return one post for each change; what it holds is wrong, so that nothing changes."""
    rows = planted.own
    supply = Department.objects.of(member.program).get(key="support").pk
    asked = Question.objects.of(member.program).earliest("pk")
    return {
        "settings, mail and promise": ("settings/", {"part": "naming"}),
        "API keys and webhooks": ("settings/connections/", {"part": "key"}),
        "the widget": ("settings/widget/", {"part": "origin"}),
        "a member's role": (f"people/members/{rows['member_id']}/role/", {"role": "none"}),
        "end a membership": (f"people/members/{rows['member_id']}/end/", {}),
        "hand partners over": (f"people/members/{member.pk}/hand-over/", {}),
        "who looks after a partner": (
            f"partners/{rows['partner_id']}/managers/give/",
            {"member": str(member.pk)},
        ),
        "who stands in for oneself": (f"people/members/{member.pk}/cover/", {}),
        "invite a member": ("people/invitations/", {"email": "no", "role": "lead"}),
        "departments": ("people/departments/", {}),
        "contacts": ("people/contacts/new/", {}),
        "imports": ("start/import/", {}),
        "pulses": ("pulses/new/", {}),
        "limits of signals": ("pulses/signals/", {}),
        "write a talk down": ("pulses/sessions/", {"name": "", "people": ""}),
        "objectives": ("objectives/new/", {}),
        "what a department needs to know": (f"objectives/needs/{supply}/tell/", {}),
        "metrics of the program's own": (f"metrics/{rows['key']}/weigh/", {"weight": "many"}),
        "questions": (f"questions/{asked.pk}/words/en/", {"text": "How is it?"}),
        "a person's rights": (f"settings/people/{rows['contact_id']}/erase/", {}),
        "answer feedback": (f"inbox/{rows['item_id']}/answer/", {"text": ""}),
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_change_what_the_table_says_and_nothing_else(planted, role) -> None:
    member = planted.readers[role]
    client = planted.pages.as_member(member)
    posts = tries(planted, member)
    assert list(posts) == list(CHANGES)
    may = {
        change: "no"
        if client.post(planted.pages.url(path), given).status_code in (403, 404)
        else "yes"
        for change, (path, given) in posts.items()
    }
    assert may == {change: CHANGES[change][role] for change in CHANGES}
