"""What borrowers are about to say and ask for: an inventory that is being made, wishes with their answers, calendar links.

An inventory that was handed in is a `LoanInventory`, which nobody changes; its draft is gone then. Who is named in a wish can be
emptied; what was done about it is only ever added.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aliquot import wishes


class InventoryDraft(models.Model):
    """An inventory of a loan that somebody is in the middle of: there is one at a time."""

    loan = models.OneToOneField("Loan", on_delete=models.PROTECT, related_name="inventory_draft")
    started_at = models.DateTimeField()
    by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.started_at:%Y-%m-%d}"


class InventoryDraftLine(models.Model):
    """What was saved of one sample so far; it can be said anew until the inventory is handed in."""

    draft = models.ForeignKey(InventoryDraft, on_delete=models.CASCADE, related_name="lines")
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12)
    note = models.TextField(blank=True)
    mass_ng = models.BigIntegerField(null=True)
    file = models.ForeignKey("StoredFile", on_delete=models.PROTECT, related_name="+", null=True)
    saved_at = models.DateTimeField()
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("draft", "sample"), name="a_draft_speaks_of_a_sample_once"),
        )

    def __str__(self) -> str:
        return f"{self.draft_id}: {self.outcome}"


class LoanWish(models.Model):
    """What a borrower asks the keeper for: another term, that somebody else takes over, that something comes back."""

    key = models.CharField(max_length=24, unique=True)
    loan = models.ForeignKey("Loan", on_delete=models.PROTECT, related_name="wishes")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default=wishes.CYCLE.start)
    told = models.JSONField(default=dict)
    reason = models.TextField()
    # Who is to take the loan over, where they have an account here: then they say yes or no themselves.
    taker = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+", null=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=wishes.CYCLE.states), name="a_wish_is_in_a_state_of_the_table"
            ),
            models.UniqueConstraint(
                fields=("loan", "kind"), condition=Q(state__in=wishes.OPEN), name="a_wish_waits_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.kind}"


class LoanWishStep(models.Model):
    """One answer to a wish: somebody agreed to take over, it was granted, refused or taken back."""

    wish = models.ForeignKey(LoanWish, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveIntegerField()
    act = models.CharField(max_length=12)
    target = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("wish", "order"), name="steps_of_a_wish_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.wish_id}: {self.act}"


class CalendarLink(models.Model):
    """An address by which somebody's calendar reads their days, without signing in. Only a hash of it is kept."""

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="calendar_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(ended_at=None), name="somebody_has_one_calendar_link"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.made_at:%Y-%m-%d}"
