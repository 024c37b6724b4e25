"""Single sign-on of a program: set by an owner, enforced once it has worked, and whom it admits.

A provider is chosen by a program's owner, so it is believed for that program alone: who comes by it
gets a session for that program, and can change nothing about how they sign in elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership, Role, SignOn, SignOnIdentity
from partnerloop.core import ids
from partnerloop.programs.models import Program
from partnerloop.programs.sealing import seal


class NotAdmitted(Exception):
    """The provider knows this person, the program does not."""


class CannotEnforce(ValueError):
    """Why members cannot be made to come by single sign-on yet, in a sentence."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What an owner writes down about a provider; an empty secret keeps the one there is."""

    issuer: str
    client_id: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the provider said, checked: who it is, and the address if the provider stands by it."""

    subject: str
    email: str = ""


def sign_on_of(program: Program) -> SignOn | None:
    """Return the provider of a program, if it has one."""
    return SignOn.objects.of(program).first()


@transaction.atomic
def set_provider(given: Provider, *, by: Membership, at: datetime) -> SignOn:
    """This will keep a provider; another one has to work before anybody is made to use it."""
    kept = sign_on_of(by.program) or SignOn(program=by.program)
    if (kept.issuer, kept.client_id) != (given.issuer, given.client_id):
        kept.worked_at, kept.enforced_at, kept.break_glass = None, None, None
    if kept.issuer != given.issuer:
        SignOnIdentity.objects.of(by.program).delete()
    kept.issuer, kept.client_id = given.issuer, given.client_id
    if given.secret:
        kept.secret_sealed = seal(given.secret)
    kept.save()
    _note("sign_on.set", by=by, at=at, fields=("issuer", "client_id", "secret"))
    return kept


@transaction.atomic
def remove_provider(*, by: Membership, at: datetime) -> None:
    """This will forget the provider; members sign in by link, password and passkey again."""
    SignOnIdentity.objects.of(by.program).delete()
    SignOn.objects.of(by.program).delete()
    _note("sign_on.removed", by=by, at=at)


@transaction.atomic
def enforce(*, by: Membership, at: datetime) -> None:
    """This will let members in by single sign-on only, but for the owner who does this."""
    if by.role != Role.OWNER:
        raise CannotEnforce("Only an owner can do this: they stay able to break the glass.")
    found = SignOn.objects.of(by.program).filter(worked_at__isnull=False)
    if not found.update(enforced_at=at, break_glass=by):
        raise CannotEnforce("Nobody has come in this way yet: try it first, in another browser.")
    _note("sign_on.enforced", by=by, at=at)


@transaction.atomic
def relax(*, by: Membership, at: datetime) -> None:
    """This will let members in by every way again."""
    SignOn.objects.of(by.program).update(enforced_at=None, break_glass=None)
    _note("sign_on.relaxed", by=by, at=at)


def is_demanded(member: Membership) -> bool:
    """Return whether this member has to come by the program's single sign-on."""
    kept: SignOn | None = getattr(member.program, "sign_on", None)
    if kept is None or kept.enforced_at is None:
        return False
    return not (member.role == Role.OWNER and kept.break_glass_id == member.pk)


@transaction.atomic
def admit(program: Program, vouched: Vouched, *, at: datetime) -> Membership:
    """This will return the member whom the provider vouches for; strangers are not let in.

    The first time the address decides, from then on the provider's own name for the person.
    """
    subject = ids.token_hash(vouched.subject)
    members = Membership.objects.of(program).filter(ended_on__isnull=True, user__is_active=True)
    members = members.select_related("user", "program")
    known = SignOnIdentity.objects.of(program).filter(subject_hash=subject).first()
    if known is not None:
        member = members.filter(user_id=known.user_id).first()
    else:
        member = members.filter(user__email__iexact=vouched.email).first()
    if member is None:
        raise NotAdmitted
    if known is None:
        try:
            with transaction.atomic():
                SignOnIdentity.objects.create(
                    program=program, subject_hash=subject, user=member.user
                )
        except IntegrityError:
            # Another account of the provider came under this address before.
            raise NotAdmitted from None
    SignOn.objects.of(program).update(worked_at=at)
    return member


def _note(action: str, *, by: Membership, at: datetime, fields: tuple[str, ...] = ()) -> None:
    record_by(by, action, target=f"program:{by.program_id}", at=at, fields=fields)
