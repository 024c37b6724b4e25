"""The observations of a whole program as columns: for refits, rescores and benchmarks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from partnerloop.engine.interface import Floats, Ints, Record


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """One row per observation; ``segments`` has one entry per partner.

    ``partner`` is an index into ``segments``; ``rater`` any whole number that stands for a person
    (-1: an atom), ``role`` an index (-1: unknown). Rows need no order of partners, but those of
    one partner at one instant keep the order they have.
    """

    segments: Ints
    partner: Ints
    day: Floats
    metric: Ints
    value: Floats
    rater: Ints
    role: Ints
    people: Floats
    blur_sd: Floats

    def __len__(self) -> int:
        return len(self.partner)

    @classmethod
    def named(
        cls,
        *,
        segments: Ints,
        partner: Ints,
        day: Floats,
        metric: Ints,
        value: Floats,
        rater: Ints,
        role: Ints,
    ) -> Self:
        """This will hold answers of known people only."""
        whole = [np.asarray(column, np.int64) for column in (partner, metric, rater, role)]
        return cls(
            segments=segments,
            partner=whole[0],
            day=np.asarray(day, float),
            metric=whole[1],
            value=np.asarray(value, float),
            rater=whole[2],
            role=whole[3],
            people=np.ones(len(partner)),
            blur_sd=np.zeros(len(partner)),
        )

    @classmethod
    def of(cls, records: Sequence[Record]) -> Self:
        """This will gather the records of a program."""
        names: dict[str | None, int] = {None: -1}
        rows = [
            (
                partner,
                one.day,
                one.metric,
                one.value,
                names.setdefault(one.rater, len(names) - 1),
                -1 if one.role is None else one.role,
                one.people,
                one.blur_sd,
            )
            for partner, record in enumerate(records)
            for one in record.observations
        ]
        table = np.array(rows, float).reshape(len(rows), 8)
        whole = table[:, [0, 2, 4, 5]].astype(np.int64)
        return cls(
            segments=np.array([record.segment for record in records], np.int64),
            partner=whole[:, 0],
            day=table[:, 1],
            metric=whole[:, 1],
            value=table[:, 3],
            rater=whole[:, 2],
            role=whole[:, 3],
            people=table[:, 6],
            blur_sd=table[:, 7],
        )

    def where(self, rows: np.ndarray) -> Self:
        """This will keep some rows (a mask or an index), and all partners."""
        return type(self)(
            self.segments,
            self.partner[rows],
            self.day[rows],
            self.metric[rows],
            self.value[rows],
            self.rater[rows],
            self.role[rows],
            self.people[rows],
            self.blur_sd[rows],
        )

    def until(self, day: float) -> Self:
        """This will keep what was known at the end of an instant."""
        return self.where(self.day <= day)

    def only(self, partners: Ints) -> Self:
        """This will keep some partners, renumbered in the order given."""
        place = np.full(len(self.segments), -1)
        place[partners] = np.arange(len(partners))
        kept = self.where(place[self.partner] >= 0)
        return type(self)(
            self.segments[partners],
            place[kept.partner],
            kept.day,
            kept.metric,
            kept.value,
            kept.rater,
            kept.role,
            kept.people,
            kept.blur_sd,
        )
