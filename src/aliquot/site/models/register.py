"""Claims of the public register that people propose. The text of a step is the record; the columns of a claim are an index of it.

Steps are only ever added: triggers in the database refuse UPDATE and DELETE (migration `register`), and the hash of each
stands in an entry of the ledger.
"""

from __future__ import annotations

from django.db import models

from aliquot.register_claims import Act, Kind
from aliquot.vocabulary import State


class RegisterClaim(models.Model):
    """A claim: what it is about, and where its last step left it."""

    number = models.PositiveIntegerField(unique=True)
    key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Kind])
    # The subject of a statement; empty for what is no statement.
    about = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in State])
    checked = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    steps = models.PositiveIntegerField(default=0)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="claims")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        indexes = (
            models.Index(fields=("about", "-number"), name="claims_about_a_subject"),
            models.Index(fields=("by", "-number"), name="claims_of_somebody"),
            models.Index(
                fields=("-number",),
                condition=models.Q(checked=False, withdrawn=False),
                name="claims_to_look_at",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"


class RegisterStep(models.Model):
    """One step of a claim: its canonical text, the SHA-256 of it, and the entry that put it on record."""

    claim = models.ForeignKey(RegisterClaim, on_delete=models.PROTECT, related_name="history")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Act])
    text = models.TextField()
    hash = models.CharField(max_length=64)
    entry = models.OneToOneField("Entry", on_delete=models.PROTECT, related_name="register_step")
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("claim", "number"), name="a_claim_has_one_step_of_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.claim_id}/{self.number} {self.act}"
