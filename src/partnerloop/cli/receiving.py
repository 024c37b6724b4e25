"""`partnerloop receive-mail`: takes one mail from standard input, as mail servers pipe it."""

import sys

import click
from django.db import DatabaseError

from partnerloop.core import clock
from partnerloop.integrations.email.incoming import LARGEST
from partnerloop.loop.mailbox import take_mail

TRY_AGAIN = 75  # EX_TEMPFAIL: the mail server keeps the mail and pipes it again


@click.command()
def receive_mail() -> None:
    """Take one mail from standard input: a reply, a delivery report, a complaint."""
    raw = sys.stdin.buffer.read(LARGEST + 1)
    if len(raw) > LARGEST:
        click.echo("Left out: the mail is larger than 10 MB.")
        return
    try:
        taken = take_mail(raw, at=clock.now())
    except DatabaseError as wrong:
        click.echo(f"The database cannot be used: {wrong}", err=True)
        raise SystemExit(TRY_AGAIN) from None
    click.echo(f"Taken: {taken.value}.")
