"""Asking: from a drafted pulse to the mails of its invitations.

Launching decides everything in one transaction: who is asked what, in which words, until when. The
worker then writes the mails, two hundred at a time, so that no answer has to wait for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.core import ids, outbox
from partnerloop.core.models import Event, Message, record_audit
from partnerloop.evidence.anonymity import cells
from partnerloop.loop import inviting
from partnerloop.partners.wishing import NONE, wishes_of
from partnerloop.planning import preview as planning
from partnerloop.planning.choosing import Chosen
from partnerloop.planning.preview import Preview
from partnerloop.planning.waiting import settle
from partnerloop.programs.models import MODES_OFFERED_TODAY, Mode, Program
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.pulses.tokens import invitation_token
from partnerloop.pulses.wording import words_for

OPEN_FOR = timedelta(days=28)
BATCH = 200


class PulseAlreadyLaunched(Exception):
    """A pulse is sent once; to ask again, make a new one."""


class NobodyToAsk(Exception):
    """No person in the audience may be asked now. `preview` says why."""


class PlanChanged(Exception):
    """Since the preview something happened by which other people would be asked."""


class NoModeOffered(Exception):
    """Neither the pulse nor its program offers a mode whose promise can be kept."""


class ClosesTooSoon(Exception):
    """The pulse would close before anybody could answer."""


@dataclass(frozen=True)
class Launched:
    """How many people were asked, and at how many partners."""

    people: int
    partners: int


def preview(pulse: Pulse, *, at: datetime) -> Preview:
    """This will show who would be asked what, and who not and why; nothing is stored."""
    if pulse.launched_at is not None:
        raise PulseAlreadyLaunched
    return planning.preview(pulse, at=at)


@transaction.atomic
def launch(pulse: Pulse, *, by: Membership | None, at: datetime, previewed: str = "") -> Launched:
    """This will freeze the pulse and ask everybody its plan names, or raise and change nothing.

    With the fingerprint of a preview, it asks exactly the people that the preview showed. Without
    a member it is the schedule that asks.
    """
    # one launch at a time in a program: two at once would spend the same contact budget
    Program.objects.select_for_update().get(pk=pulse.program_id)
    modes, closes_at = _modes(pulse), pulse.closes_at or at + OPEN_FOR
    if closes_at <= at:
        raise ClosesTooSoon
    drafts = Pulse.objects.of(pulse.program_id).filter(pk=pulse.pk, launched_at__isnull=True)
    if not drafts.update(launched_at=at, launched_by=by, modes=modes, closes_at=closes_at):
        raise PulseAlreadyLaunched
    pulse.refresh_from_db()
    plan = planning.plan(pulse, at=at)
    chosen = plan.chosen
    if not chosen:
        raise NobodyToAsk
    if previewed and previewed != plan.fingerprint:
        raise PlanChanged
    # what waited for one person would tell whose sealed answer it is: no anonymous group for it
    groups = _groups(pulse, [each for each in chosen if not each.takes_along], at=at)
    made = invitations_of(pulse, chosen, groups, at=at)
    asked = Invitation.objects.bulk_create(made, batch_size=500)
    settle(pulse.program, asked, at=at)
    announce(pulse, asked, key=f"{pulse.pk}:1", at=at)
    record_audit(
        "pulse.launched",
        at=at,
        actor=f"user:{by.user_id}" if by else "system",
        target=f"pulse:{pulse.pk}",
        program_id=pulse.program_id,
        fields=("launched_at", "modes", "closes_at"),
    )
    return Launched(people=len(asked), partners=len({one.partner_id for one in asked}))


def write_invitations(event: Event, at: datetime) -> None:
    """This will write the mails of one batch of invitations; a second run adds none."""
    pks = [UUID(number) for number in event.payload["invitations"]]
    asks = Invitation.objects.of(event.payload["program"]).filter(
        pk__in=pks,
        contact__stopped_at__isnull=True,
        contact__addressed_at__lte=F("asked_at"),
        expires_at__gt=at,
    )
    rows = asks.select_related("program", "pulse", "contact", "partner").order_by("pk")
    wishes = wishes_of(event.payload["program"])
    outbox.post(
        inviting.message_for(invitation, at=at)
        for invitation in rows
        if wishes.get(invitation.contact_id, NONE).allow(at.date())
    )


def send_test(pulse: Pulse, *, to: str, by: Membership, at: datetime) -> Message:
    """This will send the first mail that the pulse would send to oneself, with a link to nothing.

    It is written like the real one, for the person who has waited longest, so that words, sender
    and language can be judged; no invitation is made, and nobody is asked.
    """
    chosen = planning.plan(pulse, at=at).chosen
    if not chosen:
        raise NobodyToAsk
    [draft] = invitations_of(pulse, chosen[:1], {}, at=at)
    message = inviting.test_message(draft, to=to, name=by.user.name, at=at)
    with transaction.atomic():
        outbox.post([message])
        record_by(by, "pulse.tried", target=f"pulse:{pulse.pk}", at=at)
    return message


def _modes(pulse: Pulse) -> list[str]:
    wanted = pulse.modes or pulse.program.modes_offered
    kept = [mode for mode in pulse.program.modes_offered if mode in wanted]
    modes = [mode for mode in kept if mode in MODES_OFFERED_TODAY]
    if not modes:
        raise NoModeOffered
    return modes


def _groups(pulse: Pulse, chosen: Sequence[Chosen], *, at: datetime) -> dict[int, str]:
    """Return in which group each partner's people would count anonymously, where that is offered.

    A pulse that offers nothing else needs a group for everybody: no promise is weakened.
    """
    if Mode.ANONYMOUS not in pulse.modes:
        return {}
    groups = cells(pulse.program, [each.person.partner_id for each in chosen], on=at.date())
    if pulse.modes == [Mode.ANONYMOUS] and not all(groups.values()):
        raise NoModeOffered
    return groups


def invitations_of(
    pulse: Pulse, chosen: Sequence[Chosen], groups: Mapping[int, str], *, at: datetime
) -> list[Invitation]:
    """This will write the asks of a plan, not yet stored; `groups` are those of anonymous ones."""
    everything = {question.pk for each in chosen for question in each.questions}
    words: dict[tuple[str, ...], dict[int, int]] = {}
    made = []
    for each in chosen:
        person = each.person
        if person.languages not in words:
            found = words_for(everything, program=pulse.program, languages=person.languages)
            words[person.languages] = {pk: wording.pk for pk, wording in found.items()}
        pk = ids.random_id()
        made.append(
            Invitation(
                id=pk,
                program_id=pulse.program_id,
                pulse=pulse,
                contact_id=person.contact_id,
                partner_id=person.partner_id,
                role=person.role,
                token_hash=ids.token_hash(invitation_token(pk)),
                asked=[words[person.languages][question.pk] for question in each.questions],
                asked_at=at,
                expires_at=pulse.closes_at or at + OPEN_FOR,
                propensity=each.propensity,
                reason=each.reason.key,
                cell="" if each.takes_along else groups.get(person.partner_id, ""),
            )
        )
    return made


def announce(pulse: Pulse, made: Sequence[Invitation], *, key: str, at: datetime) -> None:
    """This will have the mails of these asks written, in batches; `key` names the occasion."""
    asked = [invitation.pk for invitation in made]
    for start in range(0, len(asked), BATCH):
        happening = outbox.Happening(
            kind="pulse.launched",
            key=f"pulse.launched:{key}:{start // BATCH}",
            program_id=pulse.program_id,
            payload={
                "program": pulse.program_id,
                "pulse": pulse.pk,
                "invitations": [str(pk) for pk in asked[start : start + BATCH]],
            },
        )
        outbox.publish(happening, at=at)
