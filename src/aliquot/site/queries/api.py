"""What do other programs read that no page shows? Pages of rows by cursor, and the state that answers belong to.

Never writes, and reads no more of the catalogue for one page than `WINDOW` rows of an index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2s
from importlib import resources

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

import aliquot
from aliquot.site.models import Checkpoint, Entry, Head, Posting, Sample

WINDOW = 20_000


def ledger_state() -> str:
    """Return what changes whenever the catalogue or the log does: size, revision, last entry, newest checkpoint."""
    last = Entry.objects.filter(index=OuterRef("size") - 1).values("leaf_hash")
    signed = Checkpoint.objects.order_by("-size").values("size")[:1]
    rows = Head.objects.annotate(last=Subquery(last), signed=Subquery(signed))
    size, revision, leaf, covered = rows.values_list("size", "revision", "last", "signed").get(pk=1)
    return f"{aliquot.__version__} {size} {revision} {bytes(leaf or b'').hex()} {covered}"


@cache
def record_state() -> str:
    """Return the version of the public record: that of the package, and a hash of its files."""
    folder = resources.files("aliquot") / "record"
    files = sorted((file.name, file.read_bytes()) for file in folder.iterdir() if file.name.endswith(".toml"))
    digest = blake2s(b"".join(name.encode() + b"\0" + content + b"\0" for name, content in files))
    return f"{aliquot.__version__} {digest.hexdigest()}"


@dataclass(frozen=True, slots=True)
class Keys:
    """The rows of one page of the catalogue, and after which number the next one begins."""

    pks: tuple[int, ...]
    next: str | None


def samples(wanted: Mapping[str, str], *, after: str, limit: int) -> Keys:
    """Return a page of published samples by number; `wanted` are columns of a sample and `held_by`, its holder's key.

    It may hold fewer than `limit` although others follow: a rare kind of sample is looked for in `WINDOW` numbers
    at a time, so that no question reads the whole catalogue.
    """
    following = Sample.objects.filter(number__gt=after).order_by("number")
    if mission := wanted.get("mission"):
        following = following.filter(mission=mission)
    ahead = following.values_list("number", flat=True)[WINDOW - 1 : WINDOW]
    end = next(iter(ahead), None)
    # Spelled so that neither database goes by the holder's index: it would sort all that one store has.
    found = following.alias(held_by=Coalesce("holder__key", Value(""))).filter(Q(**wanted), published=True)
    if end is not None:
        found = found.filter(number__lte=end)
    rows = list(found.values_list("pk", "number")[: limit + 1])
    if len(rows) > limit:
        end = rows[limit - 1][1]
    return Keys(tuple(pk for pk, _ in rows[:limit]), end)


def sample(number: str) -> Sample | None:
    """Return the sample of this number if it is published."""
    return Sample.objects.filter(number=number, published=True).first()


def published(numbers: set[str]) -> frozenset[str]:
    """Return those of the numbers that are published."""
    return frozenset(
        Sample.objects.filter(number__in=numbers, published=True).values_list("number", flat=True)
    )


def history(sample: Sample, *, after: tuple[int, int], limit: int) -> list[Posting]:
    """Return the postings of a sample after this entry and line, oldest first."""
    entry, line = after
    rows = Posting.objects.filter(sample=sample).select_related("entry", "holder").defer("entry__text")
    later = rows.filter(Q(entry_id__gt=entry) | Q(entry_id=entry, line__gt=line), entry_id__gte=entry)
    return list(later.order_by("entry_id", "line")[:limit])


def entries_before(index: int | None, *, limit: int) -> list[Entry]:
    """Return entries below a number, newest first; from the newest one where none is given."""
    rows = Entry.objects.order_by("-index")
    return list((rows if index is None else rows.filter(index__lt=index))[:limit])


def entries_after(index: int, *, limit: int) -> list[Entry]:
    """Return entries above a number, oldest first."""
    return list(Entry.objects.filter(index__gt=index).order_by("index")[:limit])


def entry(index: int) -> Entry | None:
    return Entry.objects.filter(index=index).first()
