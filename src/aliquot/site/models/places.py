"""Where things are: sites, rooms, cabinets, shelves, containers as a tree, and what the air there was like."""

from __future__ import annotations

from django.db import models


class PlaceKind(models.TextChoices):
    """How big a place is; each stands in one above it."""

    SITE = "site", "site"
    ROOM = "room", "room"
    CABINET = "cabinet", "cabinet"
    SHELF = "shelf", "shelf"
    CONTAINER = "container", "container"


class Place(models.Model):
    """A place of the store. Mass in it is posted to its holder (`place:a3`).

    `code` is what stands on its label; it can change, the holder's key cannot. `name_*` and `code` are for those who
    may see exact places: the public reads the holder's names, which are those of the site. Paths are found by walking
    `parent`.
    """

    holder = models.OneToOneField("Holder", on_delete=models.PROTECT, related_name="place")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="children", null=True, blank=True
    )
    # The site that it stands in, however deep; none for a site itself. The public knows what is there as being at the site.
    site = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    kind = models.CharField(max_length=10, choices=PlaceKind)
    code = models.CharField(max_length=60, unique=True)
    name_en = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    container_type = models.CharField(max_length=60, blank=True)
    atmosphere = models.CharField(max_length=40, blank=True)
    # Materials that may touch what is kept here, parted by spaces; empty: no rule.
    allowed_materials = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("pk")),
                name="a_place_is_not_in_itself",
            ),
        )

    def __str__(self) -> str:
        return self.code


class PlaceMove(models.Model):
    """A place was made, put into another with all that is in it, corrected, closed or opened; only ever added.

    `parent` is where it stood afterwards; `changes` has what was corrected: field, before, after.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="moves")
    parent = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    what = models.CharField(max_length=10, default="moved")
    changes = models.JSONField(default=list)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "pk")
        indexes = (models.Index(fields=("place", "at"), name="moves_of_a_place"),)

    def __str__(self) -> str:
        return f"{self.place_id} into {self.parent_id}"


class Environment(models.Model):
    """One reading of the air, the pressure or the cleanness of a place. The number stays as it was written."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="environment")
    at = models.DateTimeField()
    quantity = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=20)
    instrument = models.ForeignKey("Instrument", on_delete=models.PROTECT, related_name="+", null=True)
    by = models.CharField(max_length=120)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "at", "quantity"), name="a_place_has_one_reading_of_a_quantity_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} {self.value} {self.unit}"
