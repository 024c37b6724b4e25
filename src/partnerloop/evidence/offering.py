"""Which modes a person is offered, with the one sentence that is true for their company."""

from dataclasses import dataclass
from datetime import datetime

from partnerloop.evidence.seasoning import SeasoningRules, eligible_people, is_seasoned
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.models import Invitation


@dataclass(frozen=True, slots=True)
class ModeOffer:
    """One mode as it is offered: its sentence is the promise, `more` the residual risk."""

    mode: Mode
    sentence: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person may choose from, and a note where something is not offered."""

    choices: tuple[ModeOffer, ...]
    note: str = ""

    @property
    def modes(self) -> tuple[Mode, ...]:
        """Return the modes alone."""
        return tuple(choice.mode for choice in self.choices)


NAMED = (
    "The people at {vendor} who look after {company} see your name and your answer, at once. "
    "It also moves {company}'s scorecard, which your colleagues can open."
)
KEPT = (
    "{vendor} never sees your answer or who answered. The platform stores who you are until your "
    "answer has been averaged, or your comment closed (+35 days)."
)
CONFIDENTIAL = (
    "Counts for {company} only together with at least {others} colleagues, as a slightly blurred "
    "average, updated at most weekly. " + KEPT
)
CONFIDENTIAL_SMALL = (
    "Your company is too small for a figure of its own: your answer counts only in a group of at "
    "least {people} people from {companies} companies. " + KEPT
)
RESIDUAL_RISK = (
    "Colleagues who share their own answers with {vendor} can narrow down yours. If all of you "
    "agree strongly, the average says so. Over many months a consistently different opinion may "
    "be guessed."
)
TOO_NEW = "You are new here: for your first {days} days only named answers count."


def offer(invitation: Invitation, *, at: datetime) -> Offer:
    """Return what the person of an invitation may choose from at this moment."""
    program, partner = invitation.program, invitation.partner
    offered = invitation.pulse.modes
    named = _named(program, partner.name)
    rules = SeasoningRules(program, partners=[partner.pk])
    if not is_seasoned(invitation.contact, partner=partner, rules=rules, on=at.date()):
        return Offer((named,), note=TOO_NEW.format(days=program.seasoning_days))
    choices = [named] if Mode.NAMED in offered else []
    if Mode.CONFIDENTIAL in offered:
        people = eligible_people(program, on=at.date(), rules=rules, partners=[partner.pk])
        is_large = people.get(partner.pk, 0) >= program.company_minimum
        choices.append(_confidential(program, partner.name, is_large=is_large))
    return Offer(tuple(choices))


def promises(program: Program) -> tuple[ModeOffer, ...]:
    """Return the modes that a program offers, with their sentences for any company."""
    company = "your company"
    told = {
        Mode.NAMED: _named(program, company),
        Mode.CONFIDENTIAL: _confidential(program, company, is_large=True),
    }
    return tuple(told[mode] for mode in told if mode in program.modes_offered)


def _named(program: Program, company: str) -> ModeOffer:
    return ModeOffer(Mode.NAMED, NAMED.format(vendor=program.vendor_name, company=company))


def _confidential(program: Program, company: str, *, is_large: bool) -> ModeOffer:
    sentence = CONFIDENTIAL if is_large else CONFIDENTIAL_SMALL
    words = {"vendor": program.vendor_name, "company": company}
    told = sentence.format(
        **words,
        others=program.company_minimum - 1,
        people=program.pool_people,
        companies=program.pool_companies,
    )
    return ModeOffer(Mode.CONFIDENTIAL, told, RESIDUAL_RISK.format(**words))
