"""Commands about the people who sign in."""

import click
from django.conf import settings
from django.db import DatabaseError, transaction

from partnerloop.accounts.inviting import renew_for_operator
from partnerloop.accounts.models import SignOn, User
from partnerloop.accounts.second_step import reset
from partnerloop.accounts.signing_in import make_link
from partnerloop.core import clock
from partnerloop.core.models import record_audit
from partnerloop.integrations.email.noticing import AccountChange, mail_account_notice
from partnerloop.loop.founding import CannotBeFounded, Founding, found

NOT_READY = "The database is not ready: run `partnerloop migrate` first."


@click.command("sign-in-link")
@click.argument("email")
def sign_in_link(email: str) -> None:
    """Print a one-time sign-in link for the member with this e-mail address.

    For somebody who was invited and has not joined yet it prints the link of the invitation.
    """
    try:
        user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
        token = None if user else renew_for_operator(email, at=clock.now())
    except DatabaseError:
        raise click.ClickException(NOT_READY) from None
    if user is not None:
        click.echo(door_of(user))
    elif token is not None:
        click.echo(f"{settings.PARTNERLOOP_URL}/join/{token}")
    else:
        raise click.ClickException(f"Nobody with the address {email} may sign in here.")


@click.command("reset-second-step")
@click.argument("email")
def reset_second_step(email: str) -> None:
    """Forget app, passkeys and recovery codes of a member who lost them."""
    try:
        user = User.objects.filter(email__iexact=email.strip()).first()
    except DatabaseError:
        raise click.ClickException(NOT_READY) from None
    if user is None:
        raise click.ClickException(f"Nobody with the address {email} is known here.")
    at, change = clock.now(), AccountChange.RESET
    with transaction.atomic():
        reset(user)
        record_audit(change.value, at=at, actor="system", target=f"user:{user.pk}")
        mail_account_notice(user, change, at=at)
    click.echo(f"{user.email} signs in by link or password alone, until a new step is set.")


@click.command("sign-on-optional")
@click.argument("slug")
def sign_on_optional(slug: str) -> None:
    """Let members of a program in by every way again, while its provider is down."""
    try:
        found = SignOn.objects.across_programs().filter(
            program__slug=slug, enforced_at__isnull=False
        )
        program_id = found.values_list("program_id", flat=True).first()
        if program_id is None:
            raise click.ClickException(f"No program {slug} demands single sign-on.")
        with transaction.atomic():
            found.update(enforced_at=None, break_glass=None)
            record_audit(
                "sign_on.relaxed",
                at=clock.now(),
                actor="system",
                target=f"program:{program_id}",
                program_id=program_id,
            )
    except DatabaseError:
        raise click.ClickException(NOT_READY) from None
    click.echo(f"Members of {slug} sign in by every way again.")


@click.command("add-program")
@click.argument("slug")
@click.option("--owner", required=True, metavar="EMAIL", help="Who may do everything in it.")
@click.option("--name", default="Partner program", show_default=True, help="What it is called.")
@click.option("--vendor", default="Our company", show_default=True, help="Whose program it is.")
def add_program(slug: str, owner: str, name: str, vendor: str) -> None:
    """Found a program at /p/SLUG/ and print a one-time sign-in link for its owner."""
    given = Founding(
        slug=slug,
        name=name,
        vendor_name=vendor,
        owner_email=owner,
        owner_name=owner.partition("@")[0],
    )
    try:
        member = found(given, at=clock.now())
    except CannotBeFounded as wrong:
        raise click.ClickException(str(wrong)) from None
    except DatabaseError:
        raise click.ClickException(NOT_READY) from None
    click.echo(door_of(member.user))


def door_of(user: User) -> str:
    """This will make a one-time link and return its whole address."""
    return f"{settings.PARTNERLOOP_URL}/s/{make_link(user, at=clock.now())}"
