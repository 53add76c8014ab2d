"""What reviewers and panel are asked, told and tell each other: dates, reminders, discussions, the terms of hearings.

A message of a discussion is only ever added. Its text stands in a row of its own, so that it can be forgotten when somebody
asks to be; the message with its hash stays.
"""

from __future__ import annotations

from django.db import models

from aliquot.site.models.access import Call, Request, Review


class ReviewDate(models.Model):
    """Until when the reviews of a call are to be in. The newest counts; who moved it stays on record."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="review_dates")
    due_at = models.DateTimeField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.call_id}: {self.due_at:%Y-%m-%d %H:%M}"


class ReviewReminder(models.Model):
    """A chair reminded somebody of a review."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="reminders")
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.review_id}: {self.at:%Y-%m-%d}"


class DiscussionMessage(models.Model):
    """Somebody said something about a request, in the part that they play; a curator informs and does not vote."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="discussion")
    round = models.PositiveSmallIntegerField()
    order = models.PositiveIntegerField()
    part = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("request", "order"), name="messages_on_a_request_are_numbered"),
            models.CheckConstraint(
                condition=models.Q(part__in=("reviewer", "chair", "panel", "curator")),
                name="a_message_is_said_in_a_part",
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id}: {self.order}"


class DiscussionText(models.Model):
    """What a message says; empty once it was forgotten. Salted, so that the hash tells nothing of what was."""

    message = models.OneToOneField(DiscussionMessage, on_delete=models.PROTECT, related_name="said")
    salt = models.CharField(max_length=32)
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.message_id}"


class HearingPlan(models.Model):
    """How the hearings of a call were planned last: days and hours, and the zone of each party by its key."""

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="hearing_plan")
    terms = models.JSONField()
    zones = models.JSONField(default=dict)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.call_id}"
