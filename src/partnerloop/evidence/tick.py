"""The weekly tick: waiting confidential answers become immutable atoms, each in exactly one.

A company's batch needs `company_minimum` people of one company and one measure. Answers of
companies that are too small, or that waited too long, move through pools along the segment path
(leaf, type and tier, type, all) until enough people of enough companies are together.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import fmean
from uuid import UUID

from django.db import transaction

from partnerloop.core.bands import band
from partnerloop.engine.disclosure import blur_sd, blurred_mean
from partnerloop.evidence.models import Atom, PendingAnswer
from partnerloop.evidence.seasoning import SeasoningRules, eligible_people
from partnerloop.partners.models import Partner
from partnerloop.partners.segmenting import Place, places
from partnerloop.programs.models import Program
from partnerloop.responses.people import one_person

RULE_VERSION = 1
COMPANY_WAIT = timedelta(days=91)
POOL_WAIT = timedelta(days=28)
EXPIRY = timedelta(days=182)
KEPT_AFTER = timedelta(days=35)
PATH = (("type", "tier", "region"), ("type", "tier"), ("type",), ())

Batch = list[PendingAnswer]


@dataclass(frozen=True, slots=True)
class Draft:
    """An atom about to be written, with the answers it will consume."""

    kind: Atom.Kind
    partner_id: int | None
    scope: Place
    measure: str
    batch: Batch
    people: Mapping[UUID, UUID] = field(default_factory=dict)

    @property
    def persons(self) -> list[Batch]:
        """Return the answers of each person; one counts once, by the mean of what they gave."""
        last = {row.pseudonym: row for row in self.batch}
        found: dict[UUID, Batch] = defaultdict(list)
        for pseudonym, row in last.items():
            found[self.people.get(pseudonym, pseudonym)].append(row)
        return list(found.values())


@transaction.atomic
def tick(program: Program, *, week: date, key: bytes) -> list[Atom]:
    """Turn what waits into atoms dated `week` (a Monday); only answers of earlier days count.

    Running it again for the same week finds nothing left to count: it is idempotent.
    """
    rows = PendingAnswer.objects.of(program).filter(consumed_in__isnull=True, day__lt=week)
    waiting = list(rows.select_for_update())
    _expire(program, week=week)
    waiting = [row for row in waiting if row.day > week - EXPIRY]
    where = places(program, on=week)
    companies = dict(Partner.objects.of(program).values_list("pk", "parent_id"))
    eligible = eligible_people(program, on=week, rules=SeasoningRules(program))
    drafts = cut(
        program,
        waiting,
        where,
        eligible=eligible,
        companies=companies,
        week=week,
        people=one_person(program),
    )
    _keep_moves(program, [row for row in waiting if row.pool and row.waits_since == week])
    return _write(program, drafts, week=week, key=key)


def cut(
    program: Program,
    waiting: Batch,
    where: dict[int, Place],
    *,
    eligible: dict[int, int],
    companies: Mapping[int, int | None],
    week: date,
    people: Mapping[UUID, UUID] | None = None,
) -> list[Draft]:
    """Sort what waits into batches by the program's rules, and mark where each answer went.

    `people` gives one name for the pseudonyms of who answered for several partners.
    It reads and writes no table: the built-in attack runs the same rules on worlds in memory.
    """
    drafts = list(_company_drafts(program, waiting, eligible, where, week=week))
    drafts += _pool_drafts(program, waiting, companies, people or {}, week=week)
    return drafts


def atom_of(program: Program, draft: Draft, *, week: date, key: bytes) -> Atom:
    """Return the atom of a batch: its mean blurred once, its people in a band.

    The blur is fixed by ids and values: a replay draws the same number, and a batch of the same
    people's corrected answers another one, else the two means would tell the change exactly.
    """
    strength = float(program.blur)
    persons = draft.persons
    value = blurred_mean(
        [fmean(row.value for row in rows) for rows in persons],
        names=[
            "+".join(sorted(f"{row.answer_id}={row.value}" for row in rows)) for rows in persons
        ],
        key=key,
        strength=strength,
    )
    return Atom(
        program=program,
        kind=draft.kind,
        partner_id=draft.partner_id,
        scope=draft.scope,
        measure=draft.measure,
        week=week,
        band=band(len(persons)),
        value=value,
        blur_sd=round(blur_sd(len(persons), strength=strength), 3),
        rule_version=RULE_VERSION,
    )


def purge(program: Program, *, on: date) -> list[str]:
    """Delete consumed rows after 35 days; return the answers whose values go with them."""
    old = PendingAnswer.objects.of(program).filter(consumed_in__lte=on - KEPT_AFTER)
    answers = [str(number) for number in old.values_list("answer_id", flat=True)]
    old.delete()
    return answers


def _expire(program: Program, *, week: date) -> None:
    rows = PendingAnswer.objects.of(program).filter(consumed_in__isnull=True)
    rows.filter(day__lte=week - EXPIRY).delete()


def _company_drafts(
    program: Program,
    waiting: Batch,
    eligible: dict[int, int],
    where: dict[int, Place],
    *,
    week: date,
) -> Iterator[Draft]:
    """Yield a draft per company and measure with enough people; move the rest to their pools."""
    minimum = program.company_minimum
    for (partner, measure), batch in _by_company(waiting).items():
        enough = eligible.get(partner, 0) >= minimum
        if enough and len({row.pseudonym for row in batch}) >= minimum:
            for row in batch:
                row.consumed_in = week
            place = where.get(partner, Place())
            yield Draft(Atom.Kind.COMPANY, partner, place, measure, batch)
            continue
        for row in batch:
            if not enough or row.waits_since <= week - COMPANY_WAIT:
                _move(row, level=0, place=where.get(partner, Place()), week=week)


def _pool_drafts(
    program: Program,
    waiting: Batch,
    companies: Mapping[int, int | None],
    people: Mapping[UUID, UUID],
    *,
    week: date,
) -> Iterator[Draft]:
    """Yield a draft per pool with enough people of enough companies, from fine to coarse."""
    for level in range(len(PATH)):
        for (pool, measure), batch in _by_pool(waiting, level).items():
            draft = Draft(Atom.Kind.POOL, None, _scope(pool, level), measure, batch, people)
            if _is_wide_enough(program, draft, companies):
                for row in batch:
                    row.consumed_in = week
                yield draft
            elif level + 1 < len(PATH):
                for row in batch:
                    if row.waits_since <= week - POOL_WAIT:
                        _move(row, level=level + 1, place=_scope(pool, level), week=week)


def _is_wide_enough(program: Program, draft: Draft, companies: Mapping[int, int | None]) -> bool:
    firms = Counter(companies.get(row.partner_id) or row.partner_id for row in draft.batch)
    largest = max(firms.values()) / len(draft.batch)
    return (
        len(draft.persons) >= program.pool_people
        and len(firms) >= program.pool_companies
        and largest <= program.dominance
    )


def _write(program: Program, drafts: Iterable[Draft], *, week: date, key: bytes) -> list[Atom]:
    """Append the atoms in the order of their random ids and mark their answers as consumed."""
    atoms = [atom_of(program, draft, week=week, key=key) for draft in drafts]
    consumed = [row for draft in drafts for row in draft.batch]
    _consume(program, [row.pk for row in consumed], week=week)
    return Atom.objects.bulk_create(sorted(atoms, key=lambda atom: atom.id), batch_size=500)


def _keep_moves(program: Program, moved: Batch) -> None:
    """Write where answers moved to, one statement per pool: a row-wise update costs ten times."""
    pools: dict[tuple[str, int, date], list[UUID]] = defaultdict(list)
    for row in moved:
        pools[row.pool, row.pool_level, row.waits_since].append(row.pk)
    rows = PendingAnswer.objects.of(program)
    for (pool, level, since), numbers in pools.items():
        for part in _parts(numbers):
            rows.filter(pk__in=part).update(pool=pool, pool_level=level, waits_since=since)


def _consume(program: Program, numbers: list[UUID], *, week: date) -> None:
    """Mark answers as counted; by one value for all, a tenth of what a bulk update costs."""
    rows = PendingAnswer.objects.of(program)
    for part in _parts(numbers):
        rows.filter(pk__in=part).update(consumed_in=week)


def _parts(numbers: list[UUID]) -> Iterator[list[UUID]]:
    """Cut a list so that no statement has more parameters than every database takes."""
    return (numbers[start : start + 500] for start in range(0, len(numbers), 500))


def _by_company(waiting: Batch) -> dict[tuple[int, str], Batch]:
    groups: dict[tuple[int, str], Batch] = defaultdict(list)
    for row in waiting:
        if not row.pool:
            groups[row.partner_id, row.measure].append(row)
    return groups


def _by_pool(waiting: Batch, level: int) -> dict[tuple[str, str], Batch]:
    groups: dict[tuple[str, str], Batch] = defaultdict(list)
    for row in waiting:
        if row.pool and row.pool_level == level and row.consumed_in is None:
            groups[row.pool, row.measure].append(row)
    return groups


def _move(row: PendingAnswer, *, level: int, place: Place, week: date) -> None:
    values = [str(place.get(key, "")) for key in PATH[level]]
    row.pool = "|".join(["pool", *values])
    row.pool_level = level
    row.waits_since = week


def _scope(pool: str, level: int) -> Place:
    values = pool.split("|")[1:]
    scope: Place = dict(zip(PATH[level], values, strict=True))  # type: ignore[assignment]
    return scope
