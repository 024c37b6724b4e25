"""Questions of a program, pulses, and the invitations they send.

An invitation holds no trace of an answer: who answered is `responses.participation`, guarded.
"""

from datetime import datetime
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from partnerloop.accounts.models import Membership
from partnerloop.core import ids
from partnerloop.partners.models import Contact, ContactRole, Objective, Partner
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.pulses.models.metrics import Metric

COUNTED_WAYS = ("mail", "event")


class Question(ProgramOwned):
    """An item of the bank. Its words are `Wording` rows, versioned and never changed."""

    class Kind(models.TextChoices):
        RATED = "rated"
        OPEN = "open"

    class Purpose(models.TextChoices):
        DIMENSION = "dimension", "Dimension"
        OVERALL = "overall", "Overall"
        DRIVER = "driver", "Driver"
        EVENT = "event", "Lifecycle event"
        TOUCHPOINT = "touchpoint", "Touchpoint"
        OUTLOOK = "outlook", "Outlook"
        COMPARISON = "comparison", "Comparison with other vendors"
        CUSTOMER = "customer", "End customers"
        PREDICTION = "prediction", "Manager's prediction"
        MIRROR = "mirror", "Manager's own view"
        OWN = "own", "Your own"

    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=5, choices=Kind)
    # Only dimension and overall items are chosen by themselves; the others are put into a pulse.
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.DIMENSION)
    about = models.CharField(max_length=40, blank=True)  # a stage, a touchpoint or a metric
    # What a rated item measures: a metric's key, or its own key for overall items without one.
    measure = models.CharField(max_length=60)
    metric = models.ForeignKey(
        Metric, null=True, blank=True, on_delete=models.PROTECT, related_name="questions"
    )
    is_overall = models.BooleanField(default=False)
    is_reversed = models.BooleanField(default=False)
    follows = models.CharField(
        max_length=4, blank=True, choices=[("low", "a low score"), ("high", "a high score")]
    )
    roles = models.JSONField(default=list, blank=True)  # empty: everybody
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Question"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "key"], name="question_key_once"),
            models.CheckConstraint(
                condition=Q(kind="rated") | Q(is_overall=False, is_reversed=False),
                name="question_only_rated_is_scored",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Wording(ProgramOwned):
    """One version of a question's words in one language; never edited, a new one is added."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=12)
    version = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    low = models.CharField(max_length=60, blank=True)
    high = models.CharField(max_length=60, blank=True)
    # The version of the built-in bank that these words are; empty: the program's own words.
    bank_version = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = ScopedQuerySet["Wording"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "language", "version"], name="wording_version_once"
            ),
            models.CheckConstraint(
                condition=Q(low="", high="") | (~Q(low="") & ~Q(high="")),
                name="wording_labels_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class PulseQuerySet(ScopedQuerySet["Pulse"]):
    """Words for asking about pulses."""

    def launched(self) -> Self:
        """Keep the pulses that have been sent to their audience."""
        return self.filter(launched_at__isnull=False, way=Pulse.Way.MAIL)

    def listening(self, at: datetime) -> Self:
        """Keep the pulses that ask after an event, until they are stopped."""
        heard = self.filter(way=Pulse.Way.EVENT, launched_at__lte=at)
        return heard.filter(Q(closes_at__isnull=True) | Q(closes_at__gt=at))

    def standing(self) -> Self:
        """Keep the sent pulses that are asked again and again."""
        return self.launched().filter(every_days__isnull=False)


class Pulse(ProgramOwned):
    """A standing or one-off program of asking. Its modes are frozen at launch."""

    class Way(models.TextChoices):
        MAIL = "mail", "By mail"
        EVENT = "event", "After an event"
        CHECK_IN = "check_in", "Check-in"
        SESSION = "session", "Advisory or focus group"
        LINK = "link", "Portal or QR link"
        # One of each in a program collects asks that are made one person at a time, by name only.
        REQUEST = "request", "By mail, when another system asks for it"
        PORTAL = "portal", "In a partner portal that says who is looking"

    way = models.CharField(max_length=8, choices=Way, default=Way.MAIL)
    name = models.CharField(max_length=120)
    # Which partners: a filter as in partners.Segment; empty means all.
    audience = models.JSONField(default=dict, blank=True)
    modes = models.JSONField(default=list)
    asks_open_question = models.BooleanField(default=True)
    # Items it asks besides the overall question, by key; the engine fills what they leave free.
    questions = models.JSONField(default=list, blank=True)
    # How many people to draw among those who may be asked; empty asks all of them. The seed makes
    # the draw the same in the preview and at the launch.
    people_to_ask = models.PositiveIntegerField(null=True, blank=True)
    seed = models.PositiveBigIntegerField(default=ids.random_seed)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    launched_at = models.DateTimeField(null=True, blank=True)
    launched_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closes_at = models.DateTimeField(null=True, blank=True)
    # A standing pulse is asked again so many days after its last round; each round is a pulse of
    # its own that names the first one here.
    every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    objective = models.ForeignKey(
        Objective, null=True, blank=True, on_delete=models.SET_NULL, related_name="pulses"
    )
    first_round = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="rounds"
    )

    # A pulse after an event asks so many days after an event of this kind; see planning.waiting.
    on_event = models.SlugField(max_length=40, blank=True)
    after_days = models.PositiveSmallIntegerField(default=0)

    objects = PulseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(way="event") & ~Q(on_event="")) | (~Q(way="event") & Q(on_event="")),
                name="pulse_after_an_event_names_it",
            ),
            models.CheckConstraint(
                condition=Q(launched_at__isnull=True) | Q(closes_at__gt=F("launched_at")),
                name="pulse_closes_after_launch",
            ),
            models.CheckConstraint(
                condition=Q(people_to_ask__isnull=True) | Q(people_to_ask__gte=1),
                name="pulse_asks_somebody",
            ),
            models.CheckConstraint(
                condition=Q(every_days__isnull=True) | Q(every_days__gte=7, first_round=None),
                name="pulse_rounds_a_week_apart",
            ),
            models.UniqueConstraint(
                fields=["program", "way"],
                condition=Q(way__in=("request", "portal")),
                name="pulse_on_request_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InvitationQuerySet(ScopedQuerySet["Invitation"]):
    """Words for asking about asks."""

    def since(self, at: datetime) -> Self:
        """Keep the asks made at or after a moment."""
        return self.filter(asked_at__gte=at)

    def counted(self) -> Self:
        """Keep the asks that count in response: those by mail that nobody aimed at one person.

        All others are answered by name, and many of them would point at the one person beside
        them who was not.
        """
        return self.filter(pulse__way__in=COUNTED_WAYS)


class Invitation(ProgramOwned):
    """One ask of one person, for one partner, with the words they are shown."""

    id = models.UUIDField(primary_key=True, default=ids.random_id, editable=False)
    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="invitations")
    round = models.PositiveSmallIntegerField(default=1)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="invitations")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=ContactRole)
    token_hash = models.CharField(max_length=64, unique=True)
    # Ids of the wordings asked, in order. Wordings are immutable and never deleted before the
    # program, so a list keeps the truth at a third of the rows.
    asked = models.JSONField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # The chance with which this ask was drawn, and why, in a key of planning.reasons.
    propensity = models.FloatField(
        null=True, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    reason = models.CharField(max_length=40, blank=True)
    # The group that an anonymous answer by this link would count in, fixed when the link is made;
    # empty where no group is large enough, so that anonymous is not offered.
    cell = models.CharField(max_length=120, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["contact", "asked_at"], name="invitation_by_contact"),
            models.Index(fields=["program", "asked_at"], name="invitation_by_time"),
            models.Index(fields=["partner", "asked_at"], name="invitation_by_partner"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pulse", "round", "contact"], name="invitation_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")), name="invitation_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(propensity__isnull=True) | Q(propensity__gt=0, propensity__lte=1),
                name="invitation_propensity_is_a_chance",
            ),
        ]

    def __str__(self) -> str:
        return f"ask of contact {self.contact_id}"
