"""Parcels: what is on its way, sealed how, and confirmed by whom. While it is, its mass is with the parcel's own holder."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from aliquot import parcels
from aliquot.accountability import Direction


class Parcel(models.Model):
    """A parcel as it stands now: out to a borrower, back to the store, or on to another loan (`onward_to`)."""

    key = models.CharField(max_length=24, unique=True)
    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, default=parcels.CYCLE.start)
    direction = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Direction])
    loan = models.ForeignKey("Loan", on_delete=models.PROTECT, related_name="parcels")
    onward_to = models.ForeignKey("Loan", on_delete=models.PROTECT, related_name="inward", null=True)
    transit = models.OneToOneField("Holder", on_delete=models.PROTECT, related_name="parcel")
    carrier = models.CharField(max_length=200, blank=True)
    tracking = models.CharField(max_length=200, blank=True)
    # Who fetched it and by what they showed who they are, and who received it: names, which can be emptied.
    collector = models.CharField(max_length=200, blank=True)
    identity = models.CharField(max_length=200, blank=True)
    received_by = models.CharField(max_length=200, blank=True)
    seals = models.JSONField(default=list)
    gross_ng = models.BigIntegerField(null=True)
    gross_sd_ng = models.BigIntegerField(default=0)
    expected_on = models.DateField(null=True)
    left_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    incident = models.ForeignKey("Incident", on_delete=models.PROTECT, related_name="parcels", null=True)
    by = models.CharField(max_length=120)
    packed_at = models.DateTimeField()

    class Meta:
        ordering = ("-packed_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=parcels.CYCLE.states), name="a_parcel_is_in_a_state_of_the_table"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("packed", "unpacked"))
                | Q(left_at__isnull=False, gross_ng__isnull=False),
                name="a_parcel_is_weighed_before_it_leaves",
            ),
        )

    def __str__(self) -> str:
        return self.number


class ParcelItem(models.Model):
    """A sample in a parcel, all of it; in one parcel at a time, until that is opened or given up."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="items")
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="parcel_items")
    mass_ng = models.BigIntegerField()
    found = models.CharField(max_length=10, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("sample",), condition=Q(is_open=True), name="a_sample_is_in_one_parcel_at_a_time"
            ),
            models.UniqueConstraint(fields=("parcel", "sample"), name="a_parcel_has_a_sample_once"),
            models.CheckConstraint(condition=Q(mass_ng__gt=0), name="what_is_sent_has_mass"),
        )

    def __str__(self) -> str:
        return f"{self.parcel_id}: {self.sample_id}"


class ParcelStep(models.Model):
    """One act on a parcel: what was told of it at either end, with the entries that it made."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveIntegerField()
    act = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    told = models.JSONField(default=dict)
    entries = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("parcel", "order"), name="steps_of_a_parcel_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.parcel_id}: {self.act}"


class ParcelLink(models.Model):
    """A link by which whoever receives a parcel confirms that once, without an account. Only a hash of it is kept."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=120)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="a_parcel_link_expires_after_it_is_made"
            ),
        )

    def __str__(self) -> str:
        return f"{self.parcel_id}: {self.made_at:%Y-%m-%d}"
