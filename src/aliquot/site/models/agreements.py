"""Agreements on loans: what was agreed, line by line and as text in two languages, and who signed when.

The text and its hash stand as they were made; what was done is only ever added. `by` is an opaque key.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aliquot import agreements


class LoanAgreement(models.Model):
    """An agreement as it stands now. `told` is what the clauses were filled with, `policy_text` the pack as it was then."""

    key = models.CharField(max_length=24, unique=True)
    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, default=agreements.CYCLE.start)
    modality = models.CharField(max_length=20)
    policy = models.CharField(max_length=40)
    policy_text = models.TextField()
    use_class = models.CharField(max_length=30)
    request = models.ForeignKey("Request", on_delete=models.PROTECT, related_name="agreements", null=True)
    borrower = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="agreements", null=True)
    amends = models.ForeignKey("self", on_delete=models.PROTECT, related_name="amended_by", null=True)
    told = models.JSONField()
    clauses = models.JSONField()
    text_en = models.TextField()
    text_zh = models.TextField()
    sha256 = models.CharField(max_length=64)
    begins = models.DateField()
    ends = models.DateField()
    sign_by = models.DateField(null=True)
    # Years of that count whose days off no source gives: weekends alone were counted.
    sign_by_years_unknown = models.JSONField(default=list)
    by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=agreements.CYCLE.states), name="an_agreement_is_in_a_state_of_the_table"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("begins")), name="an_agreement_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return self.number


class AgreementLine(models.Model):
    """So much of a sample is to be lent: cut from it, or, where `whole`, the sample itself."""

    agreement = models.ForeignKey(LoanAgreement, on_delete=models.PROTECT, related_name="lines")
    order = models.PositiveIntegerField()
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="agreement_lines")
    mass_ng = models.BigIntegerField()
    whole = models.BooleanField(default=False)
    form = models.CharField(max_length=20, blank=True)
    consumed_most_ng = models.BigIntegerField(default=0)
    basis = models.CharField(max_length=200)
    commitment = models.OneToOneField("Commitment", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("agreement", "order"), name="lines_of_an_agreement_are_numbered"),
            models.CheckConstraint(condition=Q(mass_ng__gt=0), name="what_is_agreed_has_mass"),
            models.CheckConstraint(
                condition=Q(consumed_most_ng__gte=0) & Q(consumed_most_ng__lte=models.F("mass_ng")),
                name="no_more_is_used_up_than_is_lent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.sample_id}"


class AgreementStep(models.Model):
    """One act on an agreement; a signature has its file, and who signed in which capacity in `told`."""

    agreement = models.ForeignKey(LoanAgreement, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveIntegerField()
    act = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    told = models.JSONField(default=dict)
    file = models.ForeignKey("StoredFile", on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("agreement", "order"), name="steps_of_an_agreement_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.act}"
