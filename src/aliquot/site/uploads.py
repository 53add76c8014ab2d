"""How much of what is sent reaches the disk? One byte more of a file than may be kept; of a stranger's file nothing.

A form's files are read before any view is asked, for a form to any page and by anybody. What is cut off here is
refused by its size afterwards, in a sentence.
"""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class Bounded(FileUploadHandler):
    """Stands before Django's handlers and hands on no more than a file may have."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        most = settings.FILES.size_bytes + 1 if self._is_expected() else 0
        return raw_data[: max(0, most - start)] or None

    def file_complete(self, file_size: int) -> UploadedFile | None:  # noqa: ARG002 - Django's signature
        return None  # the handlers after this one have the file

    def _is_expected(self) -> bool:
        """Return whether somebody sends it who is signed in, or a program that says who it is."""
        person = getattr(self.request, "user", None)
        return bool(person and person.is_authenticated) or "Authorization" in self.request.headers
