"""Rows of the ledger. The record is `Entry.text`; everything else here is an index of it.

Entries, postings, tree hashes and checkpoints are only ever added: triggers in the database refuse UPDATE and
DELETE (migration `ledger_is_append_only`).
"""

from __future__ import annotations

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from aliquot.ledger import Kind


class EntryNumber(models.BigIntegerField):
    """An entry's number. SQLite keeps rows in the order of a key of its own type: no index stands beside it."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Return the column's type: eight bytes on either database."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class Head(models.Model):
    """The one row that a writer locks: how many entries there are, and the catalogue's revision."""

    size = models.BigIntegerField(default=0)
    last_at = models.CharField(max_length=40, default="", blank=True)
    revision = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_head"),)

    def __str__(self) -> str:
        return f"{self.size} entries"


class Holder(models.Model):
    """Who or what holds mass, by its opaque key (`place:a3`). Names can be corrected or forgotten; the key cannot.

    `name_*` is what the public may read (a city, an institution); `detail` is for those who may see places.
    """

    key = models.CharField(max_length=120, unique=True)
    root = models.CharField(max_length=10)
    name_en = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """One act on mass: its bytes, and their RFC 6962 leaf hash."""

    index = EntryNumber(primary_key=True)
    at = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    by = models.CharField(max_length=120)
    text = models.TextField()
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("-index",)
        indexes = (models.Index(fields=("kind", "index"), name="entries_of_a_kind"),)

    def __str__(self) -> str:
        return f"entry {self.index}"


class Posting(models.Model):
    """One posting line of an entry."""

    pk = models.CompositePrimaryKey("entry_id", "line")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings", db_index=False)
    line = models.PositiveSmallIntegerField()
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="postings", db_index=False)
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="+", db_index=False)
    mass_ng = models.BigIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~models.Q(mass_ng=0), name="a_posting_moves_mass"),)
        indexes = (models.Index(fields=("sample", "entry", "line"), name="postings_of_a_sample"),)

    def __str__(self) -> str:
        return f"{self.sample_id} {self.mass_ng} ng"


class Balance(models.Model):
    """What a holder has of a sample now: the sum of the postings."""

    pk = models.CompositePrimaryKey("sample_id", "holder_id")
    sample = models.ForeignKey("Sample", on_delete=models.PROTECT, related_name="balances", db_index=False)
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="balances")
    mass_ng = models.BigIntegerField()
    may_be_below_zero = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(mass_ng__gte=0) | models.Q(may_be_below_zero=True),
                name="only_origin_and_drift_are_below_zero",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sample_id} {self.mass_ng} ng"


class TreeHash(models.Model):
    """The root of a complete subtree of 256 ** level entries, for proofs that do not read the whole log."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("level", "index"), name="a_subtree_has_one_hash"),)

    def __str__(self) -> str:
        return f"level {self.level}, {self.index}"


class Checkpoint(models.Model):
    """A signed statement of the log's size and root: a C2SP checkpoint in a signed note."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ("-size",)

    def __str__(self) -> str:
        return f"checkpoint of {self.size}"
