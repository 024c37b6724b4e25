"""Today's changes made ready for the page: a finding, before and after, words, what to do."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from partnerloop.accounts.models import Membership
from partnerloop.alerts.models import Alert
from partnerloop.alerts.today import Change as Noticed
from partnerloop.alerts.today import today
from partnerloop.core import words
from partnerloop.insights.advice import Advice, Direction, advice, is_weak, own_advice
from partnerloop.web.cards import in_words, small_print
from partnerloop.web.components import Change, Move, Reading, Who
from partnerloop.web.metric_names import MetricNames, metric_names
from partnerloop.web.saying import quote

DIRECTIONS: dict[str, Direction] = {
    Alert.Kind.DROP: "down",
    Alert.Kind.RISE: "up",
    Alert.Kind.GROWTH: "flat",
}


def changes(member: Membership, *, at: datetime) -> list[Change]:
    """This will return what Today lists for a member."""
    found = today(member.program, by=member, at=at)
    names, slug = metric_names(member.program), member.program.slug
    return [_change(one, slug=slug, at=at, names=names) for one in found]


def headline(found: Sequence[Change]) -> str:
    """This will say in words how many things changed, and what is open to growth beside them."""
    chances = sum(bool(change.growth) for change in found)
    moves = len(found) - chances
    places = f"{words.count_word(chances)} {'place is' if chances == 1 else 'places are'}"
    if not moves:
        calm = "A quiet week: nothing changed beyond chance"
        return f"{calm}, {places} open to growth" if chances else calm
    things = f"{words.count_word(moves).capitalize()} {'thing' if moves == 1 else 'things'}"
    changed = f"{things} changed beyond chance"
    return f"{changed}, {places} open to growth" if chances else changed


def _change(noticed: Noticed, *, slug: str, at: datetime, names: MetricNames) -> Change:
    name = names.name(noticed.measure)
    after = in_words(noticed.after)
    before = in_words(noticed.before) if noticed.before else None
    own, way = names.own.get(noticed.measure), DIRECTIONS[noticed.kind]
    advised = (
        own_advice(own.low, own.high, after.verdict, way)
        if own
        else advice(noticed.measure, after.verdict, way)
    )
    is_growth = noticed.kind == Alert.Kind.GROWTH
    return Change(
        headline=_finding(noticed, advised, after, name=name),
        url=reverse("partner", args=[slug, noticed.partner.pk]),
        metric=name,
        move=Move(after.mean - before.mean) if before and not is_growth else None,
        before=Reading(_since(noticed, at=at), before) if noticed.before and before else None,
        after=Reading("Now", after),
        about=(noticed.partner.name, f"{noticed.after.people} people"),
        basis=small_print(noticed.after),
        quotes=[quote(comment) for comment in noticed.words],
        suggestion=advised.do,
        owner=Who(noticed.owner) if noticed.owner else None,
        growth="Open to growth" if is_growth else "",
    )


def _finding(noticed: Noticed, advised: Advice, after: words.Figure, *, name: str) -> str:
    """Say it as a finding where the figure's words fit its movement, else say what moved."""
    partner, fell = noticed.partner.name, noticed.kind == Alert.Kind.DROP
    if noticed.kind == Alert.Kind.GROWTH:
        return f"{partner} is ready for more"
    if is_weak(after.verdict) == fell and after.verdict.levels:
        said = advised.says.rpartition(": ")[2].removesuffix(".")
        return f"{partner}: {said[:1].lower()}{said[1:]}"
    moved = f"{partner}: {name} {'fell' if fell else 'rose'}"
    if not after.verdict.levels:
        return moved
    return f"{moved}, {'still' if fell else 'but still'} {after.verdict.short.lower()}"


def _since(noticed: Noticed, *, at: datetime) -> str:
    return f"Before {words.day(noticed.opened_on, seen=at.date())}" if noticed.before else ""
