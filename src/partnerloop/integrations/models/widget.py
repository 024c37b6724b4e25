"""The widget in partner portals: which portals may show it, who vouches, what was used."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from partnerloop.accounts.models import Membership
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class WidgetOrigin(ProgramOwned):
    """A portal that may show the widget, such as https://portal.example.com."""

    origin = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet["WidgetOrigin"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "origin"], name="widget_origin_once"),
            models.CheckConstraint(condition=~Q(origin=""), name="widget_origin_not_empty"),
        ]

    def __str__(self) -> str:
        return self.origin


class WidgetKeyQuerySet(ScopedQuerySet["WidgetKey"]):
    """Words for asking about keys."""

    def unended(self) -> Self:
        """Keep the keys that nobody has ended."""
        return self.filter(ended_at__isnull=True)


class WidgetKey(ProgramOwned):
    """With which a portal signs who is looking: a shared secret, or a public key of the portal.

    Several work at once, so that one can be changed without a gap.
    """

    class Algorithm(models.TextChoices):
        HS256 = "HS256", "Shared secret (HS256)"
        RS256 = "RS256", "RSA public key (RS256)"
        EDDSA = "EdDSA", "Ed25519 public key (EdDSA)"

    # Stands in the head of each token; tells keys apart on the page.
    kid = models.CharField(max_length=12, unique=True)
    algorithm = models.CharField(max_length=5, choices=Algorithm)
    secret_sealed = models.TextField(blank=True)
    public_key = models.TextField(blank=True)
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = WidgetKeyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "-created_at"], name="widget_key_by_age")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(algorithm="HS256", public_key="") & ~Q(secret_sealed=""))
                | (~Q(algorithm="HS256") & Q(secret_sealed="") & ~Q(public_key="")),
                name="widget_key_of_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.algorithm} {self.kid}"

    def works(self, at: datetime) -> bool:
        """Return whether the key still vouches for anybody at a moment."""
        return self.ended_at is None or at < self.ended_at


class SpentIdentity(ProgramOwned):
    """A token that opened the widget, by hash, until it would have expired: it opens it once."""

    token_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    objects = ScopedQuerySet["SpentIdentity"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "expires_at"], name="spent_identity_by_end")]
        constraints = [
            models.UniqueConstraint(fields=["program", "token_hash"], name="spent_identity_once")
        ]

    def __str__(self) -> str:
        return "spent identity"
