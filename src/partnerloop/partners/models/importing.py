"""Imports: each file's way from upload to saved or undone, saved column meanings, and the undo."""

import uuid

from django.db import models
from django.db.models import Q

from partnerloop.accounts.models import Membership
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class ImportKind(models.TextChoices):
    """What one file brings."""

    PARTNERS = "partners", "Partners"
    CONTACTS = "contacts", "Contacts, with their partners"
    MEMBERS = "members", "Members"
    CUSTOMERS = "customers", "End customers"
    DEALS = "deals", "Deals"
    REVENUE = "revenue", "Revenue"
    COSTS = "costs", "Costs"
    TARGETS = "targets", "Targets"
    SIGNALS = "signals", "Signals"


class ImportState(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", "Columns to be named"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked, nothing saved"
    SAVING = "saving", "Being saved"
    SAVED = "saved", "Saved"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"
    FAILED = "failed", "Stopped"


AT_WORK = (ImportState.SAVING, ImportState.UNDOING)


class ImportRun(ProgramOwned):
    """One file under way. What stands in its cells is kept apart, in a folder, for 30 days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=ImportKind)
    state = models.CharField(max_length=9, choices=ImportState, default=ImportState.UPLOADED)
    source = models.CharField(max_length=40, default="file")  # whose ids the file carries
    file_name = models.CharField(max_length=200)
    described = models.CharField(max_length=200, blank=True)  # "UTF-8, separated by semicolons"
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=list)  # for each column of the file a meaning, or ""
    choices = models.JSONField(default=dict)  # decimal mark, order of dates, what is taken
    rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # how many were new, changed, removed: no names
    failure = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ScopedQuerySet["ImportRun"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "-created_at"], name="import_by_time")]
        constraints = [
            # Two files at once would each take the other's rows for missing.
            models.UniqueConstraint(
                fields=["program"], condition=Q(state__in=AT_WORK), name="import_one_at_work"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class ImportTemplate(ProgramOwned):
    """What the columns of a known file mean, by their names, to be used again."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=ImportKind)
    source = models.CharField(max_length=40)
    meanings = models.JSONField(default=dict)  # {"Account Name": "partner", "Fax": ""}
    choices = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    objects = ScopedQuerySet["ImportTemplate"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "name"], name="import_template_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class ImportedChange(ProgramOwned):
    """What an import did to up to a thousand rows of one table, so that it can be undone.

    `rows` holds [key, before, after]; before is null where the import made the row. A row each
    would triple the time of an import.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changes")
    table = models.CharField(max_length=40)
    rows = models.JSONField(default=list)
    kept = models.JSONField(default=list)  # after an undo: [key, why it stays]

    objects = ScopedQuerySet["ImportedChange"].as_manager()

    def __str__(self) -> str:
        return f"{len(self.rows)} of {self.table}"
