"""Placing what partners sell, cost, aim at and do: customers, deals, months, targets, signals."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from partnerloop.core.money import from_major
from partnerloop.partners.importing.ground import Ground, fold
from partnerloop.partners.importing.placing import (
    ContactPlacer,
    MemberPlacer,
    PartnerPlacer,
    Placer,
    claim,
    claimed,
)
from partnerloop.partners.importing.rows import Row, Wrong
from partnerloop.partners.importing.writing import Known
from partnerloop.partners.models import ImportKind, Measure


class CustomerPlacer(Placer):
    """An end customer of a partner per row."""

    main = "customer"

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.customers = customers_of(ground)
        rows = {known.pk: known for known in self.customers.values() if known.pk}
        ground.read_ids("customer", rows)

    def place(self, row: Row) -> None:
        partner = self.ground.partner_of(row)
        key = (partner, fold(row.text("name")))
        by_id = self.ground.ids.get(("customer", self.ground.run.source, row.text("id")))
        known = by_id or self.customers.get(key)
        if by_id is None and known in self.ground.has_id and row.text("id"):
            known = None
        claim(known, row, ("name",))
        if known is None:
            known = self.writer.make("customer", partner=partner, name=row.text("name"))
            self.customers[key] = known
        elif by_id is not None:
            self.writer.change(known, partner=partner, name=row.text("name"))
        self.ground.link("customer", known, row.text("id"))
        claimed(known, row, ("name",))


class DealPlacer(Placer):
    """A deal per row, found by its id, else by partner and name where only one is called so."""

    main = "deal"
    fields = (
        "name",
        "stage",
        "share",
        "amount_minor",
        "currency",
        "registered_at",
        "registration_decided_at",
        "closed_on",
    )
    said = ("name", "stage", "share", "amount", "currency", "closed_on")

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.customers = customers_of(ground)
        by_key = {known.pk: known for known in self.customers.values()}
        self.called: dict[tuple[Known, str], list[Known]] = {}
        rows: dict[int, Known] = {}
        for pk, partner, customer, *values in ground.rows_of(
            "deal", "partner_id", "customer_id", *self.fields
        ):
            known = Known("deal", pk, dict(zip(self.fields, values, strict=True)))
            known.values |= {
                "partner": ground.partners[partner],
                "customer": by_key.get(customer),
            }
            rows[pk] = known
            self._name(known)
        ground.read_ids("deal", rows)

    def place(self, row: Row) -> None:
        partner = self.ground.partner_of(row)
        known = self._deal(partner, row)
        claim(known, row, self.said)
        values = self._values(known, row)
        called = row.text("customer")
        customer = self.customers.get((partner, fold(called))) if called else None
        if called and customer is None:
            customer = self.writer.make("customer", partner=partner, name=called)
            self.customers[partner, fold(called)] = customer
        values |= {"partner": partner, **({"customer": customer} if customer else {})}
        if known is None:
            blank: dict[str, Any] = {**dict.fromkeys(self.fields), "currency": "", "customer": None}
            blank["share"] = str(self.choices.get("share") or "influenced")
            known = self.writer.make("deal", **{**blank, **values})
            self._name(known)
        else:
            self.writer.change(known, **values)
        self.ground.link("deal", known, row.text("id"))
        claimed(known, row, self.said)

    def _deal(self, partner: Known, row: Row) -> Known | None:
        given = row.text("id")
        known = self.ground.ids.get(("deal", self.ground.run.source, given))
        if known is not None:
            return known
        same = self.called.get((partner, fold(row.text("name"))), [])
        if given:
            same = [deal for deal in same if deal not in self.ground.has_id]
        if len(same) > 1:
            raise Wrong("name", f"This partner has {len(same)} deals of this name. Give their ids.")
        return same[0] if same else None

    def _values(self, known: Known | None, row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {key: row.text(key) for key in ("name", "stage", "share")}
        amount = row.get("amount", Decimal)
        if amount is not None:
            held = known.values["currency"] if known else ""
            found |= money(self.ground, row, amount, held=held)
        found |= {
            "registered_at": row.get("registered_at", datetime),
            "registration_decided_at": row.get("decided_at", datetime),
            "closed_on": row.get("closed_on", date),
        }
        return {key: value for key, value in found.items() if value not in ("", None)}

    def _name(self, known: Known) -> None:
        key = (known.values["partner"], fold(known.values["name"]))
        self.called.setdefault(key, []).append(known)


class MonthPlacer(Placer):
    """An amount of a partner and a month per row; the last import's figure holds."""

    keys: tuple[str, ...] = ()

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.held: dict[tuple[Any, ...], Known] = {}
        keys = ("partner_id", "month", "currency", *self.keys)
        for pk, minor, partner, *rest in ground.rows_of(self.main, "amount_minor", *keys):
            key = (ground.partners[partner], *rest)
            self.held[key] = Known(self.main, pk, {"amount_minor": minor})

    def place(self, row: Row) -> None:
        partner = self.ground.partner_of(row)
        amount = row.get("amount", Decimal)
        assert amount is not None, "every month needs an amount"
        told = {**money(self.ground, row, amount), "month": row.get("month", date)}
        told |= {"kind": row.text("cost")} if self.keys else {}
        key = (partner, told["month"], told["currency"], *(told[name] for name in self.keys))
        known = self.held.get(key)
        refuse_twice(known, row)
        if known is None:
            known = self.held[key] = self.writer.make(self.main, partner=partner, **told)
        else:
            self.writer.change(known, amount_minor=told["amount_minor"])
        claimed(known, row, ("amount",))


class RevenuePlacer(MonthPlacer):
    """What a partner sold in a month."""

    main = "revenue"


class CostPlacer(MonthPlacer):
    """What a partner cost in a month, by kind."""

    main = "cost"
    keys = ("kind",)


class TargetPlacer(Placer):
    """A figure to reach by a day; without a partner it is the program's."""

    main = "target"

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.held: dict[tuple[Known | None, str, date], Known] = {}
        for pk, partner, measure, due, value, currency in ground.rows_of(
            "target", "partner_id", "measure", "due_on", "value", "currency"
        ):
            key = (ground.partners.get(partner), measure, due)
            self.held[key] = Known("target", pk, {"value": value, "currency": currency})

    def place(self, row: Row) -> None:
        is_named = row.text("partner") or row.text("partner_id")
        partner = self.ground.partner_of(row) if is_named else None
        measure, due, value = (
            row.text("measure"),
            row.get("due_on", date),
            row.get("value", Decimal),
        )
        assert due is not None, "every target needs a day"
        assert value is not None, "every target needs a figure"
        is_money = measure == Measure.REVENUE
        if value < 0 or (not is_money and value > 10):
            top = "" if is_money else " to 10"
            raise Wrong("value", f"{value} is out of range: from 0{top}.")
        currency = (row.text("currency") or self.ground.run.program.currency) if is_money else ""
        told = {"value": value.quantize(Decimal("0.001")), "currency": currency}
        known = self.held.get((partner, measure, due))
        refuse_twice(known, row)
        if known is None:
            known = self.held[partner, measure, due] = self.writer.make(
                "target", partner=partner, measure=measure, due_on=due, **told
            )
        else:
            self.writer.change(known, **told)
        claimed(known, row, ("value",))


class SignalPlacer(Placer):
    """Something a partner did, at a moment."""

    main = "signal"

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.held: dict[tuple[Known, str, datetime], Known] = {}
        for pk, partner, kind, at, value in ground.rows_of(
            "signal", "partner_id", "kind", "at", "value"
        ):
            key = (ground.partners[partner], kind, at.astimezone(UTC))
            self.held[key] = Known("signal", pk, {"value": value})

    def place(self, row: Row) -> None:
        partner = self.ground.partner_of(row)
        kind, at = row.text("signal"), row.get("at", datetime)
        assert at is not None, "every signal needs its time"
        value = (row.get("value", Decimal) or Decimal(1)).quantize(Decimal("0.001"))
        if "value" in row.values:
            value = Decimal(str(row.values["value"])).quantize(Decimal("0.001"))
        known = self.held.get((partner, kind, at))
        refuse_twice(known, row)
        if known is None:
            known = self.held[partner, kind, at] = self.writer.make(
                "signal", partner=partner, kind=kind, at=at, value=value
            )
        elif "value" in row.values:
            self.writer.change(known, value=value)
        claimed(known, row, ("at", "value"))


PLACERS: Mapping[str, type[Placer]] = {
    ImportKind.PARTNERS: PartnerPlacer,
    ImportKind.CONTACTS: ContactPlacer,
    ImportKind.MEMBERS: MemberPlacer,
    ImportKind.CUSTOMERS: CustomerPlacer,
    ImportKind.DEALS: DealPlacer,
    ImportKind.REVENUE: RevenuePlacer,
    ImportKind.COSTS: CostPlacer,
    ImportKind.TARGETS: TargetPlacer,
    ImportKind.SIGNALS: SignalPlacer,
}


def customers_of(ground: Ground) -> dict[tuple[Known, str], Known]:
    """This will read the end customers of a program by partner and name."""
    found: dict[tuple[Known, str], Known] = {}
    for pk, partner, name in ground.rows_of("customer", "partner_id", "name"):
        owner = ground.partners[partner]
        known = Known("customer", pk, {"partner": owner, "name": name})
        found.setdefault((owner, fold(name)), known)
    return found


def money(ground: Ground, row: Row, amount: Decimal, *, held: str = "") -> dict[str, Any]:
    """This will return an amount in minor units, in the row's currency, else the program's."""
    currency = row.text("currency") or held or ground.run.program.currency
    return {"amount_minor": from_major(amount, currency).minor, "currency": currency}


def refuse_twice(known: Known | None, row: Row) -> None:
    """This will refuse a second row of what can stand there only once."""
    if known is not None and known.claims:
        first = next(iter(known.claims.values()))[1]
        raise Wrong("", f"Says the same thing as row {first}. Row {first} is kept.")
