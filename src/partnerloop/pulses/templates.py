"""Pulses that are ready to be used: what each wants to learn, whom it asks what, and how often.

They name segments by words that a program may use; where it does not, all partners are asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from partnerloop.pulses.drafting import Draft

MONTH, QUARTER = 31, 91


@dataclass(frozen=True, slots=True)
class Template:
    """One ready pulse. `words` are parts of names of partner types or tiers that it is for."""

    key: str
    title: str
    objective: str
    report: str
    questions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    every_days: int | None = None

    def audience(self, segments: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Return the segments of a program that the template is for; empty means all."""
        for key in ("type", "tier"):
            fitting = [
                value
                for value in segments.get(key, ())
                if any(word in value.lower() for word in self.words)
            ]
            if fitting:
                return {key: fitting}
        return {}

    def draft(self, segments: Mapping[str, Sequence[str]], *, modes: Sequence[str]) -> Draft:
        """Return the pulse that the template makes in a program."""
        return Draft(
            name=self.title,
            audience=self.audience(segments),
            modes=modes,
            asks_open_question=True,
            questions=self.questions,
            every_days=self.every_days,
        )


TEMPLATES = (
    Template(
        "important",
        "Important partnerships without surprises",
        "Hear early when something changes at the partners that matter most.",
        "Scorecard and alerts of each of these partners, every month.",
        words=("platin", "gold", "strategic", "premier", "elite"),
        every_days=MONTH,
    ),
    Template(
        "first-90-days",
        "New program, first 90 days",
        "See whether what was promised holds, and whether partners get to their first deal.",
        "Onboarding and recruiting items beside the PartnerScore, month by month.",
        questions=("event_onboard", "event_recruit"),
        every_days=MONTH,
    ),
    Template(
        "relaunch",
        "Relaunch, before and after",
        "Measure before a change and again a quarter later whether it helped.",
        "The same figures before and after, with the change marked on the trend.",
        questions=("event_strategize",),
        every_days=QUARTER,
    ),
    Template(
        "portal",
        "Quarterly portal and deal registration",
        "Find what slows partners down where they work with you every day.",
        "Two touchpoints each quarter, with what partners would change.",
        questions=("touch_portal", "touch_deal_registration"),
        every_days=QUARTER,
    ),
    Template(
        "distributors",
        "Monthly distributor support",
        "Know month by month whether distributors get the support they need.",
        "Sales and technical support as distributors see them.",
        questions=("touch_sales_support", "touch_technical_support"),
        words=("distribut",),
        every_days=MONTH,
    ),
    Template(
        "instead-of-nps",
        "Instead of the annual survey or NPS",
        "Hear from everybody over the year in small parts instead of once at length.",
        "All seven dimensions come round; recommendation stands beside them.",
        every_days=MONTH,
    ),
    Template(
        "advisory",
        "Widened advisory group",
        "Ask more partners what usually only the advisory board is asked.",
        "Outlook of the market, in words and as one figure.",
        questions=("outlook_business", "outlook_market"),
        every_days=QUARTER,
    ),
    Template(
        "customers",
        "End customers, through their partners",
        "Learn what customers think and need from those who talk to them every day.",
        "How content customers are as partners see it, and their unmet needs in words. It is no "
        "customer score: customers themselves are not asked.",
        questions=("outlook_customers", "outlook_customer_needs"),
        every_days=QUARTER,
    ),
)


def template_of(key: str) -> Template | None:
    """Return a template by its key."""
    return next((template for template in TEMPLATES if template.key == key), None)
