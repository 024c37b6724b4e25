"""Objectives that many programs have, each with what it proposes to ask; all can be changed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proposal:
    """An objective to start from: the metric it moves, its questions, the template of its pulses.

    Weights are not proposed: the PartnerScore stays comparable between programs and over time.
    """

    key: str
    title: str
    why: str
    measure: str
    questions: tuple[str, ...]
    template: str


PROPOSALS = (
    Proposal(
        "keep",
        "Keep the partners that matter most",
        "Hear early when something changes, before a partner looks elsewhere.",
        "commitment",
        (),
        "important",
    ),
    Proposal(
        "first-deal",
        "Bring new partners to their first deal",
        "See whether what was promised holds, from signing to selling.",
        "credibility",
        ("event_onboard", "event_recruit"),
        "first-90-days",
    ),
    Proposal(
        "relaunch",
        "Know whether a change helped",
        "Measure before it and a quarter after it.",
        "partnerscore",
        ("event_strategize",),
        "relaunch",
    ),
    Proposal(
        "easier",
        "Be easier to work with",
        "Find what slows partners down where they work with us every day.",
        "communication",
        ("touch_portal", "touch_deal_registration"),
        "portal",
    ),
    Proposal(
        "distributors",
        "Support distributors well",
        "Know month by month whether they get the support they need.",
        "cooperation",
        ("touch_sales_support", "touch_technical_support"),
        "distributors",
    ),
    Proposal(
        "everybody",
        "Hear everybody, not only the loud",
        "Small parts over the year in place of one long survey.",
        "partnerscore",
        (),
        "instead-of-nps",
    ),
    Proposal(
        "direction",
        "Know where partners are heading",
        "What they lack, what they plan, and what changes in their markets.",
        "mutual_interest",
        ("outlook_business", "outlook_market"),
        "advisory",
    ),
    Proposal(
        "customers",
        "Know what end customers need",
        "Partners talk to them every day: ask what they hear.",
        "mutual_interest",
        ("outlook_customers", "outlook_customer_needs"),
        "customers",
    ),
)


def proposal_of(key: str) -> Proposal | None:
    """Return a proposal by its key."""
    return next((one for one in PROPOSALS if one.key == key), None)
