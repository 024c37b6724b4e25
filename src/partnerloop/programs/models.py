"""Program: one vendor's partner program, the tenant. All but users belongs to exactly one."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from partnerloop.core import ids


class Mode(models.TextChoices):
    """What a respondent is promised. Never weakened after the answer."""

    NAMED = "named", "Named"
    CONFIDENTIAL = "confidential", "Confidential"
    ANONYMOUS = "anonymous", "Anonymous"


# A mode is offered when its sentence is true. Whether anonymous is true for a person depends on who
# else was asked, which the invitation keeps.
MODES_OFFERED_TODAY = (Mode.NAMED, Mode.CONFIDENTIAL, Mode.ANONYMOUS)


def default_modes() -> list[str]:
    """Return the modes a new program offers."""
    return [mode.value for mode in MODES_OFFERED_TODAY]


class Program(models.Model):
    """One vendor's partner program and its settings."""

    slug = models.SlugField(
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", "Use a-z, 0-9 and hyphens.")],
    )
    name = models.CharField(max_length=120)
    vendor_name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=12, default="en")
    created_at = models.DateTimeField()
    setup_finished_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    # Mail. An empty host means that mails stay on the outbox page.
    sender_name = models.CharField(max_length=120, blank=True)
    sender_address = models.EmailField(blank=True)
    reply_address = models.EmailField(blank=True)
    smtp_host = models.CharField(max_length=200, blank=True)
    smtp_port = models.PositiveIntegerField(default=587)
    smtp_user = models.CharField(max_length=200, blank=True)
    smtp_password_sealed = models.TextField(blank=True)
    smtp_security = models.CharField(
        max_length=8,
        default="starttls",
        choices=[("none", "None"), ("starttls", "STARTTLS"), ("tls", "TLS")],
    )
    mail_tested_at = models.DateTimeField(null=True)

    # Modes and thresholds of research-backed defaults; they may be tightened, never loosened for
    # answers already given (the rule version is frozen into each atom).
    modes_offered = models.JSONField(default=default_modes)
    company_minimum = models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(3)])
    pool_people = models.PositiveSmallIntegerField(default=5, validators=[MinValueValidator(5)])
    pool_companies = models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(3)])
    dominance = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.50"),
        validators=[MaxValueValidator(Decimal("0.50"))],
    )
    blur = models.DecimalField(max_digits=3, decimal_places=1, default=Decimal("1.5"))
    figure_age_days = models.PositiveSmallIntegerField(default=182)
    seasoning_days = models.PositiveSmallIntegerField(default=30)
    answer_within_hours = models.PositiveSmallIntegerField(default=48)
    asks_every_days = models.PositiveSmallIntegerField(default=14)
    asks_a_year = models.PositiveSmallIntegerField(default=12)
    # Mails with questions arrive between these hours of the reader's day, on working days.
    mails_from_hour = models.PositiveSmallIntegerField(default=8)
    mails_until_hour = models.PositiveSmallIntegerField(default=18)
    holidays = models.JSONField(default=list, blank=True)  # days as 2026-12-24

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(company_minimum__gte=3)
                & Q(pool_people__gte=5)
                & Q(pool_companies__gte=3)
                & Q(dominance__lte=Decimal("0.50")),
                name="program_thresholds_not_below_floor",
            ),
            models.CheckConstraint(
                condition=Q(mails_until_hour__gt=models.F("mails_from_hour"))
                & Q(mails_until_hour__lte=24),
                name="program_mails_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(blur__gte=Decimal("1.0")), name="program_blur_floor"
            ),
            models.CheckConstraint(
                condition=Q(seasoning_days__gte=30) & Q(figure_age_days__lte=182),
                name="program_ages_not_below_floor",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sends_mail(self) -> bool:
        """Return whether mails leave this machine, or stay on the outbox page."""
        return bool(self.smtp_host)

    @property
    def sender(self) -> str:
        """Return the name that mails come from."""
        return self.sender_name or f"{self.vendor_name} partner team"


class Suppression(models.Model):
    """An address that must not be written to, by its hash. Installation-wide, outlives erasure."""

    address_hash = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    reason = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.reason

    @staticmethod
    def hash_of(address: str) -> str:
        """Return what is stored of an address."""
        return ids.token_hash(address.strip().lower())
