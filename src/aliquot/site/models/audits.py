"""Counting what is there: audits of the stock, and incidents."""

from __future__ import annotations

from django.db import models


class Audit(models.Model):
    """A count of part of the stock: planned, drawn by a seed that anybody can draw again, counted, signed by a second."""

    key = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    place = models.ForeignKey("Place", on_delete=models.PROTECT, related_name="audits", null=True)
    seed = models.CharField(max_length=80)
    # What was drawn from: the ledger's size then, so that the draw can be repeated.
    ledger_size = models.BigIntegerField()
    among = models.PositiveIntegerField()
    weigh = models.BooleanField(default=False)
    planned_by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    closed_by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+", null=True)
    signed_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ("-planned_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(signed_by=None) | ~models.Q(signed_by=models.F("closed_by")),
                name="an_audit_is_signed_by_a_second_person",
            ),
        )

    def __str__(self) -> str:
        return self.key


class AuditLine(models.Model):
    """One sample to be looked at: what the book says, what was seen, and what was made of a difference."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="lines")
    order = models.PositiveIntegerField()
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="audit_lines")
    holder = models.ForeignKey("Holder", on_delete=models.PROTECT, related_name="+")
    book_ng = models.BigIntegerField()
    # seen, missing, elsewhere, or empty while nobody has looked.
    outcome = models.CharField(max_length=12, blank=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=120, blank=True)
    found_in = models.ForeignKey("Holder", on_delete=models.PROTECT, related_name="+", null=True)
    weighing = models.ForeignKey("Weighing", on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.TextField(blank=True)
    entry = models.ForeignKey("Entry", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(
                fields=("audit", "sample", "holder"), name="an_audit_looks_at_a_sample_in_a_place_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.audit_id}: {self.sample_id}"


class Incident(models.Model):
    """Something went wrong, or what had gone wrong was put right: with its reporting clock and outcome."""

    key = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20)
    noticed_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    # When it happened, as far as known, in the words of whoever reports it.
    happened = models.CharField(max_length=120, blank=True)
    # By when the policy wants it reported to whom; empty where it has no rule.
    due_at = models.DateTimeField(null=True)
    place = models.ForeignKey("Place", on_delete=models.PROTECT, related_name="incidents", null=True)
    what = models.TextField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+", null=True)
    samples = models.ManyToManyField("Sample", related_name="incidents", blank=True)
    entries = models.ManyToManyField("Entry", related_name="incidents", blank=True)

    class Meta:
        ordering = ("-noticed_at", "-pk")

    def __str__(self) -> str:
        return self.key


class IncidentStep(models.Model):
    """Somebody was told, or something was found out or done; only ever added."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12)  # told, found, done
    at = models.DateTimeField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=200, blank=True)
    text = models.TextField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.kind}"
