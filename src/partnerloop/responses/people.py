"""Which answers are of one and the same person: as a name for all of them, or as a number.

A contact who works for two partners has a pseudonym at each. Where people are counted they are one
person. Nothing here says who it is.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from partnerloop.programs.models import Mode, Program
from partnerloop.responses.identities import Identity, Pseudonym
from partnerloop.responses.models import Comment


def one_person(program: Program) -> Mapping[UUID, UUID]:
    """Return one pseudonym for all confidential ones of a contact who has several."""
    rows = Pseudonym.objects.of(program).filter(mode=Mode.CONFIDENTIAL)
    found: dict[int, list[UUID]] = defaultdict(list)
    for contact, value in rows.values_list("contact_id", "value"):
        found[contact].append(value)
    return {value: min(values) for values in found.values() if len(values) > 1 for value in values}


def commenters(program: Program, *, since: date, until: date) -> dict[int, int]:
    """Return how many people of each partner commented after a day, up to another one.

    Within a round each link is one person. Over several rounds people count as far as it is still
    known which responses are one person's, so that nobody is counted twice.
    """
    said = Comment.objects.of(program).filter(day__gt=since, day__lte=until)
    # what was told of one's own accord has no writer: several of them may be one person's
    said = said.exclude(wording=None)
    rounds: dict[tuple[int, int], set[UUID]] = defaultdict(set)
    for partner, pulse, response in said.values_list(
        "response__partner", "response__pulse", "response"
    ):
        rounds[partner, pulse].add(response)
    known = Identity.objects.of(program).filter(response__in=said.values("response"))
    people: dict[int, set[int]] = defaultdict(set)
    for partner, contact in known.values_list("response__partner", "invitation__contact"):
        people[partner].add(contact)
    found = {partner: len(contacts) for partner, contacts in people.items()}
    for (partner, _), responses in rounds.items():
        found[partner] = max(found.get(partner, 0), len(responses))
    return found
