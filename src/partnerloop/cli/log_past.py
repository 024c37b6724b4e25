"""What was known of a program on a day, in the engine's words."""

from collections.abc import Sequence

import numpy as np

from partnerloop.cli.log_history import History
from partnerloop.engine import Hyperparameters, Layout, Observation
from partnerloop.engine.columns import Columns
from partnerloop.engine.fitting import fit
from partnerloop.engine.interface import Floats, Ints
from partnerloop.engine.silence import PATIENCE

# Hyperparameters are learnt again when this many days have passed since the last time.
REFIT_DAYS = 90.0
# A role and segment's response rate counts as if ten asks had gone like all others.
PRIOR_ASKS = 10.0


def layout_of(history: History) -> Layout:
    """This will lay out the standard metrics for the program's own roles and segments."""
    return Layout(roles=history.roles, segments=history.segments)


def columns_of(history: History, *, until: float) -> Columns:
    """This will gather the answers known at the end of a day."""
    known = history.answer_day <= until
    who = history.answer_contact[known]
    return Columns.named(
        segments=history.segment,
        partner=history.contact_partner[who],
        day=history.answer_day[known],
        metric=history.answer_item[known],
        value=history.answer_value[known],
        rater=who,
        role=history.contact_role[who],
    )


def learnt(history: History, *, at: float) -> Hyperparameters:
    """This will learn the hyperparameters from what was known on a day."""
    layout = layout_of(history)
    columns = columns_of(history, until=at)
    return fit(columns, layout=layout, hyper=Hyperparameters.default(layout), at=at)


def epochs(days: Sequence[float]) -> list[list[float]]:
    """This will group days, in order, that share hyperparameters: those of the group's first day.

    >>> epochs([400.0, 365.0, 456.0])
    [[365.0, 400.0], [456.0]]
    """
    groups: list[list[float]] = []
    for day in sorted(set(days)):
        if not groups or day - groups[-1][0] >= REFIT_DAYS:
            groups.append([])
        groups[-1].append(day)
    return groups


def observations(history: History, *, until: float) -> dict[int, list[Observation]]:
    """This will gather what each partner's people had answered by the end of a day."""
    found: dict[int, list[Observation]] = {}
    for k in np.flatnonzero(history.answer_day <= until).tolist():
        contact = int(history.answer_contact[k])
        found.setdefault(int(history.contact_partner[contact]), []).append(
            Observation(
                day=float(history.answer_day[k]),
                metric=int(history.answer_item[k]),
                value=float(history.answer_value[k]),
                rater=history.contacts[contact],
                role=int(history.contact_role[contact]),
            )
        )
    return found


def settled(history: History, *, at: float) -> Ints:
    """This will list the asks whose outcome was known: answered by then, or given up."""
    heard = history.heard_day <= at
    return np.flatnonzero(heard | (history.ask_day <= at - PATIENCE))


def response(history: History, *, at: float) -> Floats:
    """This will tell each contact's chance of an answer, by role and segment."""
    known = settled(history, at=at)
    cell = history.segment[history.contact_partner] * len(history.roles) + history.contact_role
    cells = len(history.segments) * len(history.roles)
    yes = (history.heard_day[known] <= at).astype(float)
    usual = (yes.sum() + 3.0) / (known.size + 10.0)
    where = cell[history.ask_contact[known]]
    said = np.bincount(where, yes, cells) + PRIOR_ASKS * usual
    return np.asarray((said / (np.bincount(where, None, cells) + PRIOR_ASKS))[cell], float)
