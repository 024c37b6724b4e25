"""Who a partner is: segment, managers, people; and the partners that are like it."""

from dataclasses import dataclass
from datetime import date, datetime

from partnerloop.accounts.models import Membership
from partnerloop.partners.models import Affiliation, ContactRole, Partner, PartnerAssignment
from partnerloop.partners.segmenting import Place, leaf, places
from partnerloop.programs.models import Program
from partnerloop.release.figures import figures
from partnerloop.release.gate import Scope
from partnerloop.release.naming import named_answers
from partnerloop.web.cards import Shown, shown
from partnerloop.web.components import Who
from partnerloop.web.metric_names import MetricNames, metric_names

SHOWN = ("tier", "type", "region", "country", "stage")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works there. Whether they answered is never said."""

    id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """What stands at the top of a partner's page."""

    tags: tuple[str, ...]
    managers: tuple[Who, ...]
    contacts: tuple[Person, ...]


def portrait(partner: Partner, *, on: date) -> Portrait:
    """This will describe a partner on a day."""
    current = partner.attributes.current(on).exclude(key="tag")
    values = dict(current.values_list("key", "value"))
    people = PartnerAssignment.objects.of(partner.program_id).current(on).filter(partner=partner)
    return Portrait(
        tags=(
            *(values[key] for key in SHOWN if key in values),
            f"Partner since {partner.joined_on.year}",
        ),
        managers=tuple(
            Who(name, note="partner manager")
            for name in people.values_list("member__user__name", flat=True)
        ),
        contacts=tuple(
            Person(number, name, str(ContactRole(role).label))
            for number, name, role in Affiliation.objects.of(partner.program_id)
            .current(on)
            .filter(partner=partner)
            .order_by("contact__name")
            .values_list("contact_id", "contact__name", "role")
        ),
    )


def peers(program: Program, partner: Partner, *, by: Membership, at: datetime) -> list[Shown]:
    """This will return the figures of the other partners in the same finest segment."""
    where = places(program, on=at.date())
    mine = leaf(where.get(partner.pk, Place()))
    alike = [number for number, place in where.items() if leaf(place) == mine]
    others = Scope.of(number for number in alike if number != partner.pk)
    if not others.partners:
        return []
    cells, names = figures(program, by=by, scope=others, at=at), metric_names(program)
    return [shown(cell, names=names) for cell in cells.values()]


@dataclass(frozen=True, slots=True)
class Given:
    """What one person gave by name on one day: each metric's name with its value."""

    name: str
    role: str
    day: date
    ratings: tuple[tuple[str, int], ...]


def named(partner: Partner, *, by: Membership, at: datetime) -> list[Given]:
    """This will return the named answers of a partner as its page shows them."""
    names = metric_names(partner.program)
    return [
        Given(
            one.name,
            one.role,
            one.day,
            tuple((_label(rating.measure, names), rating.value) for rating in one.ratings),
        )
        for one in named_answers(partner, by=by, at=at, limit=NAMED)
    ]


NAMED = 8
LABELS = {"recommend": "Would recommend", "ease": "Ease of doing business"}


def _label(measure: str, names: MetricNames) -> str:
    return names.name(measure) if measure in names else LABELS.get(measure, measure)
