"""Which photographs and documents are on something, and who may see which? Never writes.

The public sees what is published of a published sample, and of it what is published alone: who attached it, and what
was removed, stands in `Kept`, which only those who see all of it are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from aliquot.files import Kind
from aliquot.site.models import Attachment, Handling, Incident, Instrument, Person, Place, Sample
from aliquot.vocabulary import Words

Thing = Sample | Handling | Place | Incident

PUBLIC = Q(published=True, removed_at=None, sample__published=True)
PAGE = 48
# What files are attached to, and the field by which an address names one.
THINGS: dict[str, tuple[type[Thing], str]] = {
    "sample": (Sample, "number"),
    "handling": (Handling, "pk"),
    "place": (Place, "pk"),
    "incident": (Incident, "key"),
}
_OURS = re.compile(r"(?:small/)?([0-9a-f]{2})/([0-9a-f]{62})(?:-\d+\.webp)?")


@dataclass(frozen=True, slots=True)
class Sees:
    """What a reader may see besides what is published: all of it, or what is on incidents."""

    all: bool = False
    incidents: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What those who keep the files know besides: who attached it when, and whether it was removed and why."""

    by: str
    at: datetime
    is_published: bool
    removed_by: str
    removed_at: datetime | None
    removed_why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A photograph or document with what is said of it. Sizes in pixels are of the whole picture."""

    key: str
    on: str
    on_id: str
    on_name: str
    kind: str
    name: str
    sha256: str
    content_type: str
    size_bytes: int
    width_px: int | None
    height_px: int | None
    alternative: Words
    um_per_px: Decimal | None
    instrument: Words
    instrument_key: str
    taken_at: datetime | None
    credit: str
    kept: Kept | None

    @property
    def is_photograph(self) -> bool:
        return self.kind == Kind.PHOTOGRAPH


@dataclass(frozen=True, slots=True)
class Original:
    """What is handed out under a hash: under which name and as what; public if anybody may have it."""

    sha256: str
    name: str
    content_type: str
    is_public: bool


# -- where the bytes are -------------------------------------------------------------------------------------


def path_of(sha256: str) -> str:
    """Return the name in the store of the bytes with this hash."""
    return f"{sha256[:2]}/{sha256[2:]}"


def small_path_of(sha256: str, width_px: int) -> str:
    """Return the name in the store of the picture that was drawn of them at this width."""
    return f"small/{path_of(sha256)}-{width_px}.webp"


def sha256_in(path: str) -> str | None:
    """Return the hash that a name in the store has in it; None where it is not a name of ours."""
    found = _OURS.fullmatch(path)
    return found[1] + found[2] if found else None


def thing(on_: str, which: str) -> Thing | None:
    """Return the thing that an address names, such as `sample` and its number; None where there is none."""
    if on_ not in THINGS:
        return None
    model, field = THINGS[on_]
    if field == "pk" and not (which.isascii() and which.isdigit() and len(which) < 19):
        return None
    return model.objects.filter(**{field: which}).first()


# -- what is on something ------------------------------------------------------------------------------------


def on(thing: Thing, sees: Sees) -> tuple[Shown, ...]:
    """Return what is on the thing, newest first; what was removed last, for those who see all. Two queries at most."""
    rows = _visible(sees).filter(**{thing._meta.model_name: thing})
    found = _shown(rows, sees)
    return tuple(sorted(found, key=lambda one: bool(one.kept and one.kept.removed_at)))


def newest(sees: Sees, *, which: str, page: int) -> tuple[tuple[Shown, ...], bool]:
    """Return a page of what was attached, newest first, and whether there is more: `all`, `undescribed`, `published`.

    What was removed is not among them.
    """
    rows = _visible(sees).filter(removed_at=None)
    if which == "undescribed":
        rows = rows.filter(alternative_en="", alternative_zh="")
    elif which == "published":
        rows = rows.filter(published=True)
    found = _shown(rows[(page - 1) * PAGE : page * PAGE + 1], sees)
    return tuple(found[:PAGE]), len(found) > PAGE


def one(key: str, sees: Sees) -> Shown | None:
    """Return the attachment of this key; None where there is none, or none that the reader may see."""
    return next(iter(_shown(_visible(sees).filter(key=key), sees)), None)


def original(sha256: str, name: str | None, sees: Sees) -> Original | None:
    """Return what to hand out under this hash (and name), public before all; None where nothing may be."""
    rows = _visible(sees).filter(file__sha256=sha256)
    rows = rows if name is None else rows.filter(name=name)
    found = sorted(rows.values_list("name", "file__content_type", "published", "removed_at", "sample__published"),
                   key=lambda row: not (row[2] and row[3] is None and row[4]))  # fmt: skip
    for said, content_type, published, removed_at, sample_published in found:
        is_public = bool(published and removed_at is None and sample_published)
        return Original(sha256, said, content_type, is_public)
    return None


def instruments(key: str = "") -> tuple[tuple[str, Words], ...]:
    """Return the key and names of every instrument that is in use, and of the one with this key."""
    rows = Instrument.objects.filter(Q(retired_at=None) | Q(key=key)).order_by("key")
    return tuple((row.key, Words(row.name_en, row.name_zh)) for row in rows)


def instrument(key: str) -> Instrument | None:
    return Instrument.objects.filter(key=key).first()


def _visible(sees: Sees) -> QuerySet[Attachment]:
    rows = Attachment.objects.select_related("file", "instrument", "sample", "incident", "place")
    if sees.all:
        return rows
    return rows.filter(PUBLIC | Q(removed_at=None, incident__isnull=False) if sees.incidents else PUBLIC)


def _shown(rows: Iterable[Attachment], sees: Sees) -> list[Shown]:
    found = list(rows)
    keys = {key for row in found for key in (row.by, row.removed_by)} if sees.all or sees.incidents else set()
    names = _names(keys)
    return [_one(row, names, sees) for row in found]


def _one(row: Attachment, names: dict[str, str], sees: Sees) -> Shown:
    on_ = next(name for name in ("sample", "handling", "place", "incident") if getattr(row, f"{name}_id"))
    on_id = (
        row.sample.number
        if row.sample
        else row.incident.key
        if row.incident
        else str(getattr(row, f"{on_}_id"))
    )
    tells = sees.all or (sees.incidents and row.incident is not None)
    return Shown(
        key=row.key,
        on=on_,
        on_id=on_id,
        on_name=row.place.code if row.place else on_id,
        kind=row.kind,
        name=row.name,
        sha256=row.file.sha256,
        content_type=row.file.content_type,
        size_bytes=row.file.size_bytes,
        width_px=row.file.width_px,
        height_px=row.file.height_px,
        alternative=Words(row.alternative_en, row.alternative_zh),
        um_per_px=row.um_per_px,
        instrument=Words(row.instrument.name_en, row.instrument.name_zh) if row.instrument else Words("", ""),
        instrument_key=row.instrument.key if row.instrument else "",
        taken_at=row.taken_at,
        credit=row.credit,
        kept=_kept(row, names) if tells else None,
    )


def _kept(row: Attachment, names: dict[str, str]) -> Kept:
    return Kept(
        by=names.get(row.by, row.by),
        at=row.at,
        is_published=row.published,
        removed_by=names.get(row.removed_by, row.removed_by),
        removed_at=row.removed_at,
        removed_why=row.removed_why,
    )


def _names(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of the people whom the ledger calls by these keys; one query, or none."""
    pks = [
        int(number) for key in keys if (number := key.removeprefix("person:")) != key and number.isdecimal()
    ]
    return {f"person:{person.pk}": person.name for person in Person.objects.filter(pk__in=pks)} if pks else {}
