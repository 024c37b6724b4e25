"""Comments through the gate: a named one at once, an unnamed one scrubbed, held and shuffled.

An unnamed comment enters with others or after at most three working days, dated by week, labelled
with the smallest segment in which five people of three companies were asked in the last four weeks.
"""

import random
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from partnerloop.accounts.models import Membership
from partnerloop.core.clock import week_of
from partnerloop.partners.models import Contact, ContactRole, Customer, Partner
from partnerloop.partners.segmenting import Place, places
from partnerloop.programs.models import Mode, Program
from partnerloop.programs.scoping import ScopedQuerySet
from partnerloop.pulses.models import Invitation
from partnerloop.release.gate import Scope, Words
from partnerloop.release.models import HeldComment, ReleasedComment
from partnerloop.release.scrubbing import scrubbed
from partnerloop.release.unnamed import SOMEBODY, Unnamed, unnamed_drafts
from partnerloop.responses.models import Comment

HELD_WORKING_DAYS = 3
PATH = (("type", "tier", "region"), ("type", "tier"), ("type",))


def consider(
    program: Program, comment_ids: Iterable[UUID], *, contact_id: int | None, at: datetime
) -> list[ReleasedComment]:
    """Release named comments at once and hold the others; return what has become visible."""
    comments = Comment.objects.of(program).filter(pk__in=list(comment_ids))
    released = []
    for comment in comments.select_related("response", "wording__question"):
        if comment.response.mode == Mode.NAMED:
            released += _release_named(comment, contact_id=contact_id, at=at)
        else:
            HeldComment.objects.of(program).get_or_create(
                comment_id=comment.pk,
                defaults={
                    "program": program,
                    "release_by": working_days_after(comment.day, HELD_WORKING_DAYS),
                },
            )
    return released


def hold(program: Program, comment_ids: Iterable[UUID], *, since: date) -> None:
    """Hold comments that came in by a day, to be released shuffled with others."""
    until = working_days_after(since, HELD_WORKING_DAYS)
    rows = [HeldComment(program=program, comment_id=n, release_by=until) for n in comment_ids]
    HeldComment.objects.bulk_create(sorted(rows, key=lambda row: row.pk), ignore_conflicts=True)


@transaction.atomic
def let_go(program: Program, *, at: datetime, rng: random.Random) -> list[ReleasedComment]:
    """Release held comments, shuffled: three or more together, or those whose time has come."""
    held = list(HeldComment.objects.of(program).filter(release_by__gt=at.date()))
    due = list(HeldComment.objects.of(program).filter(release_by__lte=at.date()))
    chosen = held + due if len(held) + len(due) >= 3 else due
    if not chosen:
        return []
    rng.shuffle(chosen)
    names = known_names(program)
    labels = publishable_labels(program, on=at.date())
    released = []
    for draft in unnamed_drafts(program, [row.pk for row in chosen], labels=labels, on=at.date()):
        released += _release_unnamed(program, draft, names=names, at=at)
    numbers = [row.pk for row in chosen]
    HeldComment.objects.of(program).filter(pk__in=numbers).delete()
    return released


def comments(
    program: Program,
    *,
    by: Membership | Partner,
    scope: Scope,
    at: datetime,
    limit: int = 50,
) -> list[Words]:
    """Return released comments of a scope, newest week first."""
    rows = _for_reader(program, by=by, at=at)
    if scope.partners is not None:
        rows = rows.filter(partner__in=scope.partners)
    rows = rows.select_related("contact", "partner").order_by("-week", "id")
    return [words(row) for row in rows[:limit]]


def newest_comments(
    program: Program,
    *,
    by: Membership,
    about: Collection[tuple[int, str]],
    at: datetime,
    each: int,
) -> dict[tuple[int, str], list[Words]]:
    """Return the newest comments about some partners, each on one measure or on any ("")."""
    rows = _for_reader(program, by=by, at=at).filter(partner__in={partner for partner, _ in about})
    places = list(rows.order_by("-week", "id").values_list("pk", "partner_id", "measure"))
    chosen = {
        (partner, measure): [
            pk for pk, whose, on in places if whose == partner and measure in ("", on)
        ][:each]
        for partner, measure in about
    }
    numbers = {pk for some in chosen.values() for pk in some}
    found = ReleasedComment.objects.of(program).filter(pk__in=numbers)
    told = {row.pk: words(row) for row in found.select_related("contact", "partner")}
    return {key: [told[pk] for pk in some] for key, some in chosen.items()}


def _for_reader(
    program: Program, *, by: Membership | Partner, at: datetime
) -> ScopedQuerySet[ReleasedComment]:
    rows = ReleasedComment.objects.of(program).filter(released_at__lte=at)
    if isinstance(by, Partner):
        # Named words are for the vendor's people: their promise names no colleagues. The role still
        # tells a named row whose contact was erased.
        rows = rows.filter(partner=by, contact__isnull=True, role="")
    elif not by.sees_all_partners:
        own = Partner.objects.of(program).visible_to(by, at.date())
        rows = rows.filter(partner__in=own)
    return rows


def words(row: ReleasedComment) -> Words:
    """Return a released comment as a page shows it."""
    return Words(
        id=str(row.pk),
        text=row.text,
        measure=row.measure,
        week=row.week,
        source=source(row),
        partner_id=row.partner_id,
        named=row.contact_id is not None,
    )


def source(row: ReleasedComment) -> str:
    """Return whose words these are, in the finest way that the promise allows."""
    if row.contact is not None and row.partner is not None:
        role = ContactRole(row.role).label.lower() if row.role else ""
        return ", ".join(part for part in (row.contact.name, role, row.partner.name) if part)
    return row.partner.name if row.partner is not None else row.label


def known_names(program: Program) -> set[str]:
    """Return the names that must not stand in an unnamed comment: people and companies."""
    members = list(Membership.objects.of(program).values_list("user__name", flat=True))
    members += Contact.objects.of(program).values_list("name", flat=True)
    firms = Partner.objects.of(program).values_list("name", flat=True)
    customers = Customer.objects.of(program).values_list("name", flat=True)
    people = {part for name in members for part in (name, *name.split())}
    return people | set(firms) | set(customers)


def publishable_labels(program: Program, *, on: date) -> dict[int, str]:
    """Return for each partner the smallest segment in which enough people were asked of late."""
    since = on - timedelta(days=28)
    asked = Invitation.objects.of(program).filter(asked_at__date__gt=since, asked_at__date__lte=on)
    # whoever could only answer by name wrote no unnamed comment: they widen no group
    asked = asked.exclude(pulse__modes=[Mode.NAMED.value])
    pairs = asked.values_list("partner_id", "contact_id")
    return labels_among(program, pairs, where=places(program, on=on))


def labels_among(
    program: Program, asked: Iterable[tuple[int, int]], *, where: dict[int, Place]
) -> dict[int, str]:
    """Return the labels when these (partner, contact) pairs were asked in the last four weeks."""
    partners = Partner.objects.of(program).values_list("pk", flat=True)
    paths = {
        partner: [_key(where.get(partner, Place()), keys) for keys in PATH] for partner in partners
    }
    groups: dict[tuple[str, ...], tuple[set[int], set[int]]] = {}
    for partner, contact in asked:
        for key in paths.get(partner, ()):
            people, firms = groups.setdefault(key, (set(), set()))
            people.add(contact)
            firms.add(partner)
    return {
        partner: next(
            (
                _label(where.get(partner, Place()), keys)
                for key, keys in zip(path, PATH, strict=True)
                if _is_wide(program, groups.get(key))
            ),
            SOMEBODY,
        )
        for partner, path in paths.items()
    }


def working_days_after(day: date, count: int) -> date:
    """Return the day that lies a number of working days later."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _release_named(
    comment: Comment, *, contact_id: int | None, at: datetime
) -> list[ReleasedComment]:
    row, is_new = ReleasedComment.objects.of(comment.program_id).get_or_create(
        comment_id=comment.pk,
        defaults={
            "program_id": comment.program_id,
            "text": comment.text,
            "measure": _measure(comment),
            "week": week_of(comment.day),
            "released_at": at,
            "contact_id": contact_id,
            "role": comment.response.role,
            "partner_id": comment.response.partner_id,
        },
    )
    return [row] if is_new else []


def _release_unnamed(
    program: Program, draft: Unnamed, *, names: set[str], at: datetime
) -> list[ReleasedComment]:
    row, is_new = ReleasedComment.objects.of(program).get_or_create(
        comment_id=draft.comment_id,
        defaults={
            "program": program,
            "text": scrubbed(draft.text, names=names),
            "measure": draft.measure,
            "week": draft.week,
            "released_at": at,
            "label": draft.label,
            "partner_id": draft.partner_id,
        },
    )
    return [row] if is_new else []


def _measure(comment: Comment) -> str:
    return comment.wording.question.measure if comment.wording else ""


def _key(place: Place, keys: tuple[str, ...]) -> tuple[str, ...]:
    return (str(len(keys)), *(str(place.get(key, "")) for key in keys))


def _label(place: Place, keys: tuple[str, ...]) -> str:
    parts = [str(place[key]) for key in keys if place.get(key)]  # type: ignore[literal-required]
    return ", ".join(parts) or SOMEBODY


def _is_wide(program: Program, group: tuple[set[int], set[int]] | None) -> bool:
    if group is None:
        return False
    people, firms = group
    return len(people) >= program.pool_people and len(firms) >= program.pool_companies
