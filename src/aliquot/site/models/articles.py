"""Readings of articles that somebody keeps: what was found and said of it then, for themselves alone.

The text of an article is others' work and is kept only where its reader asks for it. A reading is forgotten when they say so.
"""

from __future__ import annotations

from django.db import models


class KeptReading(models.Model):
    """One article as it was read: `results` has its claims with their verdicts, by the shape of `aliquot read --json`."""

    key = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="readings")
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8)
    sentences = models.PositiveIntegerField()
    # Of the text in UTF-8: whoever has the article can tell whether it is this one.
    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    is_plain = models.BooleanField(default=True)
    results = models.JSONField(default=list)
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.key}: {self.name}"
