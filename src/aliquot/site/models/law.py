"""Which law bears on what is asked here: screenings, what was decided on them, certificates and waivers.

Rows are only ever added: a changed mind is a further decision, a wrong certificate is replaced by another.
"""

from __future__ import annotations

from django.db import models


class Screening(models.Model):
    """The findings of every instrument on the facts of one subject, with the hashes of all that they rest on."""

    # What was screened: a free key such as request:2026-1/17. Not a foreign key, so that anything can be screened.
    subject = models.CharField(max_length=120)
    order = models.PositiveIntegerField()
    why = models.CharField(max_length=20)
    facts = models.JSONField()
    # The answer as `aliquot eligible` gives it: findings, missing facts, hashes of what was read.
    answer = models.JSONField()
    overall = models.CharField(max_length=24)
    facts_sha256 = models.CharField(max_length=80)
    vocabulary_sha256 = models.CharField(max_length=80)
    instruments_sha256 = models.JSONField()
    lists_sha256 = models.JSONField()
    # Nobody where the day or a change of law made it.
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("subject", "order"), name="screenings_of_a_subject_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.order}"


class ScreeningDecision(models.Model):
    """What a named person decided on a screening: as it says, or otherwise and why."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="decisions")
    order = models.PositiveSmallIntegerField()
    overrules = models.BooleanField()
    outcome = models.CharField(max_length=16)
    reasons = models.TextField(blank=True)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(
                fields=("screening", "order"), name="decisions_on_a_screening_are_numbered"
            ),
            models.CheckConstraint(
                condition=models.Q(overrules=False) | ~models.Q(reasons=""),
                name="whoever_overrules_gives_reasons",
            ),
        )

    def __str__(self) -> str:
        return f"{self.screening_id}: {self.outcome}"


class Certificate(models.Model):
    """What an agency certified to whom: its scope, the day it was lodged, what it covers and finds."""

    subject = models.CharField(max_length=120, blank=True)
    instrument = models.CharField(max_length=60)
    mission = models.CharField(max_length=200)
    people = models.TextField()
    act = models.CharField(max_length=200)
    from_on = models.DateField()
    until_on = models.DateField()
    lodged_on = models.DateField()
    # Whether it names the mission, the people and the step of its subject; its findings by their keys in the vocabulary.
    covers = models.BooleanField()
    findings = models.JSONField()
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-lodged_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")),
                name="a_certificate_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.instrument} {self.lodged_on}"


class Waiver(models.Model):
    """An exception: who had the authority, why, and until when."""

    subject = models.CharField(max_length=120)
    # An instrument such as us/nasa-research-loan, or a rule of the facility such as policy:loan-months.
    rule = models.CharField(max_length=80)
    authority = models.CharField(max_length=200)
    reason = models.TextField()
    expires_on = models.DateField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject}"
