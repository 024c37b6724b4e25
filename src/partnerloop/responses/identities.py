"""Who sent what: apart from the answers. Guarded: only intake, people, reply, rights read."""

import uuid

from django.db import models

from partnerloop.core import ids
from partnerloop.partners.models import Contact, Partner
from partnerloop.programs.models import Mode
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.pulses.models import Invitation
from partnerloop.responses.models import Response


class Identity(ProgramOwned):
    """The writer of a response, by their invitation; forgotten once it is no longer needed."""

    response = models.OneToOneField(
        Response, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="+")

    objects = ScopedQuerySet["Identity"].as_manager()

    def __str__(self) -> str:
        return "identity"


class Receipt(ProgramOwned):
    """The private link of one response; its token is derived, so that it can be shown again."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)

    objects = ScopedQuerySet["Receipt"].as_manager()

    def __str__(self) -> str:
        return "receipt"


class Pseudonym(ProgramOwned):
    """A stable random name of one contact at one partner, one for each mode."""

    value = models.UUIDField(default=uuid.uuid4, unique=True)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=12, choices=Mode)

    objects = ScopedQuerySet["Pseudonym"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "partner", "mode"], name="pseudonym_once_per_mode"
            )
        ]

    def __str__(self) -> str:
        return str(self.value)


class ModeChoice(ProgramOwned):
    """How a person answered last for a partner, so that it is preselected the next time."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=12, choices=Mode)

    objects = ScopedQuerySet["ModeChoice"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "partner"], name="mode_choice_once")
        ]

    def __str__(self) -> str:
        return self.mode
