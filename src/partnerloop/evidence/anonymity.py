"""Anonymous values: in which group a link would count, and one atom per round, group and measure.

A link is one person only within its round, so no atom reaches over two rounds. Groups are fixed
when the links are made: at least ten people invited of three companies, none above half.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID, uuid5

from django.db import transaction

from partnerloop.core.bands import band
from partnerloop.core.clock import start_of
from partnerloop.engine.disclosure import blur_sd, blurred_mean
from partnerloop.evidence.models import Atom, LooseAnswer
from partnerloop.evidence.scale import oriented
from partnerloop.evidence.tick import RULE_VERSION
from partnerloop.partners.models import Partner
from partnerloop.partners.segmenting import Place, places
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Pulse
from partnerloop.responses.dropping import LooseValue

INVITED = 10
"""Fewest people invited in a group; a narrower one than everybody needs more, or it stays thin."""
INVITED_OF_A_TYPE = 60
EVERYBODY = "all"


def cells(program: Program, asked: Iterable[int], *, on: date) -> dict[int, str]:
    """Return the group of each partner whose people are invited together; "" where none is wide.

    `asked` holds one partner id per invited person. Partners of one type are a group of their own
    when many are invited; all others, or everybody, are one.
    """
    companies = dict(Partner.objects.of(program).values_list("pk", "parent_id"))
    where = places(program, on=on)
    types: dict[str, list[int]] = defaultdict(list)
    for partner in asked:
        types[str(where.get(partner, Place()).get("type", ""))].append(partner)
    wide = {
        kind
        for kind, invited in types.items()
        if kind and _is_wide(program, invited, companies, least=INVITED_OF_A_TYPE)
    }
    rest = [partner for kind, invited in types.items() if kind not in wide for partner in invited]
    if rest and not _is_wide(program, rest, companies, least=INVITED):
        wide, rest = set(), [partner for invited in types.values() for partner in invited]
    fits = _is_wide(program, rest, companies, least=INVITED)
    return {
        partner: f"type|{kind}" if kind in wide else EVERYBODY if fits else ""
        for kind, invited in types.items()
        for partner in invited
    }


def cell_scope(cell: str) -> Place:
    """Return the attributes that all companies of a group share."""
    key, _, value = cell.partition("|")
    return Place(type=value) if key == "type" else Place()


def keep_loose(pulse: Pulse, fresh: Sequence[LooseValue], *, rng: random.Random) -> None:
    """Keep a round's values, all of them written anew in random order with new ids."""
    rows = LooseAnswer.objects.of(pulse.program_id).filter(pulse=pulse)
    values = [(row.cell, row.measure, row.value) for row in rows]
    values += [
        (one.cell, one.measure, oriented(one.value, is_reversed=one.is_reversed)) for one in fresh
    ]
    rng.shuffle(values)
    rows.delete()
    LooseAnswer.objects.bulk_create(
        (
            LooseAnswer(
                program_id=pulse.program_id, pulse=pulse, cell=cell, measure=measure, value=value
            )
            for cell, measure, value in values
        ),
        batch_size=500,
    )


@transaction.atomic
def count_rounds(program: Program, *, week: date, key: bytes) -> list[Atom]:
    """Turn the values of rounds that are over into atoms and delete them, counted or not."""
    over = Pulse.objects.of(program).filter(closes_at__lte=start_of(week))
    loose = LooseAnswer.objects.of(program).filter(pulse__in=over)
    atoms = [atom for atom, _ in atoms_of(program, loose, week=week, key=key)]
    loose.delete()
    return Atom.objects.bulk_create(sorted(atoms, key=lambda atom: atom.id), batch_size=500)


def atoms_of(
    program: Program, loose: Iterable[LooseAnswer], *, week: date, key: bytes
) -> list[tuple[Atom, list[LooseAnswer]]]:
    """Return the atoms of values of rounds that are over, each with the values in it.

    It reads and writes no table: the built-in attack runs the same rules on worlds in memory.
    """
    return [
        (_atom(program, cell, measure, batch, week=week, key=key), batch)
        for (_, cell, measure), batch in sorted(_batches(program, loose).items())
    ]


def count_past(
    program: Program, values: Sequence[LooseValue], *, past: UUID, week: date, key: bytes
) -> list[Atom]:
    """Turn what was said in one past round into atoms; its values are kept nowhere.

    `past` names the round, so that the same past draws the same blur.
    """
    batches: dict[str, list[LooseAnswer]] = defaultdict(list)
    for place, one in enumerate(values):
        row = LooseAnswer(
            id=uuid5(past, str(place)),
            program=program,
            cell=one.cell,
            measure=one.measure,
            value=oriented(one.value, is_reversed=one.is_reversed),
        )
        batches[one.measure].append(row)
    atoms = [
        _atom(program, batch[0].cell, measure, batch, week=week, key=key)
        for measure, batch in sorted(batches.items())
        if len(batch) >= program.pool_people
    ]
    return Atom.objects.bulk_create(sorted(atoms, key=lambda atom: atom.id))


def _batches(
    program: Program, loose: Iterable[LooseAnswer]
) -> dict[tuple[int, str, str], list[LooseAnswer]]:
    """Group values by round, group and measure; groups that stayed thin are counted together."""
    found: dict[tuple[int, str, str], list[LooseAnswer]] = defaultdict(list)
    for row in loose:
        found[row.pulse_id, row.cell, row.measure].append(row)
    for thin in [group for group, batch in found.items() if len(batch) < program.pool_people]:
        pulse, cell, measure = thin
        if cell != EVERYBODY:
            found[pulse, EVERYBODY, measure] += found.pop(thin)
    return {group: rows for group, rows in found.items() if len(rows) >= program.pool_people}


def _atom(
    program: Program, cell: str, measure: str, batch: list[LooseAnswer], *, week: date, key: bytes
) -> Atom:
    strength = float(program.blur)
    return Atom(
        program=program,
        kind=Atom.Kind.ANONYMOUS,
        scope=cell_scope(cell),
        measure=measure,
        week=week,
        band=band(len(batch)),
        value=blurred_mean(
            [row.value for row in batch],
            names=[str(row.pk) for row in batch],
            key=key,
            strength=strength,
        ),
        blur_sd=round(blur_sd(len(batch), strength=strength), 3),
        rule_version=RULE_VERSION,
    )


def _is_wide(
    program: Program,
    invited: Sequence[int],
    companies: Mapping[int, int | None],
    *,
    least: int,
) -> bool:
    firms = Counter(companies.get(partner) or partner for partner in invited)
    return (
        len(invited) >= max(least, program.pool_people)
        and len(firms) >= program.pool_companies
        and max(firms.values()) <= len(invited) * program.dominance
    )
