"""Partner: a company that sells; its place in a group, its managers and segments over time."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Expression
from django.db.models.functions import Lower

from partnerloop.accounts.models import Membership
from partnerloop.partners.models.looking_after import Cover
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class PartnerQuerySet(ScopedQuerySet["Partner"]):
    """Words for asking about partners."""

    def active(self, on: date) -> Self:
        """Keep partners that have begun and not ended on a day."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))

    def managed_by(self, member: Membership, on: date) -> Self:
        """Keep the partners that a member looks after on a day, or stands in for."""
        away = Cover.objects.of(member.program_id).current(on).filter(cover=member).values("away")
        current = PartnerAssignment.objects.of(member.program_id).current(on)
        theirs = current.filter(Q(member=member) | Q(member__in=away))
        return self.filter(pk__in=theirs.values("partner"))

    def visible_to(self, member: Membership, on: date) -> Self:
        """Keep what a member may see: managers their own partners, others all."""
        return self if member.sees_all_partners else self.managed_by(member, on)


class Partner(ProgramOwned):
    """A partner company. A group (parent with children) counts as one company for thresholds."""

    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    language = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    joined_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    objects = PartnerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "name"], name="partner_by_name")]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="partner_not_own_parent"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("joined_on")),
                name="partner_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def company_id(self) -> int:
        """Return what counts as one company for thresholds: the group, else the partner itself."""
        return self.parent_id or self.pk


class MailDomain(ProgramOwned):
    """A domain that a partner's people write from; seasoning asks for it."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="mail_domains")
    domain = models.CharField(max_length=253)

    objects = ScopedQuerySet["MailDomain"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "program", Lower("domain"), "partner", name="mail_domain_once_per_partner"
            )
        ]

    def __str__(self) -> str:
        return self.domain


class PartnerAssignmentQuerySet(ScopedQuerySet["PartnerAssignment"]):
    """Who looks after whom, and when."""

    def current(self, on: date | Expression) -> Self:
        """Keep the assignments that hold on a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


class PartnerAssignment(ProgramOwned):
    """A member looks after a partner from a day until a day."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="assignments")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="assignments")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = PartnerAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "member"],
                condition=Q(until__isnull=True),
                name="assignment_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="assignment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} looks after {self.partner_id}"


class SegmentKey(models.TextChoices):
    """What partners are grouped by."""

    TYPE = "type", "Type"
    TIER = "tier", "Tier"
    REGION = "region", "Region"
    COUNTRY = "country", "Country"
    SIZE = "size", "Size"
    STAGE = "stage", "Lifecycle stage"
    TAG = "tag", "Tag"


class SegmentAttributeQuerySet(ScopedQuerySet["SegmentAttribute"]):
    """What a partner was, and when."""

    def current(self, on: date | Expression) -> Self:
        """Keep the attributes that hold on a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


class SegmentAttribute(ProgramOwned):
    """One attribute of a partner from a day until a day; history is kept, never overwritten."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="attributes")
    key = models.CharField(max_length=10, choices=SegmentKey)
    value = models.CharField(max_length=100)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = SegmentAttributeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "key", "value"], name="attribute_by_value")]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "key"],
                condition=Q(until__isnull=True) & ~Q(key="tag"),
                name="attribute_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["partner", "value"],
                condition=Q(until__isnull=True, key="tag"),
                name="attribute_each_tag_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="attribute_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(value=""), name="attribute_has_value"),
        ]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"
