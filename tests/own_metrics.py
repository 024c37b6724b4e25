"""A metric of a program's own, for tests: with the question that measures it."""

from datetime import datetime, timedelta
from decimal import Decimal

from partnerloop.core.models import Event
from partnerloop.loop.reactions import measure_anew
from partnerloop.loop.receiving import receive
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.adding import write_question
from partnerloop.pulses.measuring import METRICS_CHANGED, Meaning, add_metric
from partnerloop.pulses.models import Metric, Question
from partnerloop.pulses.rewording import Words
from partnerloop.responses.accepted import Submission
from tests.world import MONDAY, World

ENABLEMENT = Meaning(
    name="Enablement",
    definition="Does our training let the partner sell without our help?",
    low="Partners cannot sell without help.",
    high="Partners sell without help.",
)
RATED = {"kind": "rated", "reversed": False, "roles": []}


def own_metric(
    program: Program, *, meaning: Meaning = ENABLEMENT, weight: str = "0", at: datetime = MONDAY
) -> Metric:
    """Add a metric; nothing is computed yet."""
    return add_metric(program, meaning, weight=Decimal(weight), language="en", by=None, at=at)


def its_question(metric: Metric, *, at: datetime = MONDAY) -> Question:
    """Add the question that measures a metric."""
    words = Words("How well does our training prepare you to sell?", "Not at all", "Fully")
    shape = {**RATED, "metric": metric.key}
    return write_question(metric.program, words, shape=shape, language="en", by=None, at=at)


def settled(program: Program, *, at: datetime = MONDAY) -> None:
    """Work off what waits because the metrics changed."""
    for event in Event.objects.filter(
        kind=METRICS_CHANGED, program_id=program.pk, finished_at=None
    ):
        measure_anew(event, at, lambda: None)
        Event.objects.filter(pk=event.pk).update(finished_at=at)


def answered(
    world: World, name: str, ratings: dict[str, int], *, mode=Mode.NAMED, at=MONDAY
) -> None:
    """Let somebody answer some questions, through the real door."""
    pulse = world.pulse(
        f"{name} {at}",
        modes=["named", "confidential"],
        launched_at=MONDAY - timedelta(days=300),
        closes_at=MONDAY + timedelta(days=900),
    )
    asked = world.ask(name, pulse=pulse, at=at - timedelta(hours=2), keys=tuple(ratings))
    given = dict(zip(asked.asked, ratings.values(), strict=True))
    receive(asked, Submission(mode, given, {}), at=at)
