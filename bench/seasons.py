"""Two years of weekly asking in a simulated program, by whatever way of choosing."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from bench.worlds import LAYOUT, METRICS, ROLE_SHARES, World, ask, every_four_weeks
from partnerloop.engine.choosing import Candidates, Policy, choose
from partnerloop.engine.columns import Columns
from partnerloop.engine.fitting import fit
from partnerloop.engine.interface import Floats, Hyperparameters, Ints, Observation, State
from partnerloop.engine.model import FilterModel
from partnerloop.engine.program import plan, run
from partnerloop.engine.questions import (
    SEVERAL,
    Known,
    Openings,
    expected_gain,
    pick_questions,
)

DAYS, WEEK, GAP, PERIOD = 730, 7, 14, 90
JUDGED = tuple(range(370, 730, 30))


@dataclass
class Season:
    """A program while it is being asked: what the sender knows, nothing of the truth."""

    world: World
    model: FilterModel
    states: list[State]
    asked_at: Floats
    partner_asked_at: Floats
    dimension_asked_at: Floats
    asks: Ints
    answers: Ints
    cell_asks: Floats
    cell_answers: Floats
    rows: list[tuple[Ints, Ints, Ints, Floats]] = field(default_factory=list)
    chances: list[tuple[int, Ints, Floats]] = field(default_factory=list)
    dimensions: list[Floats] = field(default_factory=list)
    longest_wait: float = 0.0
    dimension_wait: float = 0.0

    @classmethod
    def of(cls, world: World, model: FilterModel) -> "Season":
        people = len(world.contacts.partner)
        cells = len(ROLE_SHARES) * len(LAYOUT.segments)
        return cls(
            world=world,
            model=model,
            states=[model.start(int(s)) for s in world.segments],
            asked_at=np.full(people, -np.inf),
            partner_asked_at=np.zeros(world.partners),
            dimension_asked_at=np.zeros((world.partners, METRICS)),
            asks=np.zeros(people, np.int64),
            answers=np.zeros(people, np.int64),
            cell_asks=np.full(cells, 10.0),
            cell_answers=np.full(cells, 3.0),
        )

    @property
    def cell(self) -> Ints:
        who = self.world.contacts
        return who.role * len(LAYOUT.segments) + self.world.segments[who.partner]

    def eligible(self, day: int) -> Ints:
        """This will list who may be asked: there, and not asked for two weeks."""
        who = self.world.active(day)
        vacant = np.ones(self.world.partners, bool)
        vacant[self.world.contacts.partner[who]] = False
        self.partner_asked_at[vacant] = day
        several = np.bincount(self.world.contacts.partner[who], minlength=vacant.size) >= SEVERAL
        self.dimension_asked_at[~several] = day
        if day >= JUDGED[0]:
            longest = float((day - self.dimension_asked_at).max())
            self.dimension_wait = max(self.dimension_wait, longest)
        return who[day - self.asked_at[who] >= GAP]

    def silent(self) -> np.ndarray:
        """This will mark the third that answered least, given how often it was asked."""
        rate = (self.answers + 1.0) / (self.asks + 3.0)
        there = self.world.contacts.joined <= JUDGED[-1]
        marked = np.zeros(rate.size, bool)
        order = np.flatnonzero(there)[np.argsort(rate[there], kind="stable")]
        marked[order[: order.size // 3]] = True
        return marked

    def send(self, who: Ints, dimensions: Ints, *, day: int, rng: Generator) -> None:
        """This will ask, hear and learn."""
        partner = self.world.contacts.partner[who]
        overall = np.full((who.size, 1), METRICS)
        items = np.concatenate((overall, dimensions), axis=1)
        recent = (day - self.asked_at[who] < 30).astype(float)
        replies = ask(self.world, who=who, items=items, day=day, recent=recent, rng=rng)
        first = np.maximum(day - self.partner_asked_at[partner], 0)
        self.longest_wait = max(self.longest_wait, float(first.max(initial=0)))
        self.asked_at[who] = day
        self.partner_asked_at[partner] = day
        self.dimension_asked_at[partner[:, None], dimensions] = day
        self.asks[who] += 1
        self.answers[who] += replies.answered
        np.add.at(self.cell_asks, self.cell[who], 1.0)
        np.add.at(self.cell_answers, self.cell[who], replies.answered)
        self.dimensions.append(np.bincount(dimensions.ravel(), minlength=METRICS).astype(float))
        heard = np.flatnonzero(replies.answered)
        self.rows.append(
            (who[heard], np.full(heard.size, day), items[heard], replies.values[heard])
        )
        self._learn(who[heard], items[heard], replies.values[heard], day)

    def _learn(self, who: Ints, items: Ints, values: Floats, day: int) -> None:
        partner, role = self.world.contacts.partner[who], self.world.contacts.role[who]
        for p, contact, r, asked, said in zip(partner, who, role, items, values, strict=True):
            told = [
                Observation(day, int(m), float(y), rater=str(contact), role=int(r))
                for m, y in zip(asked, said, strict=True)
                if y == y
            ]
            self.states[p] = self.model.update(self.states[p], observations=told, at=day)

    def columns(self) -> Columns:
        """This will gather all answers for scoring."""
        who, day, items, values = (np.concatenate(part) for part in zip(*self.rows, strict=True))
        row, place = np.nonzero(~np.isnan(values))
        return Columns.named(
            segments=self.world.segments,
            partner=self.world.contacts.partner[who[row]],
            day=day[row] + place * 0.001,
            metric=items[row, place],
            value=values[row, place],
            rater=who[row],
            role=self.world.contacts.role[who[row]],
        )


Asker = Callable[[Season, int, int, Generator], tuple[Ints, Ints]]


def at_random(season: Season, day: int, budget: int, rng: Generator) -> tuple[Ints, Ints]:
    """This will draw with equal chances; two dimensions of each contact's own rotation."""
    who = season.eligible(day)
    chosen = rng.permutation(who)[:budget]
    return chosen, _rotated(season, chosen)


def round_robin(season: Season, day: int, budget: int, rng: Generator) -> tuple[Ints, Ints]:
    """This will ask who was asked longest ago."""
    who = season.eligible(day)
    order = np.lexsort((rng.random(who.size), season.asked_at[who]))
    chosen = who[order[:budget]]
    return chosen, _rotated(season, chosen)


def drawn(policy: Policy) -> Asker:
    """This will make the engine's way of asking with a policy."""

    def asker(season: Season, day: int, budget: int, rng: Generator) -> tuple[Ints, Ints]:
        who = season.eligible(day)
        known = _known(season, who, day)
        hyper = season.model.hyper
        partner = season.world.contacts.partner[who]
        candidates = Candidates(
            partner=partner,
            role=season.world.contacts.role[who],
            segment=season.world.segments[partner],
            gain=expected_gain(known, layout=LAYOUT, hyper=hyper),
            response=(season.cell_answers / season.cell_asks)[season.cell[who]],
            weight=season.world.weight[partner],
            wait=day - season.partner_asked_at[partner],
            silent=season.silent()[who],
        )
        draw = choose(candidates, budget=budget, rng=rng, policy=policy)
        season.chances.append((day, who, draw.propensity))
        chosen = who[draw.chosen]
        openings = _openings(season, chosen, day)
        dimensions = pick_questions(
            known.take(draw.chosen), openings=openings, layout=LAYOUT, hyper=hyper, rng=rng
        )
        return chosen, dimensions

    return asker


def _known(season: Season, who: Ints, day: int) -> Known:
    partner = season.world.contacts.partner[who]
    cov = np.zeros((who.size, METRICS + 1, METRICS + 1))
    for p in np.unique(partner):
        here = np.flatnonzero(partner == p)
        belief = season.model.belief(season.states[p], at=day)
        part = Known.of(
            belief,
            raters=[str(c) for c in who[here]],
            leniency_sd=season.model.hyper.leniency_sd,
        )
        cov[here] = part.cov
    return Known(cov)


def _openings(season: Season, chosen: Ints, day: int) -> Openings:
    partner = season.world.contacts.partner[chosen]
    contacts = np.bincount(
        season.world.contacts.partner[season.world.active(day)], minlength=season.world.partners
    )
    shape = (chosen.size, METRICS)
    recent = season.dimensions[-(PERIOD // WEEK) :]
    return Openings(
        partner=partner,
        contacts=contacts[partner],
        wait=day - season.dimension_asked_at[partner],
        people=np.zeros(shape),
        inside=np.zeros(shape, bool),
        asked=np.sum(recent, axis=0) if recent else np.zeros(METRICS),
    )


def _rotated(season: Season, chosen: Ints) -> Ints:
    start = (chosen * 3 + season.asks[chosen] * 2) % METRICS
    return np.asarray((start[:, None] + np.arange(2)) % METRICS)


@dataclass(frozen=True)
class Outcome:
    """What one season came to."""

    rmse: float
    weighted: float
    longest_wait: float
    dimension_wait: float
    ratio: float
    draw_ratio: float
    silent: float
    uneven: float


def season(
    world: World, asker: Asker, *, budget: float, model: FilterModel, rng: Generator
) -> Outcome:
    """This will run two years of weekly asking and judge the second."""
    running = Season.of(world, model)
    for day in range(0, DAYS, WEEK):
        size = round(budget * len(world.active(day)))
        who, dimensions = asker(running, day, size, rng)
        running.send(who, dimensions, day=day, rng=rng)
    found = run(plan(running.columns(), looks=JUDGED), layout=LAYOUT, hyper=model.hyper)
    miss = (np.clip(found.mean, 0, 10) - world.truth[list(JUDGED)]) ** 2
    by_partner = miss.mean(axis=(0, 2))
    ratio, silent, draw_ratio = _fairness(running)
    counts = np.sum(running.dimensions[-(PERIOD // WEEK) :], axis=0)
    return Outcome(
        rmse=float(np.sqrt(by_partner.mean())),
        weighted=float(np.sqrt(np.average(by_partner, weights=world.weight))),
        longest_wait=running.longest_wait,
        dimension_wait=running.dimension_wait,
        ratio=ratio,
        draw_ratio=draw_ratio,
        silent=silent,
        uneven=float(np.abs(counts / counts.mean() - 1).max()),
    )


def _fairness(running: Season) -> tuple[float, float, float]:
    """Chances over the last 90 days: the widest cell, the silent third's share, the widest draw."""
    late = [c for c in running.chances if c[0] >= DAYS - PERIOD]
    if not late:
        return np.nan, np.nan, np.nan
    people = len(running.world.contacts.partner)
    missed, could = np.ones(people), np.zeros(people, bool)
    for _, who, chance in late:
        missed[who] *= 1.0 - chance
        could[who] = True
    contacts = running.world.contacts
    there = could & (contacts.joined <= DAYS - PERIOD) & (contacts.left >= DAYS)
    silent = running.silent() & there
    draws = [_widest(c, running.cell[w]) for _, w, c in late]
    share = float((1 - missed)[silent].mean() / (1 - missed)[there].mean())
    return _widest((1 - missed)[there], running.cell[there]), share, float(np.median(draws))


def _widest(chance: Floats, cells: Ints) -> float:
    """The largest over the smallest chance within a cell, in the worst cell."""
    _, home = np.unique(cells, return_inverse=True)
    count = int(home.max()) + 1
    high, low = np.zeros(count), np.ones(count)
    np.maximum.at(high, home, chance)
    np.minimum.at(low, home, chance)
    return float((high / low).max())


def fitted(world: World, *, rng: Generator) -> FilterModel:
    """This will learn hyperparameters from a year of asking everybody: the same for every way."""
    log = every_four_weeks(world, design="overall", rng=rng)
    start = Hyperparameters.default(LAYOUT)
    return FilterModel(LAYOUT, fit(log.columns, layout=LAYOUT, hyper=start, at=365.0))
