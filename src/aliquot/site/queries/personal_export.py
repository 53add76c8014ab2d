"""All that is known here of somebody, as one document and their files: for themselves, and for a director on their behalf.

Rows are given as they are kept, those that are theirs and those in which they did something; secrets, and what was kept of them as a
hash alone, are left out. Of others' texts that name them it is said where and how many, for these texts are others'.
"""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from aliquot.site.models import (
    LetterText,
    Person,
    Receipt,
    Request,
    RequestFile,
    RequestStep,
    RequestVersion,
    StoredFile,
)
from aliquot.site.queries import decisions, files
from aliquot.site.queries import personal_data as reads

Row = dict[str, object]
_PIECE_BYTES = 2**20


def document(person: Person, *, at: datetime) -> dict[str, object]:
    """Return everything, as JSON can hold it."""
    return {
        "of": person.key,
        "at": at,
        "person": _row(person),
        "roles": [_row(one) for one in person.grants.order_by("granted_at")],
        "requests": [_request(one) for one in Request.objects.filter(lead=person).order_by("pk")],
        "rows": {model._meta.db_table: [_row(one) for one in rows.iterator()] for model, rows in reads.touched(person)
                 if rows.exists()},
        "named_in": dict(sorted(Counter(one.table for one in reads.mentions(reads.named(person))).items())),
        "in_the_ledger": f"entries of the public ledger name {person.key} where they acted; see ledger/book.txt",
    }  # fmt: skip


def _row(row: models.Model) -> Row:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in reads.SECRET
    }


def _request(request: Request) -> Row:
    """Return a request that somebody leads, with what its applicant may read: decisions once they are told."""
    steps = RequestStep.objects.filter(request=request).values("order", "act", "target", "reason", "at")
    told = [
        {"level": one.level, "outcome": one.outcome.value, "granted_ng": list(one.granted_ng), "reasons": one.reasons,
         "conditions": list(one.conditions)}
        for one in decisions.shown_to_applicant(request)
    ]  # fmt: skip
    return {
        "request": _row(request),
        "versions": [_row(one) for one in RequestVersion.objects.filter(request=request)],
        "receipts": [_row(one) for one in Receipt.objects.filter(request=request)],
        "steps": list(steps.order_by("order")),
        "decisions": told,
        "letters": [_row(one) for one in LetterText.objects.filter(letter__request=request)],
        "files": [f"files/{name}" for name, _ in _files_of(RequestFile.objects.filter(request=request))],
    }


def stored(person: Person) -> Iterator[tuple[str, StoredFile]]:
    """Yield the files of the requests that somebody leads, each with its name in the archive."""
    yield from _files_of(RequestFile.objects.filter(request__lead=person))


def _files_of(rows: models.QuerySet[RequestFile]) -> Iterator[tuple[str, StoredFile]]:
    for row in rows.select_related("file").order_by("pk"):
        yield f"{row.pk}-{row.name}".replace("/", "_"), row.file


def write(person: Person, target: IO[bytes], *, at: datetime) -> None:
    """Write everything into an archive: `person.json`, and the files under `files/`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(document(person, at=at), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        archive.writestr("person.json", text)
        for name, row in stored(person):
            path = files.path_of(row.sha256)
            with default_storage.open(path, "rb") as source, archive.open(f"files/{name}", "w") as member:
                while piece := source.read(_PIECE_BYTES):
                    member.write(piece)
