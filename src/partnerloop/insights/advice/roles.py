"""What to check when the named answers of one role pull a figure down."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from partnerloop.insights.advice.rules import Text

# Named answers only: nothing is ever cut by role that includes unnamed ones.
PULLED_DOWN = _("Named answers of {role} pull it down.")

ROLE_NAMES: Mapping[str, Text] = {
    "sales": _("sales contacts"),
    "marketing": _("marketing contacts"),
    "technical": _("technical contacts"),
    "executive": _("executives"),
    "operations": _("operations contacts"),
}

# Of a program's own metric nobody has written down what to check: ask them.
ASK_THEM = _("Ask them what they miss, and what would help.")

CHECKS: Mapping[str, Mapping[str, Text]] = {
    "communication": {
        "sales": _("Check how soon they get prices, dates and roadmap news for their deals."),
        "marketing": _("Check who gets the price list and product news, and when."),
        "technical": _("Check how release notes, known faults and end-of-life dates reach them."),
        "executive": _("Check whether changes of strategy and terms are told to them in person."),
        "operations": _("Check how they learn of changes in ordering, delivery and invoicing."),
    },
    "conflict": {
        "sales": _("Ask about contested deals, prices and territories, and for the root causes."),
        "marketing": _("Ask about funds, claims and use of the brand, and for the root causes."),
        "technical": _("Ask about escalated cases and who pays for repairs; find root causes."),
        "executive": _("Ask about terms, direct sales and other channels; find root causes."),
        "operations": _("Ask about credits, returns and late orders, and for the root causes."),
    },
    "cooperation": {
        "sales": _("Check whether they plan accounts and pipeline with your people."),
        "marketing": _("Check whether campaigns are planned with them, or sent to them."),
        "technical": _("Check whether they are in the plan before projects are promised."),
        "executive": _("Check whether the joint plan serves a goal of their own."),
        "operations": _("Check whether forecasts and delivery dates are planned together."),
    },
    "credibility": {
        "sales": _("Check promises about deals: protection, discounts, dates."),
        "marketing": _("Check promised funds, material and leads."),
        "technical": _("Check promised fixes, features and response times."),
        "executive": _("Check what was promised in the agreement and the last review."),
        "operations": _("Check promised delivery dates, credits and payouts."),
    },
    "mutual_interest": {
        "sales": _("Ask which help in winning customers they miss."),
        "marketing": _("Ask which help in reaching their market they miss."),
        "technical": _("Ask which training and early access would win them work."),
        "executive": _("Ask where they want their business to go, and what you add to it."),
        "operations": _("Ask which of your procedures costs them most."),
    },
    "social_bonding": {
        "sales": _("Ask how often they want to talk, and about what."),
        "marketing": _("Check whether they have a contact of their own."),
        "technical": _("Check whether they know whom to call, and are called back."),
        "executive": _("Arrange a talk between equals: their executives and yours."),
        "operations": _("Check whether they know a person, or only a mailbox."),
    },
    "commitment": {
        "sales": _("Ask what they sell first, and why."),
        "marketing": _("Ask whose brand they build their own on, and why."),
        "technical": _("Ask which products they train for, and why."),
        "executive": _("Ask what their plan of the next three years rests on."),
        "operations": _("Ask what makes other vendors easier to handle."),
    },
}
