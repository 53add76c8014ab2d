"""Photographs and documents for programs: attach one, and list what is on a thing. With a token."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import File, Path, Router, UploadedFile

from aliquot.site import permissions, queries, uploads
from aliquot.site.api import writing
from aliquot.site.api.answers import missing
from aliquot.site.api.shapes.files import AttachmentShape, AttachmentsShape
from aliquot.site.models import Person
from aliquot.site.operations import files, storage
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.files import Sees, Shown, Thing

router = Router(tags=["Photographs and documents"])
EVERYTHING = Sees(all=True, incidents=True)
On = Annotated[str, Path(max_length=20, description="sample, handling, place or incident.")]
Which = Annotated[str, Path(min_length=1, max_length=200, description="Number, key or id of that thing.")]


@router.get(
    "/attachments/{on}/{path:which}",
    **writing.documented(AttachmentsShape, "attachments", "What is attached to a thing", status=200),
)
def attachments(request: HttpRequest, on: On, which: Which) -> HttpResponse:
    """Photographs, documents and data on a sample, a handling, a place or an incident, newest first. For staff."""

    def found() -> Body:
        shown = queries.files.on(_thing(on, which), EVERYTHING)
        return {"items": [_body(one) for one in shown if one.kept and not one.kept.removed_at]}

    return writing.shown(request, found, act=Act.SEE_FILES)


@router.post(
    "/attachments/{on}/{path:which}",
    **writing.documented(AttachmentShape, "attach", "Attach a file"),
)
def attach(
    request: HttpRequest,
    on: On,
    which: Which,
    file: Annotated[UploadedFile, File(description="One file, as multipart/form-data.")],
    key: writing.Key = None,
) -> HttpResponse:
    """Attach one file to a sample, a handling, a place or an incident. The scope is `files`.

    What it is, its bytes say; what could run, is two things at once or unpacks to too much is refused.
    """
    if not permissions.may(request.auth.person, Act.KEEP_FILES):
        return writing.answer(request, key, {}, lambda *_: {}, scope="files", act=Act.KEEP_FILES)
    thing = _thing(on, which)
    with storage.receive(uploads.chunks(file), name=file.name or "", limits=settings.FILES) as arrived:

        def act(person: Person, at: datetime) -> Body:
            made = files.attach(arrived, thing, by=person.key, at=at)
            shown = queries.files.one(made.key, EVERYTHING)
            return _body(shown) if shown else {}

        asked = {"name": arrived.name, "sha256": arrived.sha256}
        return writing.answer(request, key, asked, act, scope="files", act=Act.KEEP_FILES)


def _thing(on: str, which: str) -> Thing:
    found = queries.files.thing(on, which)
    if found is None:
        raise missing("which", "there is no {on} {which}", "check what the address names", on=on, which=which)
    return found


def _body(one: Shown) -> Body:
    return {
        "key": one.key,
        "kind": one.kind,
        "name": one.name,
        "sha256": one.sha256,
        "content_type": one.content_type,
        "size_bytes": one.size_bytes,
        "width_px": one.width_px,
        "height_px": one.height_px,
        "alternative": {"en": one.alternative.en, "zh": one.alternative.zh},
        "um_per_px": None if one.um_per_px is None else f"{one.um_per_px.normalize():f}",
        "instrument": one.instrument_key or None,
        "taken_at": one.taken_at.isoformat() if one.taken_at else None,
        "credit": one.credit,
        "published": bool(one.kept and one.kept.is_published),
    }
