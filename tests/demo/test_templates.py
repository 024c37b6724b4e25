"""Each of the eight templates is usable as it is: launched on the demo program, it asks people."""

from datetime import timedelta

import pytest

from partnerloop.accounts.models import Membership, Role
from partnerloop.demo.loading import LoadedDemo
from partnerloop.loop.asking import launch
from partnerloop.partners.segmenting import choices
from partnerloop.pulses.drafting import draft
from partnerloop.pulses.models import Invitation, Wording
from partnerloop.pulses.templates import TEMPLATES
from tests.demo.conftest import AT

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=16, hours=3)  # the demo's last asks are out of the way


def test_there_are_eight() -> None:
    assert len({template.key for template in TEMPLATES}) == 8


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.key)
def test_it_is_launched_as_it_is(template, demo: LoadedDemo) -> None:
    chief = Membership.objects.of(demo.program).get(role=Role.CHIEF)
    segments = choices(demo.program, on=LATER.date())
    wanted = template.draft(segments, modes=demo.program.modes_offered)
    pulse = draft(wanted, by=chief, at=LATER)
    launched = launch(pulse, by=chief, at=LATER)
    assert launched.people > 0
    asks = Invitation.objects.of(demo.program).filter(pulse=pulse)
    keys = dict(Wording.objects.of(demo.program).values_list("pk", "question__key"))
    asked = [{keys[wording] for wording in ask.asked} for ask in asks]
    assert all(len(one) >= 3 for one in asked)
    for key in template.questions:
        assert any(key in one for one in asked), key
    if template.words:
        assert pulse.audience
