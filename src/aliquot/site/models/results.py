"""What was measured on which split, where it is published, and the ages that were derived from it. Only ever added to."""

from __future__ import annotations

from django.db import models


class Publication(models.Model):
    """Where results are published, or are going to be; a further version under the same key sets right the one before."""

    key = models.CharField(max_length=24)
    version = models.PositiveIntegerField(default=1)
    citation = models.CharField(max_length=500)
    doi = models.CharField(max_length=220, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    accepted_on = models.DateField(null=True)
    embargo_until = models.DateField(null=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("key", "version")
        constraints = (
            models.UniqueConstraint(fields=("key", "version"), name="a_publication_has_versions_in_order"),
        )

    def __str__(self) -> str:
        return self.citation


class Analysis(models.Model):
    """One analysis of one split. From the literature, `sample` may be empty: `number` is then of another collection.

    `told` is what was typed; `sure` why something unusual was recorded all the same.
    """

    key = models.CharField(max_length=24, unique=True)
    origin = models.CharField(max_length=12)
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="analyses", null=True)
    number = models.CharField(max_length=100, blank=True, db_index=True)
    label = models.CharField(max_length=100, blank=True)
    material = models.CharField(max_length=100, blank=True)
    method = models.CharField(max_length=40)
    instrument = models.CharField(max_length=200, blank=True)
    laboratory = models.CharField(max_length=200, blank=True)
    holder = models.ForeignKey("Holder", on_delete=models.PROTECT, related_name="+", null=True)
    standards = models.CharField(max_length=500, blank=True)
    measured_on = models.DateField(null=True)
    analyst = models.CharField(max_length=60, blank=True)
    consumed_ng = models.BigIntegerField(default=0)
    entry = models.ForeignKey("Entry", on_delete=models.PROTECT, related_name="+", null=True)
    note = models.TextField(blank=True)
    sure = models.CharField(max_length=500, blank=True)
    told = models.JSONField(default=dict)
    # The key of its publication, whatever the version; empty while none is named.
    publication = models.CharField(max_length=24, blank=True, db_index=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="superseded_by", null=True
    )
    why = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "analyses"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(consumed_ng__gte=0), name="an_analysis_uses_up_nothing_or_more"
            ),
            models.CheckConstraint(
                condition=~models.Q(origin="facility")
                | models.Q(sample__isnull=False, holder__isnull=False, measured_on__isnull=False),
                name="our_own_analysis_has_split_laboratory_and_day",
            ),
        )

    def __str__(self) -> str:
        return self.key


class Measurement(models.Model):
    """One value of an analysis: as it was told, and as numbers in its unit; `sd` is one standard deviation."""

    analysis = models.ForeignKey(Analysis, on_delete=models.PROTECT, related_name="measurements")
    order = models.PositiveSmallIntegerField()
    analyte = models.CharField(max_length=40, db_index=True)
    unit = models.CharField(max_length=10, blank=True)
    text = models.CharField(max_length=60)
    value = models.FloatField(null=True)
    sd = models.FloatField(null=True)
    uncertainty = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=4, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    detection_limit = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(
                fields=("analysis", "analyte"), name="a_value_is_measured_once_an_analysis"
            ),
        )

    def __str__(self) -> str:
        return f"{self.analyte} {self.text}"


class RawFile(models.Model):
    """A file as the instrument wrote it, kept untouched under its hash."""

    analysis = models.ForeignKey(Analysis, on_delete=models.PROTECT, related_name="raw_files")
    file = models.ForeignKey("StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("analysis", "file"), name="a_raw_file_is_kept_once_an_analysis"),
        )

    def __str__(self) -> str:
        return self.name


class DerivedAge(models.Model):
    """An age that was computed here: the request and the answer as texts, byte by byte, and what the line means."""

    key = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=200)
    task = models.CharField(max_length=20)
    clock = models.CharField(max_length=20, blank=True)
    request = models.TextField()
    answer = models.TextField()
    request_sha256 = models.CharField(max_length=64)
    answer_sha256 = models.CharField(max_length=64)
    version = models.CharField(max_length=40)
    sets = models.CharField(max_length=300)
    age_ma = models.FloatField(null=True)
    half_ma = models.FloatField(null=True)
    meaning = models.CharField(max_length=20)
    # The age that this one was made from: with points left out, or under other constants.
    beside = models.ForeignKey("self", on_delete=models.PROTECT, related_name="variants", null=True)
    why = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.title


class AgeRow(models.Model):
    """Which analysis is which row of an age's request; `omitted` is the reason where it was left out."""

    age = models.ForeignKey(DerivedAge, on_delete=models.PROTECT, related_name="rows")
    row = models.PositiveSmallIntegerField()
    analysis = models.ForeignKey(Analysis, on_delete=models.PROTECT, related_name="age_rows")
    omitted = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("row",)
        constraints = (models.UniqueConstraint(fields=("age", "row"), name="an_age_has_rows_in_order"),)

    def __str__(self) -> str:
        return f"{self.age_id}: {self.row}"


class AgePublished(models.Model):
    """Who let everybody see an age, and when."""

    age = models.OneToOneField(DerivedAge, on_delete=models.PROTECT, related_name="published")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.age_id}"


class ResultsDraft(models.Model):
    """A table of results on its way in: the file as it came, how it is read, what was mended in place since."""

    key = models.CharField(max_length=24, unique=True)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    file = models.ForeignKey("StoredFile", on_delete=models.PROTECT, related_name="+")
    # What is the same for all rows: origin, laboratory, method, level, citation ...
    common = models.JSONField(default=dict)
    # The TOML of the mapping by which it is read; empty where the header says it all.
    mapping = models.TextField(blank=True, default="")
    # {"line:column": "what stands there now"}
    mended = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.name
