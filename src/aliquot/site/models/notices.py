"""Notices and the e-mails that carry them: a small outbox, written in the transaction of the act that gave rise to it.

A notice keeps keys and moments, never names. A mailing is one e-mail; what it says is made anew from its notices whenever it
is tried, so that no text of a letter is kept.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aliquot.notices import How


class Mailing(models.Model):
    """One e-mail to one person, from its first try to its end; `key` makes its Message-ID, the same at each try."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CLAIMED = "claimed"  # somebody is about to send it; that can be begun anew
        HANDED = "handed over"  # the mail server is getting it; whoever dies here leaves it unsure
        SENT = "sent"
        UNSURE = "unsure"  # nobody knows whether the mail server took it
        FAILED = "failed"
        LEFT = "left"  # a director has seen that it did not arrive, and left it so

    key = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="mailings")
    state = models.CharField(max_length=12, default=State.WAITING)
    digest = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    # When it is to be tried next.
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=40, blank=True)
    claimed_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # What the mail server said last.
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    state__in=("waiting", "claimed", "handed over", "sent", "unsure", "failed", "left")
                ),
                name="a_mailing_is_in_a_state_that_we_know",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("claimed", "handed over"))
                | (Q(claimed_until__isnull=False) & ~Q(claimed_by="")),
                name="whoever_sends_a_mailing_is_known",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state__in=("waiting", "claimed")), name="mailings_to_send"
            ),
            models.Index(
                fields=("state",), condition=~Q(state__in=("sent", "left")), name="mailings_not_ended"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"


class Notice(models.Model):
    """One thing that one person is told, once for each occasion; what it is about is a free key such as `call:ab12`."""

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    occasion = models.CharField(max_length=80)
    # Keys, moments and numbers that fill the sentences of its kind.
    told = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailing = models.ForeignKey(Mailing, on_delete=models.PROTECT, related_name="notices", null=True)
    # No e-mail is wanted, or it was read before the digest went out.
    silent = models.BooleanField(default=False)

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind", "subject", "occasion"),
                name="somebody_is_told_once_for_each_occasion",
            ),
        )
        indexes = (
            models.Index(fields=("person", "-made_at"), name="notices_of_somebody"),
            models.Index(fields=("subject",), name="notices_about_something"),
            models.Index(fields=("person",), condition=Q(read_at=None), name="notices_unread"),
            models.Index(fields=("person",), condition=Q(mailing=None, silent=False), name="notices_to_send"),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


class NoticeChoice(models.Model):
    """How somebody wants a kind of notice by e-mail; without a row, as is usual for it."""

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=40)
    how = models.CharField(max_length=10, choices=[(one.value, one.value) for one in How])

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "kind"), name="a_kind_is_chosen_once"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.how}"


class Correspondence(models.Model):
    """In which language somebody is written to, and where the clock is by which their digests go out."""

    person = models.OneToOneField("Person", on_delete=models.CASCADE, related_name="correspondence")
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=60, default="UTC")

    def __str__(self) -> str:
        return f"{self.language}, {self.zone}"


class Watch(models.Model):
    """Calls that somebody wants to hear of: `calls`, `mission:change-5`, `material:basalt`, or one call by `call:` and its key."""

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="watches")
    what = models.CharField(max_length=80, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "what"), name="a_thing_is_watched_once"),)

    def __str__(self) -> str:
        return self.what


class Forgetting(models.Model):
    """Somebody is to be forgotten: who asked for it and why, what was removed, and where the name stands still.

    Rows that may not be changed are named by table and number, so that whoever answers for it knows them.
    """

    person = models.OneToOneField("Person", on_delete=models.PROTECT, related_name="forgetting")
    reason = models.CharField(max_length=500)
    # How else texts name them; emptied once they are forgotten.
    also = models.JSONField(default=list)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    done_by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+", null=True)
    done_at = models.DateTimeField(null=True)
    removed = models.JSONField(default=dict)
    left = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"person {self.person_id}"
