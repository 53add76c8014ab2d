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
from itertools import islice
from pathlib import Path
from typing import Final

import tantivy
from django.conf import settings

from aliquot.site import instance
from aliquot.site.models import Head, Sample, SampleName
from aliquot.site.search import words

# Raise it when the fields or the cutting of words change: the index is then made anew under the new name.
SHAPE: Final = 1
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
    "start_ng", "mass_ng", "note_en", "note_zh", "published", "holder__key", "holder__country",
)  # fmt: skip


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


@dataclass(slots=True)
class Opened:
    """The index as this process has it open, the revision to which it was loaded, and answers given since."""

    index: tantivy.Index
    revision: int
    answers: OrderedDict[Hashable, object] = field(default_factory=OrderedDict)


_opened: dict[Path, Opened] = {}
_guard = threading.Lock()


def _folder() -> Path:
    return instance.search(settings.HOME) / f"catalogue-{SHAPE}"


def _mark() -> Path:
    """The file that says to which revision the index was brought."""
    return _folder().with_suffix(".revision")


def _brought_to() -> int:
    try:
        return int(_mark().read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return -1


def _write_mark(revision: int) -> None:
    new = _mark().with_suffix(".new")
    new.write_text(str(revision), "ascii")
    new.replace(_mark())


def opened() -> Opened:
    """Return the index, brought up to date with the catalogue unless somebody else is just doing that."""
    head = _head()
    if _brought_to() != head:
        _bring_to(head, wait=False)
    return _loaded()


def catch_up() -> int:
    """Index what changed since the last time; return how many rows that were."""
    return _bring_to(_head(), wait=True)


def rebuild() -> int:
    """Throw the index away and make it anew from the catalogue; return how many rows that were."""
    return _bring_to(_head(), wait=True, anew=True)


def _head() -> int:
    return Head.objects.values_list("revision", flat=True).get(pk=1)


def _loaded() -> Opened:
    """Return the index at its last commit."""
    with _guard:
        revision = _brought_to()
        now = _opened.get(_folder())
        if now is None or not _folder().is_dir():
            now = _opened[_folder()] = Opened(_open(), revision)
        if now.revision != revision:
            now.index.reload()
            now.revision, now.answers = revision, OrderedDict()
        return now


def _open() -> tantivy.Index:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        index = tantivy.Index(SCHEMA, path=str(folder))
    except ValueError:
        # Not readable, so not worth keeping: the next look at the catalogue makes it anew.
        _mark().unlink(missing_ok=True)
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


def _bring_to(head: int, *, wait: bool, anew: bool = False) -> int:
    """Index the rows up to the head's revision; a head behind the index is another database: all is made anew."""
    with _alone(wait=wait) as alone:
        done = _brought_to()
        if not alone or (done == head and not anew):
            return 0
        index = _loaded().index
        if anew or done > head:
            _mark().unlink(missing_ok=True)
            done = -1
        writer = index.writer(_HEAP_BYTES, 1)
        if done < 0:
            writer.delete_all_documents()
        count = _add(writer, after=done, until=head)
        writer.commit()
        writer.wait_merging_threads()
        _write_mark(head)
        with _guard:
            index.reload()
            _opened[_folder()] = Opened(index, head)
    return count


Row = tuple[
    int, int, str, str, str, str, str, str, str, str, int | None, int, str, str, bool, str | None, str | None
]


def _add(writer: tantivy.IndexWriter, *, after: int, until: int) -> int:
    rows = Sample.objects.filter(revision__gt=after, revision__lte=until).values_list(*_FIELDS)
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
    texts = " ".join((number, *names, material, subtype, mission, form, note_en, note_zh))
    tokens = dict.fromkeys([*words.words(texts), *words.parts(number)])
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
