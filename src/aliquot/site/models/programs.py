"""Programs that write for people: their tokens, and what was answered to which request."""

from __future__ import annotations

from django.db import models


class Token(models.Model):
    """Lets a program act for a person, such as a balance that posts its readings. Only a hash of it is kept."""

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    # What it may do, parted by spaces; empty: all that the person may.
    scope = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Answered(models.Model):
    """What was answered to a request with this idempotency key: asked again, the same answer is given.

    Pages use it too: the key of a form makes a double click one act.
    """

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    asked_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "key"), name="a_key_is_answered_once_to_a_person"),
        )
        indexes = (models.Index(fields=("at",), name="answers_by_age"),)

    def __str__(self) -> str:
        return self.key
