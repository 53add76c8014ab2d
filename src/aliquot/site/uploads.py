"""How much of what is sent reaches the disk? No more of a file than may be kept, and of a stranger's file nothing.

A form's files are read before any view is asked, for a form to any page and by anybody. The reading desk alone takes files
from strangers, small ones, and keeps none. A file that is too large is
never handed on in part: whoever takes it through `chunks` refuses it with a sentence, whoever just reads it gets a 400.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from aliquot import fault, files

FOR_STRANGERS: Final = "/read/"
STRANGERS_BYTES: Final = 5_000_000  # of one article


class TooLarge(UploadedFile):
    """Stands for a file of which no more was read than may be; there is nothing to read in it."""

    def __init__(self, name: str, size_bytes: int) -> None:
        super().__init__(io.BytesIO(), name=name, size=size_bytes)

    def read(self, *_: object) -> NoReturn:
        raise RequestDataTooBig("a file is larger than may be kept")

    def chunks(self, chunk_size: int | None = None) -> NoReturn:  # noqa: ARG002 - Django's signature
        self.read()

    def __iter__(self) -> NoReturn:
        self.read()


class Bounded(FileUploadHandler):
    """Stands before Django's handlers and hands on no more than a file may have."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data[: max(0, self._most() - start)] or None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Return what stands for a file that is too large; None where the handlers after this one have all of it."""
        return TooLarge(self.file_name or "file", file_size) if file_size > self._most() else None

    def _most(self) -> int:
        if self._is_expected():
            return settings.FILES.size_bytes
        return STRANGERS_BYTES if self.request.path.endswith(FOR_STRANGERS) else 0

    def _is_expected(self) -> bool:
        """Return whether somebody sends it who is signed in, or a program that says who it is."""
        person = getattr(self.request, "user", None)
        return bool(person and person.is_authenticated) or "Authorization" in self.request.headers


def chunks(file: UploadedFile) -> Iterator[bytes]:
    """Yield what is in a file that was sent; raise `Refused` for one that is too large."""
    if isinstance(file, TooLarge):
        raise fault.Refused([files.too_large(files.plain_name(file.name or ""), settings.FILES)])
    yield from file.chunks()
