"""Commands about the people who sign in."""

import click
from django.conf import settings
from django.db import DatabaseError

from partnerloop.accounts.models import User
from partnerloop.accounts.signing_in import make_link
from partnerloop.core import clock


@click.command("sign-in-link")
@click.argument("email")
def sign_in_link(email: str) -> None:
    """Print a one-time sign-in link for the member with this e-mail address."""
    try:
        user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    except DatabaseError:
        raise click.ClickException(
            "The database is not ready: run `partnerloop migrate` first."
        ) from None
    if user is None:
        raise click.ClickException(f"Nobody with the address {email} may sign in here.")
    click.echo(f"{settings.PARTNERLOOP_URL}/s/{make_link(user, at=clock.now())}")
