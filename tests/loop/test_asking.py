"""From a drafted pulse to mails in the queue."""

import threading
from datetime import timedelta
from itertools import chain

import pytest
from django.db import connection

from partnerloop.core.ids import token_hash
from partnerloop.core.models import AuditEntry, Event, Message
from partnerloop.loop import asking
from partnerloop.loop.asking import (
    ClosesTooSoon,
    Launched,
    NobodyToAsk,
    NoModeOffered,
    PulseAlreadyLaunched,
    launch,
    preview,
    send_test,
    write_invitations,
)
from partnerloop.partners.stopping import stop_asking
from partnerloop.pulses.models import Invitation, Pulse, Question, Wording
from partnerloop.pulses.tokens import answer_url, find_invitation, invitation_token, stop_url
from tests.world import MONDAY, World, company, make_world, person


def write_all() -> list[Message]:
    for event in Event.objects.filter(kind="pulse.launched").order_by("key"):
        write_invitations(event, MONDAY)
    return list(Message.objects.filter(purpose="invitation").order_by("to"))


def test_a_launch_asks_what_the_preview_showed(world: World) -> None:
    pulse = world.pulse()
    seen = preview(pulse, at=MONDAY)
    assert launch(pulse, by=world.priya, at=MONDAY) == Launched(people=7, partners=3)
    asks = Invitation.objects.of(world.program).filter(pulse=pulse)
    asked = {ask.contact_id: ask for ask in asks}
    words = {w.pk: w for w in Wording.objects.of(world.program)}
    for row in seen.sample:
        texts = [words[pk].text for pk in asked[row.contact_id].asked]
        vendor = world.program.vendor_name
        assert [text.replace("{vendor}", vendor) for text in texts] == row.questions
    assert len(asked) == seen.people


def test_an_invitation_keeps_its_circumstances(world: World) -> None:
    launch(world.pulse(), by=world.priya, at=MONDAY)
    ask = Invitation.objects.of(world.program).get(contact=world.people["Ana Keller"])
    assert (ask.round, ask.role, ask.reason) == (1, "technical", "first_ask")
    assert ask.propensity == 1.0  # everybody who may be asked is
    assert ask.partner == world.partners["Alder & Finch"]
    assert ask.expires_at - ask.asked_at == timedelta(days=28)
    assert ask.token_hash == token_hash(invitation_token(ask.pk))


def test_modes_are_frozen_at_launch(world: World) -> None:
    world.program.modes_offered = ["named", "confidential", "anonymous"]
    world.program.save()
    pulse = world.pulse()
    launch(pulse, by=world.priya, at=MONDAY)
    world.program.modes_offered = ["named"]
    world.program.save()
    pulse.refresh_from_db()
    assert pulse.modes == ["named", "confidential", "anonymous"]
    assert (pulse.launched_at, pulse.launched_by) == (MONDAY, world.priya)


def test_a_pulse_may_offer_fewer_modes_than_its_program(world: World) -> None:
    pulse = world.pulse(modes=["confidential"])
    launch(pulse, by=world.priya, at=MONDAY)
    pulse.refresh_from_db()
    assert pulse.modes == ["confidential"]
    world.program.modes_offered = ["named"]
    world.program.save()
    with pytest.raises(NoModeOffered):
        launch(world.pulse("Sealed", modes=["confidential"]), by=world.priya, at=MONDAY)


def test_a_pulse_is_launched_once(world: World) -> None:
    pulse = world.pulse()
    launch(pulse, by=world.priya, at=MONDAY)
    stale = Pulse.objects.of(world.program).get(pk=pulse.pk)
    stale.launched_at = None
    for again in (pulse, stale):
        with pytest.raises(PulseAlreadyLaunched):
            launch(again, by=world.priya, at=MONDAY)
    with pytest.raises(PulseAlreadyLaunched):
        preview(pulse, at=MONDAY)
    assert Invitation.objects.of(world.program).count() == 7


def test_a_refused_launch_changes_nothing(world: World) -> None:
    launch(world.pulse(), by=world.priya, at=MONDAY)
    pulse = world.pulse("Too soon")
    with pytest.raises(NobodyToAsk):
        launch(pulse, by=world.priya, at=MONDAY + timedelta(days=3))
    pulse.refresh_from_db()
    assert pulse.launched_at is None
    assert not Invitation.objects.of(world.program).filter(pulse=pulse).exists()
    late = world.pulse("Late", closes_at=MONDAY)
    with pytest.raises(ClosesTooSoon):
        launch(late, by=world.priya, at=MONDAY + timedelta(days=30))


def test_invitations_end_with_their_pulse(world: World) -> None:
    pulse = world.pulse(closes_at=MONDAY + timedelta(days=5))
    launch(pulse, by=world.priya, at=MONDAY)
    ask = Invitation.objects.of(world.program).first()
    assert ask is not None
    assert ask.expires_at == MONDAY + timedelta(days=5)


def test_each_person_gets_one_mail_with_a_link_of_their_own(world: World) -> None:
    launch(world.pulse(), by=world.priya, at=MONDAY)
    mails = write_all()
    assert {mail.to for mail in mails} == {contact.email for contact in world.people.values()}
    for ask in Invitation.objects.of(world.program).select_related("contact"):
        [mail] = [mail for mail in mails if mail.to == ask.contact.email]
        token = invitation_token(ask.pk)
        assert mail.text.count(answer_url(token)) >= 1
        assert f"{answer_url(token)}?q=7" in mail.html
        assert mail.headers["List-Unsubscribe"] == f"<{stop_url(token)}>"
        assert find_invitation(token) == ask
        others = [m for m in mails if m.to != mail.to]
        assert not any(token in m.text + m.html + str(m.headers) for m in others)


def test_the_mail_says_what_comes_and_why(world: World) -> None:
    launch(world.pulse(), by=world.priya, at=MONDAY)
    [mail] = [mail for mail in write_all() if mail.to == "ana@alder.example"]
    assert mail.subject == (
        "Taking everything together, how good is it to be a partner of Northwind Robotics "
        "right now?"
    )
    assert "Hello Ana Keller," in mail.text
    assert "Two more ratings and one line of text, under a minute." in mail.text
    assert "You do technical work at Alder & Finch, and have not been asked before." in mail.text
    assert "You decide there who may know it was you." in mail.text
    assert "/promise/northwind" in mail.text
    assert "&amp;" not in mail.text


def test_writing_twice_writes_once(world: World) -> None:
    launch(world.pulse(), by=world.priya, at=MONDAY)
    first = write_all()
    assert [mail.pk for mail in write_all()] == [mail.pk for mail in first]


def test_who_stopped_in_between_gets_no_mail(world: World) -> None:
    launch(world.pulse(), by=world.priya, at=MONDAY)
    stop_asking(world.people["Ana Keller"], at=MONDAY)
    assert "ana@alder.example" not in {mail.to for mail in write_all()}


def test_a_mail_that_waits_is_withdrawn_when_its_reader_stops(world: World) -> None:
    launch(world.pulse(), by=world.priya, at=MONDAY)
    assert len(write_all()) == 7
    ana = world.people["Ana Keller"]
    assert stop_asking(ana, at=MONDAY, origin="link")
    assert not stop_asking(ana, at=MONDAY)  # a mail program clicks more than once
    waiting = Message.objects.filter(finished_at__isnull=True)
    assert "ana@alder.example" not in set(waiting.values_list("to", flat=True))
    assert waiting.count() == 6
    noted = AuditEntry.objects.get(action="contact.stopped")
    assert "ana" not in str(vars(noted)).lower()


def test_mails_are_written_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "BATCH", 3)
    launch(world.pulse(), by=world.priya, at=MONDAY)
    events = Event.objects.filter(kind="pulse.launched")
    sizes = [len(event.payload["invitations"]) for event in events.order_by("key")]
    assert sizes == [3, 3, 1]
    listed = list(chain.from_iterable(event.payload["invitations"] for event in events))
    assert len(set(listed)) == 7
    assert len(write_all()) == 7


def test_a_person_reads_the_words_in_their_language(world: World) -> None:
    question = Question.objects.of(world.program).get(key="partnerscore")
    german = Wording.objects.create(
        program=world.program,
        question=question,
        language="de",
        version=2,
        text="Wie gut ist es, Partner von {vendor} zu sein?",
        low="schlecht",
        high="sehr gut",
    )
    partner = world.partners["Birk"]
    partner.language = "de-CH"
    partner.save()
    launch(world.pulse(), by=world.priya, at=MONDAY)
    asks = Invitation.objects.of(world.program).filter(partner=partner)
    assert {ask.asked[0] for ask in asks} == {german.pk}
    [mail] = [mail for mail in write_all() if mail.to == "eva@birk.example"]
    assert mail.subject == "Wie gut ist es, Partner von Northwind Robotics zu sein?"
    assert 'lang="de"' in mail.html


def test_a_test_goes_to_oneself_and_asks_nobody(world: World) -> None:
    send_test(world.pulse(), to="priya@northwind.example", by=world.priya, at=MONDAY)
    mail = Message.objects.get()
    assert (mail.to, mail.purpose) == ("priya@northwind.example", "test")
    assert mail.subject.startswith("Test: Taking everything together")
    assert mail.headers == {}
    assert "This is a test to yourself" in mail.text
    assert not Invitation.objects.of(world.program).exists()


def test_programs_do_not_meet(world: World) -> None:
    other = make_world("southwind")
    launch(world.pulse(), by=world.priya, at=MONDAY)
    assert not Invitation.objects.of(other.program).exists()
    launch(other.pulse(), by=other.priya, at=MONDAY)
    assert len(write_all()) == 14
    assert Message.objects.filter(program_id=other.program.pk).count() == 7


@pytest.mark.django_db(transaction=True)
def test_two_launches_at_once_spend_one_budget() -> None:
    world = make_world()
    for number in range(30):
        company(world, f"More{number} Ltd", {"region": "EMEA"})
        person(world, f"P{number} Test", at=f"More{number} Ltd", role="sales")
    pulses = [world.pulse("One"), world.pulse("Two")]
    refused: list[Exception] = []

    def go(pulse: Pulse) -> None:
        try:
            launch(pulse, by=world.priya, at=MONDAY)
        except NobodyToAsk as nobody:
            refused.append(nobody)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(pulse,)) for pulse in pulses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Invitation.objects.of(world.program).count() == 37
