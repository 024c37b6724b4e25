"""The preview says what is held back and who would have too much, and takes a reason."""

from partnerloop.planning.models import TopicAnswering
from tests.web.conftest import NOW


def held(pages) -> None:
    TopicAnswering.objects.create(
        program=pages.world.program,
        topic="conflict",
        due=12,
        answered=5,
        waiting=7,
        counted_on=NOW.date(),
    )


def test_a_held_topic_is_told_and_can_be_asked_with_a_reason(pages, chief) -> None:
    held(pages)
    pulse = pages.world.pulse()
    url = pages.url(f"pulses/{pulse.pk}/")
    shown = chief.get(url).text
    assert "Of 12 comments on it that were due, 5 were answered." in shown
    ask = pages.url("pulses/topics/conflict/ask/")
    chief.post(ask, {"reason": " ", "pulse": pulse.pk})
    assert not TopicAnswering.objects.of(pages.world.program).get().asked_because
    answer = chief.post(ask, {"reason": "The new lead wants to know.", "pulse": pulse.pk})
    assert answer.url == url
    row = TopicAnswering.objects.of(pages.world.program).get()
    assert row.asked_because == "The new lead wants to know."
    assert "that were due" not in chief.get(url).text


def test_a_topic_that_is_not_held_is_not_there(pages, chief) -> None:
    answer = chief.post(pages.url("pulses/topics/conflict/ask/"), {"reason": "Because."})
    assert answer.status_code == 404


def test_the_preview_says_who_answers(pages, chief) -> None:
    shown = chief.get(pages.url(f"pulses/{pages.world.pulse().pk}/")).text
    assert "not routed yet" in shown
    assert "somebody has to take it" in shown
