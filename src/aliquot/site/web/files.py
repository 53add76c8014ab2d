"""The bytes of photographs and documents: originals to be saved, never shown; small pictures that were drawn here.

An original is what somebody uploaded. It leaves as an attachment, of the type that its bytes have, in a sandbox, so that
no browser runs it in this site's name. What one may not see is not there: 404, whether it exists or not.
"""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe
from structlog import get_logger

from aliquot.site import permissions, queries, thumbnails
from aliquot.site.models import StoredFile
from aliquot.site.permissions import Act, Somebody
from aliquot.site.queries.files import Sees

PUBLIC = "public, max-age=300"
PRIVATE = "private, no-cache"
log = get_logger("aliquot.files")


def sees_of(person: Somebody) -> Sees:
    """Return what somebody may see besides what is published."""
    acts = permissions.acts_of(person)
    return Sees(all=Act.SEE_FILES in acts, incidents=Act.SEE_INCIDENTS in acts)


@require_safe
def original(request: HttpRequest, sha256: str, name: str) -> HttpResponse:
    """Hand out a file as it was uploaded, to be saved."""
    found = queries.files.original(sha256, name, sees_of(request.user))
    if found is None:
        raise Http404
    path, etag = queries.files.path_of(sha256), sha256
    return _answer(request, path, etag, found.content_type, name=found.name, is_public=found.is_public)


@require_safe
def thumbnail(request: HttpRequest, sha256: str, width_px: int) -> HttpResponse:
    """Show a photograph at one of the widths at which it was drawn again."""
    found = queries.files.original(sha256, None, sees_of(request.user))
    if found is None or found.content_type not in thumbnails.FORMATS or width_px not in thumbnails.WIDTHS_PX:
        raise Http404
    path, etag = queries.files.small_path_of(sha256, width_px), f"{sha256}-{width_px}"
    return _answer(request, path, etag, "image/webp", is_public=found.is_public)


def private_original(request: HttpRequest, file: StoredFile, *, name: str) -> HttpResponse:
    """Hand out a file to somebody of whom the caller knows that they may have it, to be saved."""
    path = queries.files.path_of(file.sha256)
    return _answer(request, path, file.sha256, file.content_type, name=name, is_public=False)


def private_thumbnail(request: HttpRequest, file: StoredFile) -> HttpResponse:
    """Show what was drawn of a photograph to somebody of whom the caller knows that they may see it."""
    if file.content_type not in thumbnails.FORMATS:
        raise Http404
    path = queries.files.small_path_of(file.sha256, thumbnails.WIDTHS_PX[-1])
    return _answer(request, path, f"{file.sha256}-small", "image/webp", is_public=False)


def _answer(
    request: HttpRequest, path: str, etag: str, content_type: str, *, name: str = "", is_public: bool
) -> HttpResponse:
    """Return the bytes; with a name to be saved under it, without one to be shown."""
    response = get_conditional_response(request, etag=quote_etag(etag))
    if response is None:
        try:
            file = default_storage.open(path, "rb")
        except FileNotFoundError:
            log.error("bytes are missing", path=path)  # noqa: TRY400 - that it is not there is all there is to say
            raise Http404 from None
        response = FileResponse(file, as_attachment=bool(name), filename=name, content_type=content_type)
    response["ETag"] = quote_etag(etag)
    response["Cache-Control"] = PUBLIC if is_public else PRIVATE
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
