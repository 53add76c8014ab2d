"""Tables on their way in, and two catalogues held against each other."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """Tables that somebody is about to import: the files, the mapping, and what was mended in place since.

    Nothing of it is in the catalogue until it is taken in as a whole; `entry` is where that begins.
    """

    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    title = models.CharField(max_length=200)
    mapping = models.TextField()
    files = models.ManyToManyField("StoredFile", through="DraftFile", related_name="+")
    # {"file:row:column": "what stands there now"}
    mended = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    entry = models.ForeignKey("Entry", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.title


class DraftFile(models.Model):
    """A file of a draft, in the order in which they are read."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE)
    file = models.ForeignKey("StoredFile", on_delete=models.PROTECT)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=("draft", "order"), name="a_draft_has_files_in_order"),)

    def __str__(self) -> str:
        return self.name


class Reconciliation(models.Model):
    """Two catalogues of the same samples held against each other."""

    key = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    left_name = models.CharField(max_length=200)
    left_sha256 = models.CharField(max_length=64)
    right_name = models.CharField(max_length=200)
    right_sha256 = models.CharField(max_length=64)
    compared = models.PositiveIntegerField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.key


class Disagreement(models.Model):
    """One number on which the two disagree, the likely cause, and what was decided, by whom and why."""

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="disagreements")
    number = models.CharField(max_length=100)
    field = models.CharField(max_length=40)
    left = models.CharField(max_length=200, blank=True)
    right = models.CharField(max_length=200, blank=True)
    left_ng = models.BigIntegerField(null=True)
    right_ng = models.BigIntegerField(null=True)
    cause = models.CharField(max_length=30)
    decision = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    # Decisions before this one: [{"decision", "reason", "by", "at"}].
    earlier = models.JSONField(default=list)

    class Meta:
        ordering = ("cause", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("reconciliation", "number", "field"), name="a_disagreement_is_listed_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.field}"
