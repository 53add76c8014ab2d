"""Letters of decision: that one was issued, with the hash of its text, and the text itself.

The hash stays for ever. The text names people, who may ask to be forgotten; whoever kept their copy can still show by
the hash that it is the one that was issued.
"""

from __future__ import annotations

from django.db import models


class Letter(models.Model):
    """A letter to an applicant, in one language: of what a round of decisions came to, what an appeal did, or why nobody reviews it."""

    class Kind(models.TextChoices):
        DECISION = "decision"
        APPEAL = "appeal"
        SCREENED = "screened"

    request = models.ForeignKey("Request", on_delete=models.PROTECT, related_name="letters")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    language = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("request", "round", "kind", "language"), name="a_letter_is_issued_once_a_language"
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id}: {self.kind} {self.round}"


class LetterText(models.Model):
    """What a letter says, block by block, as it was issued: printed again, it says the same."""

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="text")
    blocks = models.JSONField()

    def __str__(self) -> str:
        return f"{self.letter_id}"
