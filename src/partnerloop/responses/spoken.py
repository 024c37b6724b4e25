"""What people told us of their own accord, by mail or by a link of their own: always named."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from partnerloop.core import ids
from partnerloop.partners.models import Contact, ContactRole, Partner
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.pulses.models import Invitation
from partnerloop.responses.intake import receipt_token

LONGEST = 2000


class SpokenWords(ProgramOwned):
    """Words of a named person that answer no question."""

    class Way(models.TextChoices):
        MAIL = "mail"
        LINK = "link"

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=ContactRole)
    text = models.TextField(max_length=LONGEST)
    way = models.CharField(max_length=4, choices=Way)
    said_at = models.DateTimeField()
    # The same words sent twice, by a second press or a mail that came again, are kept once.
    key = models.CharField(max_length=64)
    receipt_hash = models.CharField(max_length=64, unique=True)

    objects = ScopedQuerySet["SpokenWords"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "key"], name="spoken_words_once"),
            models.CheckConstraint(condition=~Q(text=""), name="spoken_words_have_text"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


def keep_words(
    invitation: Invitation, text: str, *, way: SpokenWords.Way, key: str, at: datetime
) -> tuple[SpokenWords, bool]:
    """Keep what the person of an invitation says, once per key; return whether it was new."""
    pk = ids.random_id()
    return SpokenWords.objects.of(invitation.program_id).get_or_create(
        key=key,
        defaults={
            "id": pk,
            "program_id": invitation.program_id,
            "contact_id": invitation.contact_id,
            "partner_id": invitation.partner_id,
            "role": invitation.role,
            "text": text.strip()[:LONGEST],
            "way": way,
            "said_at": at,
            "receipt_hash": ids.token_hash(receipt_token(pk)),
        },
    )
