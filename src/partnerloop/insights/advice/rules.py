"""The table: what each metric says at each level, and what to do about it.

A row reads: at this level the figure says `says`, so do `do`. `rising` replaces the advice while a
low or strained figure is rising, `falling` while a good or high one is falling. Advice names causes
to look for and offers to make, never somebody to blame.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerloop.core.words import Level

Text = str | Promise


@dataclass(frozen=True)
class Rule:
    """What a figure of this level says, and the one thing to do."""

    says: Text
    do: Text


@dataclass(frozen=True)
class MetricRules:
    """The rules of one metric: a rule for each level, and what to do about a movement."""

    levels: Mapping[Level, Rule]
    rising: Text
    falling: Text


TOO_EARLY = Rule(
    says=_("The answers so far do not narrow it down."),
    do=_("Decide nothing on it yet; see that different roles are asked."),
)

# A program's own metrics: what the lowest and the highest level say comes from the program.
OWN = MetricRules(
    levels={
        Level.LOW: Rule("", _("Ask those who know it best what would help most, and agree on it.")),
        Level.STRAINED: Rule(
            _("It works, but not as it should."),
            _("Ask what gets in the way, and take on the one thing named most."),
        ),
        Level.GOOD: Rule(
            _("It is sound."), _("Ask what would make it easy, where it matters to them.")
        ),
        Level.HIGH: Rule("", _("Find out what does it, and keep it up.")),
    },
    rising=_("It is getting better: go on with what changed, and look again."),
    falling=_("It is going down: ask what is different, before it is a habit."),
)

RULES: Mapping[str, MetricRules] = {
    "partnerscore": MetricRules(
        levels={
            Level.LOW: Rule(
                _("The partnership as a whole is in trouble."),
                _("Talk now, with the lowest dimension first on the agenda."),
            ),
            Level.STRAINED: Rule(
                _("The partnership works, but against resistance."),
                _("Agree on at most three focus areas, the lowest dimension among them."),
            ),
            Level.GOOD: Rule(
                _("The partnership is sound."),
                _("Lift the lowest dimension: it has the most room."),
            ),
            Level.HIGH: Rule(
                _("The partnership is strong."),
                _("Ask what they do well and share it with others, with their consent."),
            ),
        },
        rising=_("It is recovering: tell them what you changed, and finish it."),
        falling=_("Something changed: look at which dimension fell first, and ask about it."),
    ),
    "communication": MetricRules(
        levels={
            Level.LOW: Rule(
                _("Information is wrong, or comes too late to act on."),
                _("Check who is told what about products and services, and when."),
            ),
            Level.STRAINED: Rule(
                _("Information is not dependable, or not in time."),
                _("Find the last change they heard of too late, and repair that route."),
            ),
            Level.GOOD: Rule(
                _("Information is mostly right and in time."),
                _("Ask which news still comes late, and give it a date and an owner."),
            ),
            Level.HIGH: Rule(
                _("They can rely on what you tell them."),
                _("Keep the route as it is, and use it for the next launch."),
            ),
        },
        rising=_("What you changed in informing them helps: keep to it until it is a habit."),
        falling=_("Look for a change they heard of late, or for information that was wrong."),
    ),
    "conflict": MetricRules(
        levels={
            Level.LOW: Rule(
                _("A low figure: conflict is high."),
                _("Ask for its root causes before settling the single case."),
            ),
            Level.STRAINED: Rule(
                _("Disagreements stay open, or end badly."),
                _("Take the oldest open one, name who decides, and settle it with a date."),
            ),
            Level.GOOD: Rule(
                _("Disagreements are mostly settled well."),
                _("Name one decider for contested deals, so that the next one is faster."),
            ),
            Level.HIGH: Rule(
                _("Disagreements are few, and settled well."),
                _("Write down how you settle them, and use it with others."),
            ),
        },
        rising=_("Disagreements are being settled: close the ones still open, and say so."),
        falling=_("A disagreement is building up: ask what is open, before it hardens."),
    ),
    "cooperation": MetricRules(
        levels={
            Level.LOW: Rule(
                _("Planning together does not work, or does not help them grow."),
                _("Start joint planning again, small: one goal, one owner on each side, one date."),
            ),
            Level.STRAINED: Rule(
                _("Middling: planning together helps too little."),
                _("Plan jointly: one plan, at most three focus areas, an owner on either side."),
            ),
            Level.GOOD: Rule(
                _("Planning together works."),
                _("Review the joint plan together, and tie it to growth they can measure."),
            ),
            Level.HIGH: Rule(
                _("Planning together helps them grow."),
                _("Go further: plan the next market or product jointly."),
            ),
        },
        rising=_("Joint planning starts to help: keep the dates, and show what came of the plan."),
        falling=_("Look at the joint plan: what was agreed there and not taken further?"),
    ),
    "credibility": MetricRules(
        levels={
            Level.LOW: Rule(
                _("Commitments are not kept as planned."),
                _("List the open ones, keep or withdraw each, and tell them which."),
            ),
            Level.STRAINED: Rule(
                _("Some commitments are not kept, or lack support."),
                _("Give each open commitment an owner and a date, and report on it unasked."),
            ),
            Level.GOOD: Rule(
                _("Commitments are mostly kept."),
                _("When a date slips, say so before they notice."),
            ),
            Level.HIGH: Rule(
                _("You do what you say."),
                _("Commit only to what keeps it so."),
            ),
        },
        rising=_("Kept commitments are being noticed: finish the ones still open."),
        falling=_("Look for a commitment that slipped, and explain it before you are asked."),
    ),
    "mutual_interest": MetricRules(
        levels={
            Level.LOW: Rule(
                _("They see nothing done to develop their business."),
                _("Ask what would develop it, and do one of these things within a quarter."),
            ),
            Level.STRAINED: Rule(
                _("What is done to develop their business has little effect."),
                _("Ask what helped and what did not; stop the latter."),
            ),
            Level.GOOD: Rule(
                _("You help to develop their business."),
                _("Offer one more thing that fits their market, and measure it together."),
            ),
            Level.HIGH: Rule(
                _("You develop their business with them, and it works."),
                _("Offer what worked to partners like this one."),
            ),
        },
        rising=_("They notice that you are active: keep it up, and show its effect."),
        falling=_("Look at what you stopped doing for them, or what no longer helps."),
    ),
    "social_bonding": MetricRules(
        levels={
            Level.LOW: Rule(
                _("The relation between their people and the account manager does not carry."),
                _("Let somebody else listen first, without blame, and ask what they need."),
            ),
            Level.STRAINED: Rule(
                _("The relation with the account manager is strained."),
                _("Make time for a talk without figures, and ask how they want to work."),
            ),
            Level.GOOD: Rule(
                _("The relation with the account manager is good."),
                _("Widen it: bring people of both sides together who share the work."),
            ),
            Level.HIGH: Rule(
                _("The account manager is trusted."),
                _("Keep changes of manager rare, and announce them early."),
            ),
        },
        rising=_("The relation is mending: keep the regular talks."),
        falling=_("Look for a change of people, or for talks that no longer take place."),
    ),
    "commitment": MetricRules(
        levels={
            Level.LOW: Rule(
                _("Their future hardly depends on you."),
                _("Find out what they build on instead, and what you would have to offer."),
            ),
            Level.STRAINED: Rule(
                _("You matter little to their long-term success."),
                _("Look for one product, service or market in which you could matter more."),
            ),
            Level.GOOD: Rule(
                _("You matter to their long-term success."),
                _("Plan one step that makes both sides' success depend on each other."),
            ),
            Level.HIGH: Rule(
                _("Their long-term success depends on you: a growth candidate."),
                _("Offer a growth plan, once open conflicts are settled."),
            ),
        },
        rising=_("You matter more to them than before: support what they are building."),
        falling=_("Ask what has changed in their plans, before it shows in revenue."),
    ),
}
