"""`python -m partnerloop` is the same as the command `partnerloop`."""

from partnerloop.cli.main import main

main(prog_name="partnerloop")
