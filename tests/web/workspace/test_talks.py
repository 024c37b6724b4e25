"""Pages for check-ins and sessions: who was there, then what each of them said."""

import re

import pytest

from partnerloop.accounts.models import Role
from partnerloop.evidence.models import NamedAnswer
from partnerloop.pulses.models import Pulse


def second_step(html: str) -> dict[str, str]:
    """Fill in a seven for everything that is asked."""
    fields = dict.fromkeys(re.findall(r'name="(p\d+-q\d+)"', html), "7")
    token = re.search(r'name="asked" value="([^"]+)"', html)
    assert token
    return {**fields, "asked": token[1], "step": "record"}


@pytest.fixture
def mara(pages):
    return pages.as_member(pages.manager("Mara", of="Birk"))


def test_a_manager_writes_a_check_in_down(pages, mara) -> None:
    world = pages.world
    birk = world.partners["Birk"]
    url = pages.url(f"partners/{birk.pk}/check-in/")
    assert url in mara.get(pages.url(f"partners/{birk.pk}/")).text
    first = mara.get(url).text
    assert "Eva Lind" in first
    assert "Ana Keller" not in first
    eva = world.people["Eva Lind"]
    second = mara.post(url, {"people": [eva.pk], "step": "choose"}).text
    assert "By name only" in second
    fields = second_step(second)
    fields[f"p{eva.pk}-words"] = "Registering takes too long."
    done = mara.post(url, fields)
    pulse = Pulse.objects.of(world.program).get()
    assert done.url == pages.url(f"pulses/sessions/{pulse.pk}/")
    assert NamedAnswer.objects.of(world.program).filter(contact=eva).count() == 3
    assert "Eva Lind" in mara.get(done.url).text


def test_nobody_there_is_told(pages, mara) -> None:
    url = pages.url(f"partners/{pages.world.partners['Birk'].pk}/check-in/")
    answer = mara.post(url, {"step": "choose"})
    assert (answer.status_code, "Choose who was there." in answer.text) == (400, True)


def test_a_form_that_was_changed_stores_nothing(pages, mara) -> None:
    world = pages.world
    url = pages.url(f"partners/{world.partners['Birk'].pk}/check-in/")
    fields = second_step(mara.post(url, {"people": [world.people["Eva Lind"].pk]}).text)
    fields["asked"] = fields["asked"][:-1] + ("A" if fields["asked"][-1] != "A" else "B")
    assert mara.post(url, fields).url == url
    assert not Pulse.objects.of(world.program).exists()


def test_what_is_no_rating_is_left_out_and_nothing_at_all_is_told(pages, mara) -> None:
    world = pages.world
    url = pages.url(f"partners/{world.partners['Birk'].pk}/check-in/")
    fields = second_step(mara.post(url, {"people": [world.people["Eva Lind"].pk]}).text)
    wrong = {key: "eleven" if key.startswith("p") else value for key, value in fields.items()}
    answer = mara.post(url, wrong)
    assert answer.status_code == 400
    assert "Write down what at least one person said." in answer.text


def test_a_form_for_others_people_stores_nothing(pages, mara, chief) -> None:
    """The sealed form of one member does not open other partners to another."""
    world = pages.world
    alder = pages.url(f"partners/{world.partners['Alder & Finch'].pk}/check-in/")
    fields = second_step(chief.post(alder, {"people": [world.people["Ana Keller"].pk]}).text)
    assert mara.post(alder, fields).status_code == 404
    assert mara.post(pages.url("pulses/sessions/"), fields).status_code == 302
    assert not Pulse.objects.of(world.program).exists()


def test_a_session_takes_people_of_several_partners_by_address(pages, chief) -> None:
    url = pages.url("pulses/sessions/")
    told = {"name": "Advisory board", "people": "ana@alder.example\nEVA@birk.example"}
    second = chief.post(url, told).text
    assert "Ana Keller" in second
    assert "Eva Lind" in second
    done = chief.post(url, second_step(second))
    assert "Advisory board" in chief.get(url).text
    assert "Not enough answers" in chief.get(done.url).text


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"people": "ana@alder.example"}, "Give the session a name"),
        ({"name": "Board"}, "Write the mail addresses"),
        ({"name": "Board", "people": "who@nowhere.example"}, "who@nowhere.example"),
    ],
)
def test_a_session_tells_what_is_missing(pages, chief, told, says) -> None:
    answer = chief.post(pages.url("pulses/sessions/"), told)
    assert answer.status_code == 400
    assert says in answer.text


def test_a_manager_finds_nobody_elses_people_and_talks(pages, mara, chief) -> None:
    url = pages.url("pulses/sessions/")
    answer = mara.post(url, {"name": "Board", "people": "ana@alder.example"})
    assert answer.status_code == 400
    done = chief.post(
        url, second_step(chief.post(url, {"name": "B", "people": "ana@alder.example"}).text)
    )
    assert mara.get(done.url).status_code == 404


@pytest.mark.parametrize("role", [Role.LEAD, Role.EXECUTIVE])
def test_who_only_reads_writes_nothing_down(pages, role) -> None:
    reader = pages.as_member(pages.member("Lena", role))
    assert reader.get(pages.url("pulses/sessions/")).status_code == 403
