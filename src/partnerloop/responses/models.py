"""What people sent: values and words. Read by responses, evidence, themes and release only.

Ids are random. Who sent a confidential response is in `identities`, that somebody answered is in
`participation`; nothing here pairs with them but by the tables that guard it.
"""

from django.db import models
from django.db.models import Q

from partnerloop.core import ids
from partnerloop.partners.models import ContactRole, Partner
from partnerloop.programs.models import Mode
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.pulses.models import Pulse, Wording


class Response(ProgramOwned):
    """One person's submission. It keeps the partner and the attributes of its day."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=12, choices=Mode)
    day = models.DateField()
    # Only named people: a time finer than a day would pair an answer with its writer.
    received_at = models.DateTimeField(null=True)
    role = models.CharField(max_length=10, choices=ContactRole, blank=True)
    place = models.JSONField(default=dict)

    objects = ScopedQuerySet["Response"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mode="named") | Q(received_at__isnull=True, role=""),
                name="response_unnamed_has_no_time_or_role",
            ),
            # Anonymous answers have no company: they are drops, then loose values and words.
            models.CheckConstraint(
                condition=~Q(mode="anonymous"), name="response_anonymous_not_stored_here"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mode} response"


class Answer(ProgramOwned):
    """The value given for one question, as given: reversal happens in `evidence.scale` only."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(null=True)  # empty: "I can't judge this"

    objects = ScopedQuerySet["Answer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "wording"], name="answer_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__lte=10), name="answer_from_0_to_10"
            ),
        ]

    def __str__(self) -> str:
        return "can't judge" if self.value is None else str(self.value)


class Comment(ProgramOwned):
    """Free text of one response. It becomes visible only as a released copy in `release`."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="comments")
    wording = models.ForeignKey(Wording, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    day = models.DateField()

    objects = ScopedQuerySet["Comment"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "wording"], name="comment_once"),
            models.CheckConstraint(condition=~Q(text=""), name="comment_has_text"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class AnonymousReceipt(ProgramOwned):
    """The private link of an anonymous submission of a round, once its drop was rewritten."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="+")

    objects = ScopedQuerySet["AnonymousReceipt"].as_manager()

    def __str__(self) -> str:
        return "anonymous receipt"


class AnonymousComment(ProgramOwned):
    """Words without writer, company or day; their receipt is what a reply reaches."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    receipt = models.ForeignKey(AnonymousReceipt, on_delete=models.CASCADE, related_name="comments")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    # The group that was asked, in words, and the week in which it was rewritten.
    label = models.CharField(max_length=120, blank=True)
    week = models.DateField()

    objects = ScopedQuerySet["AnonymousComment"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="anonymous_comment_has_text")
        ]

    def __str__(self) -> str:
        return self.text[:40]
