"""Gifts, donations, transfers, exchanges and deposits; what of them is still owed; receipts. Only ever added.

A mistake is set right by a further deed that `replaces` it. What is not known stays empty.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aliquot import deeds


class Exchange(models.Model):
    """An agreement between keepers by which each gives the other something."""

    key = models.CharField(max_length=24, unique=True)
    number = models.CharField(max_length=20, unique=True)
    title_en = models.CharField(max_length=300)
    title_zh = models.CharField(max_length=300, blank=True)
    instrument = models.TextField()
    when = models.CharField(max_length=40, default="?")
    sources = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.number


class ExchangeLeg(models.Model):
    """What one side gives: an exact share of a mass. A mass that was agreed as such is all of itself (1/1)."""

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="legs")
    way = models.CharField(max_length=10, choices=[(one.value, one.value) for one in deeds.Way])
    party = models.CharField(max_length=300)
    what = models.CharField(max_length=300)
    share_over = models.BigIntegerField()
    share_under = models.BigIntegerField()
    base_ng = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("exchange", "way"), name="an_exchange_has_a_leg_each_way"),
            models.CheckConstraint(
                condition=Q(share_over__gt=0) & Q(share_under__gte=models.F("share_over")),
                name="a_share_is_of_the_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.exchange_id}: {self.way}"


class Deed(models.Model):
    """One act by which material changed hands for good, or was deposited."""

    key = models.CharField(max_length=24, unique=True)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in deeds.Kind])
    way = models.CharField(max_length=10, choices=[(one.value, one.value) for one in deeds.Way])
    giver = models.CharField(max_length=300)
    receiver = models.CharField(max_length=300)
    country = models.CharField(max_length=2, blank=True)
    occasion = models.TextField(blank=True)
    instrument = models.TextField()
    # As it is known (see `aliquot.dates`), and the days between which that lies, to sort by.
    when = models.CharField(max_length=40)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    passes_title = models.BooleanField()
    holder = models.ForeignKey("Holder", on_delete=models.PROTECT, related_name="deeds", null=True)
    present_holder = models.TextField(blank=True)
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="deeds", null=True)
    # The gift that this one answers.
    answers = models.ForeignKey("self", on_delete=models.PROTECT, related_name="answered_by", null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)
    sources = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("first", "pk")
        constraints = (models.CheckConstraint(condition=~Q(instrument=""), name="a_deed_has_an_instrument"),)

    def __str__(self) -> str:
        return self.number


class DeedItem(models.Model):
    """What changed hands: a sample, with the entry that recorded it, or something without a number here."""

    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveIntegerField()
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="deed_items", null=True)
    what = models.CharField(max_length=300, blank=True)
    mass_ng = models.BigIntegerField(null=True)
    entry = models.ForeignKey("Entry", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("deed", "order"), name="items_of_a_deed_are_numbered"),
            models.CheckConstraint(condition=Q(mass_ng=None) | Q(mass_ng__gt=0), name="a_deed_item_has_mass"),
        )

    def __str__(self) -> str:
        return f"{self.deed_id}: {self.order}"


class DeedReceipt(models.Model):
    """The receipt of a deed as the ledger's key signed it; it verifies offline (`aliquot check-receipt`)."""

    deed = models.OneToOneField(Deed, on_delete=models.PROTECT, related_name="receipt")
    note = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.deed_id}"
