"""How is the search index kept? Made from the catalogue, brought up to date when somebody looks, rebuilt at will.

A row is indexed when its revision is above the one to which the index was brought; that one is written after the
index is safe on the disk, so a power cut at worst indexes some rows twice, which changes nothing. One process
writes at a time; the others meanwhile search what is there. Nothing in the index is worth a backup.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Final

import tantivy
from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from aliquot.site import instance
from aliquot.site.models import Entry, Head, Sample, SampleName
from aliquot.site.search import words

# Raise it when the fields or the cutting of words change: the index is then made anew under the new name.
SHAPE: Final = 2
UNKNOWN: Final = "-"
SIZES_NG: Final = (
    ("under-1-mg", 10**6),
    ("1-mg-10-mg", 10**7),
    ("10-mg-100-mg", 10**8),
    ("100-mg-1-g", 10**9),
    ("1-g-10-g", 10**10),
    ("10-g-100-g", 10**11),
    ("100-g-1-kg", 10**12),
)
_BATCH: Final = 2000
_HEAP_BYTES: Final = 100_000_000
_FIELDS: Final = (
    "pk", "revision", "number", "mission", "material", "subtype", "form", "condition", "use_class", "availability",
    "start_ng", "mass_ng", "note_en", "note_zh", "published", "known_at", "holder__country",
)  # fmt: skip
# The public knows a place by the site that it stands in: its containers are one choice among the facets.
_KNOWN_AT: Final = Coalesce("holder__place__site__holder__key", "holder__key")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("pk", indexed=True, fast=True)
    builder.add_integer_field("mass_ng", indexed=True, fast=True)
    builder.add_text_field("number", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="spaced", index_option="freq")
    builder.add_text_field("spelled", tokenizer_name="spaced", index_option="position")
    for name in (
        "order",
        "mission",
        "use_class",
        "form",
        "condition",
        "availability",
        "country",
        "holder",
        "size",
    ):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA: Final = _schema()


def _folder() -> Path:
    return instance.search(settings.HOME) / f"catalogue-{SHAPE}"


@dataclass(frozen=True, slots=True)
class Mark:
    """To which state of which ledger the index was brought: catalogue revision, log size, hash of the last entry."""

    revision: int
    size: int
    leaf: str = "-"


NOTHING: Final = Mark(-1, 0)


@dataclass(slots=True)
class Opened:
    """The index as this process has it open, the state to which it was loaded, and answers given since."""

    index: tantivy.Index
    mark: Mark
    answers: OrderedDict[Hashable, object] = field(default_factory=OrderedDict)


_opened: dict[Path, Opened] = {}
_guard = threading.Lock()


def _mark_file() -> Path:
    return _folder().with_suffix(".mark")


def _brought_to() -> Mark:
    try:
        revision, size, leaf = _mark_file().read_text("ascii").split()
        return Mark(int(revision), int(size), leaf)
    except (FileNotFoundError, ValueError):
        return NOTHING


def _write_mark(mark: Mark) -> None:
    new = _mark_file().with_suffix(".new")
    new.write_text(f"{mark.revision} {mark.size} {mark.leaf}", "ascii")
    new.replace(_mark_file())


def _head(done: Mark) -> tuple[Mark, bool]:
    """Return the ledger's state, and whether it continues the one that was indexed.

    It does not where a backup was restored and another history was written since: the entry that was the last
    one then is another one now.
    """
    last = Entry.objects.filter(index=OuterRef("size") - 1).values("leaf_hash")
    then = Entry.objects.filter(index=done.size - 1).values("leaf_hash")
    rows = Head.objects.annotate(last=Subquery(last), then=Subquery(then))
    revision, size, leaf, known = rows.values_list("revision", "size", "last", "then").get(pk=1)
    continues = revision >= done.revision >= 0 and _hex(known) == done.leaf
    return Mark(revision, size, _hex(leaf)), continues


def _hex(leaf: bytes | None) -> str:
    return bytes(leaf).hex() if leaf else NOTHING.leaf


def opened() -> Opened:
    """Return the index, brought up to date with the catalogue unless somebody else is just doing that."""
    done = _loaded().mark
    if _head(done) != (done, True):
        _bring_up_to_date(wait=False)
    return _loaded()


def catch_up() -> int:
    """Index what changed since the last time; return how many rows that were."""
    return _bring_up_to_date(wait=True)


def rebuild() -> int:
    """Throw the index away and make it anew from the catalogue; return how many rows that were."""
    return _bring_up_to_date(wait=True, anew=True)


def _loaded() -> Opened:
    """Return the index at its last commit."""
    with _guard:
        now = _opened.get(_folder())
        if now is None or not _folder().is_dir():
            # Opened first: where it cannot be read, the mark goes with it.
            now = _opened[_folder()] = Opened(_open(), NOTHING)
        mark = _brought_to()
        if now.mark != mark:
            now.index.reload()
            now.mark, now.answers = mark, OrderedDict()
        return now


def _open() -> tantivy.Index:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        index = tantivy.Index(SCHEMA, path=str(folder))
    except ValueError:
        # Not readable, so not worth keeping: the next look at the catalogue makes it anew.
        _mark_file().unlink(missing_ok=True)
        shutil.rmtree(folder)
        folder.mkdir()
        index = tantivy.Index(SCHEMA, path=str(folder))
    spaced = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("spaced", spaced)
    index.config_reader(reload_policy="manual")
    return index


@contextmanager
def _alone(*, wait: bool) -> Iterator[bool]:
    """Say whether this thread may write the index; no other one, of no process, writes until the block ends."""
    folder = instance.search(settings.HOME)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def _bring_up_to_date(*, wait: bool, anew: bool = False) -> int:
    with _alone(wait=wait) as alone:
        done = _brought_to()
        head, continues = _head(done)
        if not alone or (head == done and continues and not anew):
            return 0
        index = _loaded().index
        if anew or not continues:
            _mark_file().unlink(missing_ok=True)
            done = NOTHING
        count = _write(index, after=done.revision, until=head.revision)
        _write_mark(head)
        with _guard:
            index.reload()
            _opened[_folder()] = Opened(index, head)
    return count


def _write(index: tantivy.Index, *, after: int, until: int) -> int:
    writer = index.writer(_HEAP_BYTES, 1)
    if after < 0:
        writer.delete_all_documents()
    count = _add(writer, after=after, until=until)
    writer.commit()
    writer.wait_merging_threads()
    return count


Row = tuple[
    int, int, str, str, str, str, str, str, str, str, int | None, int, str, str, bool, str | None, str | None
]


def _add(writer: tantivy.IndexWriter, *, after: int, until: int) -> int:
    rows = (
        Sample.objects.filter(revision__gt=after, revision__lte=until)
        .annotate(known_at=_KNOWN_AT)
        .values_list(*_FIELDS)
    )
    count = 0
    stream = rows.iterator(chunk_size=_BATCH)
    while batch := list(islice(stream, _BATCH)):
        count += len(batch)
        names = _names([row[0] for row in batch])
        for row in batch:
            if after >= 0:
                writer.delete_documents_by_term("pk", row[0])
            if row[14]:
                writer.add_document(document(row, names.get(row[0], ())))
    return count


def _names(pks: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for pk, name in SampleName.objects.filter(sample__in=list(pks)).values_list("sample_id", "name"):
        found.setdefault(pk, []).append(name)
    return found


def document(row: Row, names: Iterable[str]) -> tantivy.Document:
    """Return what is indexed of a sample; only what the public may read."""
    (pk, _, number, mission, material, subtype, form, condition, use_class, availability,
     start_ng, mass_ng, note_en, note_zh, _, holder, country) = row  # fmt: skip
    names = tuple(names)
    texts = (*names, material, subtype, mission, form, note_en, note_zh)
    tokens = dict.fromkeys(chain(words.words(number), words.parts(number), *map(words.indexed, texts)))
    return tantivy.Document(
        pk=pk,
        mass_ng=mass_ng,
        number=words.folded(number),
        words=" ".join(tokens),
        spelled=words.spelled((number, *names, material)),
        order=words.order(number),
        mission=mission or UNKNOWN,
        use_class=use_class or UNKNOWN,
        form=form or UNKNOWN,
        condition=condition or UNKNOWN,
        availability=availability,
        country=country or UNKNOWN,
        holder=holder or UNKNOWN,
        size=size_of(start_ng, mass_ng),
    )


def size_of(start_ng: int | None, mass_ng: int) -> str:
    """Return the range of mass that a sample falls into."""
    if start_ng is None:
        return UNKNOWN
    if not mass_ng:
        return "none"
    return next((key for key, end_ng in SIZES_NG if mass_ng < end_ng), "1-kg-up")
