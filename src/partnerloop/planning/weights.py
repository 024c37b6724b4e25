"""The weights in use: of the metrics in the composite, and of asks by the chance of their draw.

From settings and asks alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min

from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation, Metric

WINDOW = timedelta(weeks=13)


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of the metrics in the composite, and the chances of the asks of thirteen weeks.

    `least` and `most` are chances from 0 to 1 over asks that were drawn, None where none was. Each
    ask keeps its own, so that results can be weighted by one over it.
    """

    shares: tuple[tuple[str, float], ...]
    least: float | None
    most: float | None
    drawn: int
    everybody: int

    @property
    def are_equal(self) -> bool:
        """Return whether every metric counts the same."""
        return len({share for _, share in self.shares}) == 1


def weights_of(program: Program, *, at: datetime) -> Weights:
    """This will tell the weights that are in use at a moment."""
    metrics = Metric.objects.of(program).measured().filter(weight__gt=0)
    rows = list(metrics.values_list("name", "weight"))
    total = sum(weight for _, weight in rows)
    asks = Invitation.objects.of(program).counted().since(at - WINDOW).filter(asked_at__lte=at)
    drawn = asks.filter(propensity__lt=1)
    told = drawn.aggregate(least=Min("propensity"), most=Max("propensity"), asks=Count("pk"))
    return Weights(
        shares=tuple((name, float(weight / total)) for name, weight in rows if total),
        least=told["least"],
        most=told["most"],
        drawn=told["asks"],
        everybody=asks.filter(propensity=1).count(),
    )
