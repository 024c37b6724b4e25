"""Which modes a person is offered, with the one sentence that is true for their company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from partnerloop.evidence.promises import Promises, promises_in
from partnerloop.evidence.seasoning import SeasoningRules, eligible_at, is_seasoned
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.asked import asked_questions
from partnerloop.pulses.models import Invitation
from partnerloop.pulses.wording import languages_for
from partnerloop.responses.drafting import HOUR, KEPT


@dataclass(frozen=True, slots=True)
class ModeOffer:
    """One mode as it is offered: its sentence is the promise, `more` the residual risk."""

    mode: Mode
    label: str
    sentence: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person may choose from, a note where something is not offered, and what to ask."""

    choices: tuple[ModeOffer, ...]
    asking: Mapping[str, str]
    language: str
    note: str = ""

    @property
    def modes(self) -> tuple[Mode, ...]:
        """Return the modes alone."""
        return tuple(choice.mode for choice in self.choices)

    @property
    def hint(self) -> str:
        """Return what happens where nothing is chosen."""
        becomes = "confidential" if Mode.CONFIDENTIAL in self.modes else "unkept"
        return self.asking[f"hint_{becomes}"].format(hours=DRAFT_HOURS)


@dataclass(frozen=True, slots=True)
class PublicPromise:
    """What a program promises everybody: its modes, its rules, what it can't promise, rights."""

    modes: tuple[ModeOffer, ...]
    rules: tuple[str, ...]
    limits: tuple[str, ...]
    rights: str
    language: str


RULES = "opening answered nobody groups blurred deleted loose words asked stricter".split()
LIMITS = "style colleagues outlier company operator".split()
DRAFT_HOURS = KEPT // HOUR
OF_CONFIDENTIAL = {"groups", "blurred", "deleted"}


def offer(invitation: Invitation, *, at: datetime) -> Offer:
    """Return what the person of an invitation may choose from at this moment.

    Anonymous needs no colleagues, but a large group that was invited together.
    """
    program, partner = invitation.program, invitation.partner
    offered = invitation.pulse.modes
    first = asked_questions(program.pk, invitation.asked[:1])
    person = languages_for(program, contact=invitation.contact, partner=partner)
    said = promises_in((*(question.language for question in first), *person))
    rules = SeasoningRules.of_partner(program, partner.pk)
    named = _told(said, Mode.NAMED, program, partner.name)
    if not is_seasoned(invitation.contact, partner=partner, rules=rules, on=at.date()):
        note = said.modes["too_new"].format(days=program.seasoning_days)
        return Offer((named,), said.asking, said.language, note=note)
    choices = [named] if Mode.NAMED in offered else []
    anonymous = Mode.ANONYMOUS in offered and bool(invitation.cell)
    if Mode.CONFIDENTIAL in offered:
        people = eligible_at(partner.pk, on=at.date(), rules=rules)
        is_large = people >= program.company_minimum
        key = "confidential" if is_large else "confidential_small"
        choices.append(_confidential(said, key, program, partner.name, anonymous=anonymous))
    if anonymous:
        choices.append(_told(said, Mode.ANONYMOUS, program, partner.name, "anonymous_more"))
    return Offer(tuple(choices), said.asking, said.language)


def promise_in_portal(program: Program, *, company: str, languages: Sequence[str]) -> str:
    """Return what holds for answers that pass through a portal: who sees them, and why by name."""
    said = promises_in(languages)
    named = said.modes["named"].format(vendor=program.vendor_name, company=company)
    return f"{named} {said.modes['portal']}"


def public_promise(program: Program, *, language: str = "") -> PublicPromise:
    """Return what a program promises everybody, from its settings, so that it is always true."""
    said = promises_in((language, *languages_for(program)))
    company = said.page["company"]
    offered = [mode for mode in Mode if mode in program.modes_offered]
    anonymous = Mode.ANONYMOUS in offered
    modes = [
        _confidential(said, "confidential", program, company, anonymous=anonymous)
        if mode == Mode.CONFIDENTIAL
        else _told(said, mode, program, company, "anonymous_more" * (mode == Mode.ANONYMOUS))
        for mode in offered
    ]
    left_out = set() if Mode.CONFIDENTIAL in offered else set(OF_CONFIDENTIAL)
    left_out |= set() if anonymous else {"loose"}
    figures = _figures(program)
    return PublicPromise(
        modes=tuple(modes),
        rules=tuple(said.page[key].format(**figures) for key in RULES if key not in left_out),
        limits=tuple(said.page[f"limit_{key}"] for key in LIMITS),
        rights=said.page["rights"],
        language=said.language,
    )


def _told(said: Promises, mode: Mode, program: Program, company: str, more: str = "") -> ModeOffer:
    words = {"vendor": program.vendor_name, "company": company}
    rest = said.modes[more].format(**words) if more else ""
    return ModeOffer(mode, said.labels[mode], said.modes[mode].format(**words), rest)


def _confidential(
    said: Promises, key: str, program: Program, company: str, *, anonymous: bool
) -> ModeOffer:
    words = {"vendor": program.vendor_name, "company": company, **_figures(program)}
    sentence = f"{said.modes[key]} {said.modes['kept']}".format(**words)
    more = said.modes["residual"].format(**words)
    if anonymous:
        more = f"{more} {said.modes['residual_choice']}"
    return ModeOffer(Mode.CONFIDENTIAL, said.labels[Mode.CONFIDENTIAL], sentence, more)


def _figures(program: Program) -> dict[str, int]:
    return {
        "others": program.company_minimum - 1,
        "minimum": program.company_minimum,
        "people": program.pool_people,
        "companies": program.pool_companies,
        "share": round(program.dominance * 100),
        "days": program.asks_every_days,
        "times": program.asks_a_year,
    }
