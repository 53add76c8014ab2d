"""Claims of the public register that people propose. The text of a step is the record; the columns of a claim are an index of it.

Steps are only ever added: triggers in the database refuse UPDATE and DELETE (migration `register`), and the hash of each
stands in an entry of the ledger.
"""

from __future__ import annotations

from django.db import models

from aliquot.register_claims import Act, Kind
from aliquot.vocabulary import State


class RegisterClaim(models.Model):
    """A claim: what it is about, and where its last step left it."""

    number = models.PositiveIntegerField(unique=True)
    key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Kind])
    # The subject of a statement; empty for what is no statement.
    about = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in State])
    checked = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    steps = models.PositiveIntegerField(default=0)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="claims")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # What follows is by what pages find it, made by `operations.register_index` of the claim and of what it cites.
    # Whether it is part of the record in force: it counts, and can be read.
    in_force = models.BooleanField(default=False)
    # A predicate, a kind of transfer or a kind of party.
    says = models.CharField(max_length=24, blank=True)
    object = models.CharField(max_length=80, blank=True)
    series = models.CharField(max_length=12, blank=True)
    fate = models.CharField(max_length=16, blank=True)
    grade = models.CharField(max_length=1, blank=True)
    mass_ng = models.BigIntegerField(null=True)
    is_many = models.BooleanField(default=False)
    # Between which two sides something passed, giver's first, as `register_index.pair` writes it.
    pair = models.CharField(max_length=165, blank=True)
    # The first day on which it was surely known; null where no date tells.
    since = models.DateField(null=True)
    is_dated = models.BooleanField(default=True)
    year = models.PositiveSmallIntegerField(null=True)
    sort = models.CharField(max_length=60, blank=True)
    # Its names in small letters, for whoever searches.
    words = models.TextField(blank=True)
    # Its ties with other facts: JSON, as in its steps.
    links = models.TextField(default="{}")
    # Whether a verified claim stands in its place.
    superseded = models.BooleanField(default=False)

    class Meta:
        ordering = ("-number",)
        indexes = (
            models.Index(fields=("about", "-number"), name="claims_about_a_subject"),
            models.Index(fields=("by", "-number"), name="claims_of_somebody"),
            models.Index(
                fields=("-number",),
                condition=models.Q(checked=False, withdrawn=False),
                name="claims_to_look_at",
            ),
            models.Index(
                fields=("kind", "sort", "number"), condition=models.Q(in_force=True), name="claims_by_date"
            ),
            models.Index(
                fields=("kind", "says", "series", "fate", "state", "mass_ng", "since"),
                condition=models.Q(in_force=True),
                name="claims_by_what_is_said",
            ),
            models.Index(
                fields=("about", "says"), condition=models.Q(in_force=True), name="claims_by_subject"
            ),
            models.Index(
                fields=("object",),
                condition=models.Q(in_force=True) & ~models.Q(object=""),
                name="claims_by_object",
            ),
            models.Index(
                fields=("year", "sort"),
                condition=models.Q(in_force=True, year__isnull=False),
                name="claims_by_year",
            ),
            models.Index(
                fields=("pair", "sort"),
                condition=models.Q(in_force=True) & ~models.Q(pair=""),
                name="claims_by_pair",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"


class RegisterMention(models.Model):
    """A key that a claim in force names, and as what. An index: see `register_index.Role` and `ties.Tie`."""

    claim = models.ForeignKey(RegisterClaim, on_delete=models.CASCADE, related_name="mentions")
    role = models.CharField(max_length=12)
    key = models.CharField(max_length=80)

    class Meta:
        indexes = (models.Index(fields=("role", "key", "claim"), name="claims_by_what_they_name"),)

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.role} {self.key}"


class RegisterClash(models.Model):
    """A contradiction in which a claim takes part. An index: which statements those are is asked of `register.contradictions`."""

    key = models.TextField()
    digest = models.CharField(max_length=64, unique=True)  # of the key
    about = models.CharField(max_length=80)
    says = models.CharField(max_length=24, blank=True)
    chapter = models.CharField(max_length=12)
    # Since when two sides of it are known.
    since = models.DateField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("chapter", "key"), name="clashes_by_chapter"),
            models.Index(fields=("about",), name="clashes_of_a_subject"),
        )

    def __str__(self) -> str:
        return self.key


class RegisterIndex(models.Model):
    """From which shipped record and by which program the index was made: one row."""

    made_of = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.made_of


class RegisterStep(models.Model):
    """One step of a claim: its canonical text, the SHA-256 of it, and the entry that put it on record."""

    claim = models.ForeignKey(RegisterClaim, on_delete=models.PROTECT, related_name="history")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Act])
    text = models.TextField()
    hash = models.CharField(max_length=64)
    entry = models.OneToOneField("Entry", on_delete=models.PROTECT, related_name="register_step")
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("claim", "number"), name="a_claim_has_one_step_of_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.claim_id}/{self.number} {self.act}"
