"""Plans of allocation: what was frozen, what was asked of the solver, what came of it, what the panel did with it.

Rows here are only ever added: triggers in the database refuse UPDATE and DELETE. A plan whose computing was cut off by a power
failure has runs and no result; it is computed again, from the same input.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class PlanInput(models.Model):
    """A call frozen as an instance: its text with the hash, and what its numbers stand for (`told`)."""

    call = models.ForeignKey("Call", on_delete=models.PROTECT, related_name="plan_inputs")
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    told = models.JSONField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("call", "sha256"), name="what_is_frozen_twice_is_kept_once"),
        )

    def __str__(self) -> str:
        return self.sha256[:12]


class Plan(models.Model):
    """One question to the solver: an input, decisions that are fixed (`pins`, as the library reads them), and how far to go."""

    key = models.CharField(max_length=24, unique=True)
    call = models.ForeignKey("Call", on_delete=models.PROTECT, related_name="plans")
    order = models.PositiveIntegerField()
    input = models.ForeignKey(PlanInput, on_delete=models.PROTECT, related_name="plans")
    base = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    pins = models.JSONField()
    seconds = models.PositiveIntegerField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-order",)
        constraints = (
            models.UniqueConstraint(fields=("call", "order"), name="plans_of_a_call_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.call_id}: {self.order}"


class PlanRun(models.Model):
    """A process was started that computes a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="runs")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.at}"


class PlanResult(models.Model):
    """What came of it: the answer as the process gave it, with the versions of the software; or why there is none."""

    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="result")
    status = models.CharField(max_length=20)
    granted = models.PositiveIntegerField(default=0)
    merit = models.BigIntegerField(default=0)
    handling = models.BigIntegerField(default=0)
    used_up_ug = models.BigIntegerField(default=0)
    told = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.status}"


class PlanStep(models.Model):
    """The panel proposes a plan, or it is adopted: then `told` has what was promised, line by line, and what was left out."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=10)
    told = models.JSONField(default=dict)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("plan",), condition=Q(act="adopt"), name="a_plan_is_adopted_once"
            ),
            models.CheckConstraint(
                condition=Q(act__in=("propose", "adopt")), name="a_plan_is_proposed_or_adopted"
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.act}"
