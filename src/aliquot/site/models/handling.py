"""What was done to samples by hand and with tools: handlings, exposures, tools and their cleaning, instruments.

Mass is the ledger's: a handling that moved some names its entry. Handlings and exposures are only ever added:
triggers in the database refuse UPDATE and DELETE (migration `workbench`). Domain facts, section 6.1.
"""

from __future__ import annotations

from django.db import models


class Handling(models.Model):
    """One act at the bench: what, when, by whom, with what. `told` is what was said of it, as it was said."""

    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=120)
    second = models.CharField(max_length=120, blank=True)
    entry = models.ForeignKey("Entry", on_delete=models.PROTECT, related_name="handlings", null=True)
    place = models.ForeignKey("Holder", on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    told = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("kind", "at"), name="handlings_of_a_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class HandledSample(models.Model):
    """A sample's part in a handling: it was the parent, a daughter, or was itself handled."""

    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="samples")
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="handlings")
    part = models.CharField(max_length=10)
    mass_ng = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("handling", "sample", "part"), name="a_sample_has_a_part_in_a_handling_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sample_id} in {self.handling_id}"


class Exposure(models.Model):
    """What a sample has been exposed to and can never be un-exposed from; daughters inherit it by descent.

    `origin` is the exposure that this one was inherited from, if it was.
    """

    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="exposures")
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="exposures")
    agent = models.CharField(max_length=20)
    amount = models.CharField(max_length=120, blank=True)
    minutes = models.PositiveIntegerField(null=True)
    origin = models.ForeignKey("self", on_delete=models.PROTECT, related_name="inherited", null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sample", "origin"), name="an_exposure_is_inherited_once_by_a_sample"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agent} on {self.sample_id}"


class Tool(models.Model):
    """A tool that touches samples, by the number engraved on it, and what it is made of."""

    key = models.CharField(max_length=60, unique=True)
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200, blank=True)
    material = models.CharField(max_length=40)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key


class Cleaning(models.Model):
    """A batch of tools that were cleaned or prepared together."""

    batch = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    method = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    tools = models.ManyToManyField(Tool, related_name="cleanings")

    def __str__(self) -> str:
        return self.batch


class ToolUse(models.Model):
    """A tool took part in a handling; `cleaning` is the newest cleaning it had then."""

    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="tools")
    tool = models.ForeignKey(Tool, on_delete=models.PROTECT, related_name="uses")
    cleaning = models.ForeignKey(Cleaning, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("handling", "tool"), name="a_tool_is_used_once_in_a_handling"),
        )

    def __str__(self) -> str:
        return f"{self.tool_id} in {self.handling_id}"


class Instrument(models.Model):
    """A balance, microscope, scanner or sensor, by its key."""

    key = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=20)
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200, blank=True)
    serial = models.CharField(max_length=80, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key


class Calibration(models.Model):
    """A balance was held against a reference; readings after it carry its standard deviation."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="calibrations")
    key = models.CharField(max_length=80)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    reference = models.CharField(max_length=200, blank=True)
    sd_ng = models.BigIntegerField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("instrument", "key"), name="a_calibration_has_one_key"),
        )

    def __str__(self) -> str:
        return self.key


class Proposal(models.Model):
    """An act on a sealed sample that waits for the approvals that the policy asks for."""

    kind = models.CharField(max_length=20)
    told = models.JSONField()
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="proposals")
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    needed = models.PositiveSmallIntegerField()
    handling = models.OneToOneField(Handling, on_delete=models.PROTECT, related_name="proposal", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.sample_id}"


class Approval(models.Model):
    """One person's yes or no to a proposal, with the reason; given once and kept."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="approvals")
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    yes = models.BooleanField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("proposal", "person"), name="a_person_answers_a_proposal_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} on {self.proposal_id}"


class Remark(models.Model):
    """What somebody wrote on a sample's file; never shown to the public."""

    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="remarks")
    at = models.DateTimeField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:40]
