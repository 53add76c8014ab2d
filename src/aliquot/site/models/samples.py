"""Rows of the catalogue: samples, their names, what they were made from, weighings, promises."""

from __future__ import annotations

from django.db import models


class Form(models.TextChoices):
    """What a sample is, to hand; the words of the catalogue."""

    UNKNOWN = "", "not known"
    BULK = "bulk", "bulk soil"
    POWDER = "powder", "powder"
    FRAGMENT = "fragment", "lithic fragment"
    ROCK = "rock", "rock"
    CORE = "core", "core"
    MOUNT = "mount", "polished mount"
    SECTION = "section", "thin section"
    DISPLAY = "display", "display"


class Condition(models.TextChoices):
    """How near a sample is to the state in which it came."""

    UNKNOWN = "", "not known"
    PRISTINE = "pristine", "pristine"
    AIR = "air-exposed", "air-exposed"
    RETURNED = "returned", "returned"
    SPECIAL = "special", "special"


class Availability(models.TextChoices):
    """Whether a sample can be asked for."""

    REQUESTABLE = "requestable", "can be requested"
    STORED = "stored", "in store, not offered"
    RESERVED = "reserved", "promised"
    SEALED = "sealed", "sealed"
    LENT = "lent", "on loan"
    GIVEN = "given", "given away"
    SPENT = "spent", "used up"
    MISSING = "missing", "missing"
    UNWEIGHED = "unweighed", "no mass recorded"


class Sample(models.Model):
    """A catalogued piece, bulk or daughter. Masses are kept by the ledger; those here are an index of it."""

    number = models.CharField(max_length=100, unique=True)
    mission = models.CharField(max_length=20, blank=True)
    material = models.CharField(max_length=60, blank=True)
    subtype = models.CharField(max_length=60, blank=True)
    form = models.CharField(max_length=20, choices=Form, blank=True, default=Form.UNKNOWN)
    condition = models.CharField(max_length=20, choices=Condition, blank=True, default=Condition.UNKNOWN)
    use_class = models.CharField(max_length=30, blank=True)
    sealed = models.BooleanField(default=False)
    # Stands for several pieces whose numbers and masses were not published.
    aggregate = models.BooleanField(default=False)
    availability = models.CharField(max_length=12, choices=Availability, default=Availability.UNWEIGHED)
    start_ng = models.BigIntegerField(null=True, blank=True)
    start_sd_ng = models.BigIntegerField(null=True, blank=True)
    # What still exists, wherever it is and whoever holds title to it.
    mass_ng = models.BigIntegerField(default=0)
    mass_sd_ng = models.BigIntegerField(null=True, blank=True)
    pristine_percent = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    holder = models.ForeignKey("Holder", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    note_en = models.TextField(blank=True)
    note_zh = models.TextField(blank=True)
    # Keys of the public record that this row rests on, parted by spaces.
    sources = models.CharField(max_length=200, blank=True)
    published = models.BooleanField(default=True)
    revision = models.BigIntegerField(default=0, db_index=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(mass_ng__gte=0), name="a_sample_weighs_nothing_or_more"
            ),
        )
        indexes = (models.Index(fields=("mission", "number"), name="samples_of_a_mission"),)

    def __str__(self) -> str:
        return self.number


class SampleName(models.Model):
    """Another name of a sample: former, temporary, published, unofficial, or a museum's."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("sample", "name"), name="a_name_is_given_once"),)

    def __str__(self) -> str:
        return self.name


class Descent(models.Model):
    """In one entry, a daughter was made from a parent; without an entry, a table that was imported says so."""

    entry = models.ForeignKey("Entry", on_delete=models.PROTECT, related_name="+", db_index=False, null=True)
    kind = models.CharField(max_length=10)
    parent = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="descents_down")
    daughter = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="descents_up")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("entry", "parent", "daughter"), name="a_descent_is_recorded_once"
            ),
            models.UniqueConstraint(
                fields=("parent", "daughter"),
                condition=models.Q(entry=None),
                name="a_descent_is_stated_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.parent_id} > {self.daughter_id}"


class Weighing(models.Model):
    """What a balance showed: an assertion about a sample's mass, with its uncertainty (one standard deviation)."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="weighings")
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    reading = models.CharField(max_length=80)
    mass_ng = models.BigIntegerField()
    sd_ng = models.BigIntegerField()
    count = models.PositiveSmallIntegerField(default=1)
    balance = models.CharField(max_length=80, blank=True)
    calibration = models.CharField(max_length=120, blank=True)
    book_ng = models.BigIntegerField()
    # Each reading as it was shown, the tare, and the air at the balance, where they were stated.
    readings = models.JSONField(default=list)
    tare_ng = models.BigIntegerField(null=True)
    air = models.CharField(max_length=200, blank=True)
    handling = models.ForeignKey("Handling", on_delete=models.PROTECT, related_name="weighings", null=True)

    def __str__(self) -> str:
        return self.reading


class Commitment(models.Model):
    """So much of a sample is promised and not yet cut. Released when it is cut, declined or lapsed."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="commitments")
    mass_ng = models.BigIntegerField()
    basis = models.CharField(max_length=200)
    by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(mass_ng__gt=0), name="a_commitment_has_mass"),
        )

    def __str__(self) -> str:
        return f"{self.mass_ng} ng of {self.sample_id}"
