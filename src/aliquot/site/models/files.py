"""Photographs and documents: stored once by their SHA-256, attached to what they show."""

from __future__ import annotations

from django.db import models

THINGS = ("sample", "handling", "place", "incident")


def _one_of(fields: tuple[str, ...]) -> models.Q:
    """Return the condition that one of these is named and the others are not."""
    either = models.Q()
    for named in fields:
        either |= models.Q(**{f"{field}__isnull": field != named for field in fields})
    return either


class StoredFile(models.Model):
    """The bytes of a file, kept under their SHA-256; `content_type` is what they are, not what was said."""

    sha256 = models.CharField(max_length=64, unique=True)
    size_bytes = models.BigIntegerField()
    content_type = models.CharField(max_length=100)
    width_px = models.PositiveIntegerField(null=True)
    height_px = models.PositiveIntegerField(null=True)
    stored_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(size_bytes__gt=0), name="a_stored_file_has_bytes"),
        )

    def __str__(self) -> str:
        return self.sha256


class Attachment(models.Model):
    """A file on something's file card: a sample, a handling, a place, an incident. One of them is named.

    A photograph that the public sees has a text in its place (`alternative_*`); `um_per_px` draws the scale bar.
    """

    # In its address: nobody finds another's by counting.
    key = models.CharField(max_length=24, unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="attachments", null=True)
    handling = models.ForeignKey("Handling", on_delete=models.PROTECT, related_name="attachments", null=True)
    place = models.ForeignKey("Place", on_delete=models.PROTECT, related_name="attachments", null=True)
    incident = models.ForeignKey("Incident", on_delete=models.PROTECT, related_name="attachments", null=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    alternative_en = models.CharField(max_length=500, blank=True)
    alternative_zh = models.CharField(max_length=500, blank=True)
    um_per_px = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    instrument = models.ForeignKey("Instrument", on_delete=models.PROTECT, related_name="+", null=True)
    taken_at = models.DateTimeField(null=True)
    credit = models.CharField(max_length=200, blank=True)
    published = models.BooleanField(default=False)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=120, blank=True)
    removed_why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(published=False)
                | ~models.Q(alternative_en="")
                | ~models.Q(alternative_zh=""),
                name="a_published_picture_has_a_text_in_its_place",
            ),
            models.CheckConstraint(
                condition=models.Q(published=False) | models.Q(removed_at=None),
                name="what_was_removed_is_not_published",
            ),
            models.CheckConstraint(condition=_one_of(THINGS), name="an_attachment_is_on_one_thing"),
        )

    def __str__(self) -> str:
        return self.name
