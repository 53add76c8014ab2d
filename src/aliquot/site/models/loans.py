"""Loans: what is out with whom until when, what they told of it, and what came back.

Masses are not kept here: they are the ledger's, with the loan's own holder. A sample is in one open loan at a time, which the
database itself holds to. `by` is an opaque key: of a person, or of the link by which somebody without an account confirmed.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aliquot import loans


class Loan(models.Model):
    """A loan as it stands now; the terms are those of the day on which it was agreed."""

    key = models.CharField(max_length=24, unique=True)
    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, default=loans.CYCLE.start)
    agreement = models.OneToOneField("LoanAgreement", on_delete=models.PROTECT, related_name="loan")
    holder = models.OneToOneField("Holder", on_delete=models.PROTECT, related_name="loan")
    modality = models.CharField(max_length=20)
    use_class = models.CharField(max_length=30)
    months = models.PositiveIntegerField()
    renewals = models.PositiveIntegerField()
    renewal_months = models.PositiveIntegerField()
    inventory_months = models.PositiveIntegerField()
    agreed_until = models.DateField()
    renewed_months = models.JSONField(default=list)
    begins = models.DateField(null=True)
    recalled_by = models.DateField(null=True)
    inventoried_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=loans.CYCLE.states), name="a_loan_is_in_a_state_of_the_table"
            ),
        )
        indexes = (models.Index(fields=("state",), name="loans_by_state"),)

    def __str__(self) -> str:
        return self.number


class LoanStep(models.Model):
    """One act on a loan, with the item and the entry of the ledger that it concerns."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveIntegerField()
    act = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="+", null=True)
    told = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    entry = models.ForeignKey("Entry", on_delete=models.PROTECT, related_name="+", null=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("loan", "order"), name="steps_of_a_loan_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.act}"


class LoanDuty(models.Model):
    """Who answers for a loan, from when and until when. Names people, so it can be corrected and emptied."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="duties")
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="loan_duties", null=True)
    name = models.CharField(max_length=300)
    institution = models.CharField(max_length=300)
    country = models.CharField(max_length=2, blank=True)
    email = models.EmailField(blank=True)
    why = models.CharField(max_length=24)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ("since", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("loan",), condition=Q(until=None), name="one_person_answers_for_a_loan"
            ),
        )

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.institution}"


class LoanItem(models.Model):
    """A sample of a loan: cut for it, lent whole, cut by the borrower, or come from another loan."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="items")
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="loan_items")
    line = models.ForeignKey("AgreementLine", on_delete=models.PROTECT, related_name="items", null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="parts", null=True)
    # What is promised of it until it leaves the house.
    commitment = models.OneToOneField("Commitment", on_delete=models.PROTECT, related_name="+", null=True)
    consumed_most_ng = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    ended = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("sample",), condition=Q(ended_at=None), name="a_sample_is_in_one_open_loan"
            ),
            models.UniqueConstraint(fields=("loan", "sample"), name="a_loan_names_a_sample_once"),
        )

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.sample_id}"


class LoanInventory(models.Model):
    """What a borrower said on a day of everything that they ever had, and where that and the book disagree."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="inventories")
    findings = models.JSONField(default=list)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.at:%Y-%m-%d}"


class InventoryLine(models.Model):
    """What an inventory says of one sample, with a photograph where one was taken."""

    inventory = models.ForeignKey(LoanInventory, on_delete=models.PROTECT, related_name="lines")
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12)
    note = models.TextField(blank=True)
    mass_ng = models.BigIntegerField(null=True)
    file = models.ForeignKey("StoredFile", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("inventory", "sample"), name="an_inventory_speaks_of_a_sample_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.inventory_id}: {self.outcome}"


class ReturnCheck(models.Model):
    """What came back was weighed: declared, weighed, in the book, and what explains a difference."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="checks")
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="return_checks")
    declared_ng = models.BigIntegerField(null=True)
    weighed_ng = models.BigIntegerField()
    weighed_sd_ng = models.BigIntegerField()
    book_ng = models.BigIntegerField()
    book_sd_ng = models.BigIntegerField()
    explanation = models.CharField(max_length=12, blank=True)
    reason = models.TextField(blank=True)
    history = models.TextField(blank=True)
    entry = models.ForeignKey("Entry", on_delete=models.PROTECT, related_name="+", null=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.sample_id}"


class LoanFile(models.Model):
    """A file of a loan or of a parcel: customs papers, packing list, transport log with what it says, photographs."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="files", null=True)
    parcel = models.ForeignKey("Parcel", on_delete=models.PROTECT, related_name="files", null=True)
    file = models.ForeignKey("StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    told = models.JSONField(default=dict)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(loan=None, parcel__isnull=False) | Q(loan__isnull=False, parcel=None),
                name="a_file_is_of_a_loan_or_of_a_parcel",
            ),
        )

    def __str__(self) -> str:
        return self.name
