"""Puts styles, scripts and pictures where the server hands them out: named by their contents, and compressed.

Done when a server starts and the files have changed since; before that they are served from the package.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import Storage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

import aliquot
from aliquot.site import instance

STAMP = "gathered"


class Gathered(CompressedManifestStaticFilesStorage):
    """Compresses with gzip alone: brotli would take a minute of the first start to save a few kilobytes."""

    def create_compressor(self, **settings_of_whitenoise: object) -> Compressor:
        return Compressor(use_brotli=False, **settings_of_whitenoise)


def gather(home: Path) -> bool:
    """Make the instance's static files those of this version; return whether anything had to be done."""
    sources = dict(_sources())
    stamp = _stamp(sources)
    target = instance.static(home)
    if (target / STAMP).is_file() and (target / STAMP).read_text() == stamp:
        return False
    building = Path(tempfile.mkdtemp(prefix=".static-", dir=home))
    try:
        _fill(building, sources)
        (building / STAMP).write_text(stamp)
        shutil.rmtree(target, ignore_errors=True)
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return True


def _sources() -> Iterator[tuple[str, tuple[Storage, str]]]:
    """Yield each file that any part brings, under the name it is asked for by; the first of a name counts."""
    seen = set()
    for finder in get_finders():
        for path, storage in finder.list([]):
            if path not in seen:
                seen.add(path)
                yield path, (storage, path)


def _stamp(sources: dict[str, tuple[Storage, str]]) -> str:
    digest = hashlib.sha256(aliquot.__version__.encode())
    for name, (storage, path) in sorted(sources.items()):
        state = Path(storage.path(path)).stat()
        digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _fill(folder: Path, sources: dict[str, tuple[Storage, str]]) -> None:
    for name, (storage, path) in sources.items():
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(storage.path(path), copy)
    gathered = Gathered(location=folder, base_url=settings.STATIC_URL)
    made_of = {name: (gathered, name) for name in sources}
    for _name, _hashed, outcome in gathered.post_process(made_of):
        if isinstance(outcome, Exception):
            raise outcome  # a style that names a picture which is not there: our mistake
