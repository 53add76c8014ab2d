"""How do bytes come into the house? Into a temporary file, hashed, looked at, drawn small, then moved under their SHA-256.

Bytes are in their place before a row names them: whatever breaks off leaves at most bytes that no row names, which
`orphans` finds. The same bytes are kept once, and are never written again while a row names them.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from aliquot import fault, files
from aliquot.fault import Fault
from aliquot.files import Kind, Known, Limits
from aliquot.site import instance, queries, thumbnails
from aliquot.site.models import StoredFile

# A file that is being attached now has no row yet.
ORPHAN_AGE = timedelta(days=1)
_PIECE_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that were hashed and looked at, still in a temporary file; for a photograph with what was drawn of it."""

    name: str
    sha256: str
    size_bytes: int
    known: Known
    path: Path
    drawn: tuple[Path, ...] = ()


@contextmanager
def receive(chunks: Iterable[bytes], *, name: str, limits: Limits) -> Iterator[Received]:
    """Take the bytes in, or raise `Refused`; what is not kept within the block is gone after it."""
    incoming = instance.incoming(settings.HOME)
    incoming.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=incoming))
    try:
        where = files.plain_name(name)[: files.NAME_MOST]
        path = folder / "bytes"
        sha256, size_bytes = _write(chunks, path, where, limits)
        known = _look(path, size_bytes, where, limits)
        if isinstance(known, Fault):
            raise fault.Refused([known])
        arrived = Received(files.fit_name(name, known.format), sha256, size_bytes, known, path)
        yield _drawn(arrived, folder, limits) if known.format.kind is Kind.PHOTOGRAPH else arrived
    finally:
        shutil.rmtree(folder)


def put(arrived: Received) -> None:
    """Move the bytes, and what was drawn of them, in their place, unless a row names them and they are there."""
    name = queries.files.path_of(arrived.sha256)
    kept = StoredFile.objects.filter(sha256=arrived.sha256).exists() and default_storage.exists(name)
    if not kept:
        _move(arrived.path, name)
    for width, path in zip(thumbnails.WIDTHS_PX, arrived.drawn, strict=False):
        small = queries.files.small_path_of(arrived.sha256, width)
        if not kept or not default_storage.exists(small):
            _move(path, small)


def record(arrived: Received, *, at: datetime) -> StoredFile:
    """Return the row of these bytes, held until the transaction ends; in it alone, and after `put`."""
    row, _ = StoredFile.objects.get_or_create(
        sha256=arrived.sha256,
        defaults={
            "size_bytes": arrived.size_bytes,
            "content_type": arrived.known.format.content_type,
            "width_px": arrived.known.width_px,
            "height_px": arrived.known.height_px,
            "stored_at": at,
        },
    )
    return StoredFile.objects.select_for_update().get(pk=row.pk)


def _write(chunks: Iterable[bytes], path: Path, where: str, limits: Limits) -> tuple[str, int]:
    """Write the bytes out to the disk; return their SHA-256 and how many there are."""
    hashed, size_bytes = hashlib.sha256(), 0
    with path.open("xb") as file:
        for chunk in chunks:
            size_bytes += len(chunk)
            if size_bytes > limits.size_bytes:
                raise fault.Refused([files.too_large(where, limits)])
            hashed.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return hashed.hexdigest(), size_bytes


def _look(path: Path, size_bytes: int, where: str, limits: Limits) -> Known | Fault:
    if size_bytes == 0:  # nothing cannot be mapped
        return files.identify(b"", name=where, limits=limits)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return files.identify(data, name=where, limits=limits)


def _drawn(arrived: Received, folder: Path, limits: Limits) -> Received:
    """Return a photograph with what was drawn of it and its size the right way up.

    Microscopes write TIFF in forms that no other program draws: such a file is kept as data.
    """
    form = arrived.known.format
    made = thumbnails.draw_again(
        arrived.path, content_type=form.content_type, folder=folder, pixels_most=limits.pixels
    )
    if made:
        known = Known(form, made.width_px, made.height_px)
        return replace(arrived, known=known, drawn=made.files)
    if form is files.TIFF:
        return replace(arrived, known=Known(replace(form, kind=Kind.DATA)))
    raise fault.Refused([fault.of(arrived.name, "cannot be drawn: the picture in it is damaged, or too much to decode",
                                  "open it in an image program and save it again")])  # fmt: skip


def _move(path: Path, name: str) -> None:
    """Move a temporary file in its place: in one step in a folder, and as one object elsewhere."""
    with path.open("rb") as file:
        default_storage.save(name, _Moved(file, path))
    if isinstance(default_storage, FileSystemStorage):
        # The file was flushed; that it is in this folder is known to the disk only now.
        folder = os.open(Path(default_storage.path(name)).parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class _Moved(File):
    """A temporary file as Django's storages take it."""

    def __init__(self, file: object, path: Path) -> None:
        super().__init__(file, name=path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        return str(self._path)


# -- whether all is well -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with the bytes that are kept: each by its name in the store."""

    kept: int
    missing: tuple[str, ...]
    altered: tuple[str, ...]
    orphans: tuple[str, ...]
    drawn_again: int


def check(*, at: datetime) -> Found:
    """Read every file that a row names and hash it; draw small pictures again that are lost; look for orphans."""
    missing, altered, drawn_again, kept = [], [], 0, 0
    for row in StoredFile.objects.order_by("sha256").iterator():
        name = queries.files.path_of(row.sha256)
        kept += 1
        if not default_storage.exists(name):
            missing.append(name)
        elif _hash(name) != row.sha256:
            altered.append(name)
        elif row.width_px and not all(map(default_storage.exists, _smalls(row.sha256))):
            drawn_again += _draw_again(row, name)
    return Found(kept, tuple(missing), tuple(altered), tuple(_orphans(at)), drawn_again)


def remove_orphans(*, at: datetime) -> tuple[str, ...]:
    """Delete the files that no row names and that are older than a day, and what was left in the temporary folder."""
    gone = []
    for name in _orphans(at):
        # Looked at once more: somebody may have attached these very bytes meanwhile.
        if default_storage.get_modified_time(name) < at - ORPHAN_AGE and not _is_named(name):
            default_storage.delete(name)
            gone.append(name)
    incoming = instance.incoming(settings.HOME)
    for folder in incoming.iterdir() if incoming.is_dir() else ():
        if folder.stat().st_mtime < (at - ORPHAN_AGE).timestamp():
            shutil.rmtree(folder)
    return tuple(gone)


def remove(sha256: str) -> None:
    """Delete the bytes of a file that no row names any more, and what was drawn of it, without waiting for a day."""
    name = queries.files.path_of(sha256)
    if not _is_named(name):
        for each in (name, *_smalls(sha256)):
            default_storage.delete(each)


def _orphans(at: datetime) -> Iterator[str]:
    named = set(StoredFile.objects.values_list("sha256", flat=True))
    for name in _names(""):
        is_old = default_storage.get_modified_time(name) < at - ORPHAN_AGE
        if queries.files.sha256_in(name) not in named and is_old:
            yield name


def _is_named(name: str) -> bool:
    return StoredFile.objects.filter(sha256=queries.files.sha256_in(name) or "").exists()


def _names(folder: str) -> Iterator[str]:
    """Yield the name of every file in the store that has the form of ours."""
    folders, names = default_storage.listdir(folder) if _is_folder(folder) else ([], [])
    for name in sorted(names):
        path = f"{folder}/{name}" if folder else name
        if queries.files.sha256_in(path):
            yield path
    for each in sorted(folders):
        yield from _names(f"{folder}/{each}" if folder else each)


def _is_folder(name: str) -> bool:
    """Return whether files of ours may be in it: two signs of a hash, or the small pictures."""
    parts = [part for part in name.split("/") if part]
    if parts[:1] == ["small"]:
        parts = parts[1:]
    return not parts or (len(parts) == 1 and len(parts[0]) == 2)


def _hash(name: str) -> str:
    hashed = hashlib.sha256()
    with default_storage.open(name, "rb") as file:
        while piece := file.read(_PIECE_BYTES):
            hashed.update(piece)
    return hashed.hexdigest()


def _smalls(sha256: str) -> tuple[str, ...]:
    return tuple(queries.files.small_path_of(sha256, width) for width in thumbnails.WIDTHS_PX)


def _draw_again(row: StoredFile, name: str) -> int:
    with default_storage.open(name, "rb") as file, receive(
        iter(lambda: file.read(_PIECE_BYTES), b""),
        name=row.sha256,
        limits=replace(settings.FILES, size_bytes=row.size_bytes),
    ) as arrived:  # fmt: skip
        put(arrived)
    return 1
