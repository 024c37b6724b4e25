"""The sealed drop table: anonymous answers before they are rewritten, and the links they spent.

Neither table says what belongs to what. A drop is named by the hash of a receipt link that only
its writer has, holds no time, and the drops of a round (two hundred of them, drawn by chance, where
there are more) are written anew, in the order of those random names, whenever one is added: no row
number and no transaction number pairs it with a link.
"""

from django.db import models

from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.pulses.models import Invitation, Pulse


class Drop(ProgramOwned):
    """One anonymous submission, sealed, until it is rewritten among others; then deleted."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="+")
    sealed = models.TextField()

    objects = ScopedQuerySet["Drop"].as_manager()

    def __str__(self) -> str:
        return "drop"


class SpentLink(ProgramOwned):
    """A link by which somebody answered anonymously; it cannot be used twice."""

    invitation = models.OneToOneField(
        Invitation, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )

    objects = ScopedQuerySet["SpentLink"].as_manager()

    def __str__(self) -> str:
        return "spent link"
