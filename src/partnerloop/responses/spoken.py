"""What people told us of their own accord, by mail or by a link of their own: always named."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Max, Q

from partnerloop.core import ids
from partnerloop.partners.models import Contact, ContactRole, Partner
from partnerloop.programs.models import Program
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.responses.standing import receipt_token

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
    # The Message-ID of the mail they came by, so that an answer stands below it in the mailbox.
    mail_number = models.CharField(max_length=255, blank=True)

    objects = ScopedQuerySet["SpokenWords"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "key"], name="spoken_words_once"),
            models.CheckConstraint(condition=~Q(text=""), name="spoken_words_have_text"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something, and for which partner."""

    program_id: int
    contact_id: int
    partner_id: int
    role: str


def keep_words(
    speaker: Speaker,
    text: str,
    *,
    way: SpokenWords.Way,
    key: str,
    at: datetime,
    mail_number: str = "",
) -> tuple[SpokenWords, bool]:
    """Keep what a person says, once per key; return whether it was new."""
    pk = ids.random_id()
    return SpokenWords.objects.of(speaker.program_id).get_or_create(
        key=key,
        defaults={
            "id": pk,
            "program_id": speaker.program_id,
            "contact_id": speaker.contact_id,
            "partner_id": speaker.partner_id,
            "role": speaker.role,
            "text": text.strip()[:LONGEST],
            "way": way,
            "said_at": at,
            "mail_number": mail_number,
            "receipt_hash": ids.token_hash(receipt_token(pk)),
        },
    )


def last_spoken(
    program: Program, *, since: datetime, until: datetime, contacts: Collection[int] | None
) -> list[tuple[int, datetime]]:
    """Return when people last said something by name of their own accord: everybody, or some."""
    rows = SpokenWords.objects.of(program).filter(said_at__gt=since, said_at__lte=until)
    if contacts is not None:
        rows = rows.filter(contact__in=contacts)
    return list(rows.values_list("contact").annotate(Max("said_at")).order_by("contact"))
