"""Files on a request: put there, taken away, handed out to those who may see the request and to nobody else.

Bytes come in through `storage`, which looks at what they are; they leave as `files` lets originals leave: to be saved, in a
sandbox. Nothing of a request is ever shown as a picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import fault
from aliquot.fault import Refused
from aliquot.site import permissions, queries, uploads
from aliquot.site.models import Person, Request, RequestFile
from aliquot.site.operations import programs, request_files, storage
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.web import acting, files

AT_ONCE_MOST = 20


@dataclass(frozen=True, slots=True)
class Item:
    """A file as the page shows it; `is_submitted` once a receipt names it."""

    row: RequestFile
    href: str
    is_submitted: bool


def card(found: Request, person: Person, *, at: datetime) -> dict[str, object]:
    """Return what `requests/_files.html` shows to one of the authors."""
    submitted = {one.pk for one in queries.requests.submitted_files(found)}
    rows = queries.requests.files(found)
    return {
        "items": [_item(found, row, submitted) for row in rows],
        "may_change": not request_files.closed(found, person, at),
        "is_submitted": found.submitted_at is not None,
        "attach_href": reverse("request-files", args=[found.key]),
        "most_mb": settings.FILES.size_bytes // 2**20,
    }


def _item(found: Request, row: RequestFile, submitted: Iterable[int]) -> Item:
    return Item(row, reverse("request-file", args=[found.key, row.key]), row.pk in submitted)


def submitted(found: Request) -> list[Item]:
    """Return what others than the authors see: the files that the newest receipt names."""
    rows = queries.requests.submitted_files(found)
    return [_item(found, row, {row.pk}) for row in rows]


@require_safe
@login_required
def download(request: HttpRequest, key: str, file: str) -> HttpResponse:
    """Hand out a file of a request, to be saved."""
    whole_field = permissions.may(request.user, Act.SEE_REQUESTS)
    found = queries.requests.readable(key, request.user, whole_field=whole_field)
    if found is None:
        raise Http404
    rows = queries.requests.submitted_files(found)
    if queries.requests.is_author(found, request.user):
        rows = (*rows, *queries.requests.files(found))
    row = next((one for one in rows if one.key == file), None)
    if row is None:
        raise Http404
    return files.private_original(request, row.file, name=row.name)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, key: str) -> HttpResponse:
    """Put files on a request, each by itself, or take one away; a script sends them one by one."""
    at = timezone.now()
    found = queries.requests.readable(key, request.user, whole_field=False)
    if found is None:
        raise Http404
    faults: list[acting.Shown] = []
    if request.method == "POST":
        faults = _act(request, found, at)
        if request.headers.get("Accept") == "application/json":
            said = " ".join(f"{one.said} {one.advice}" for one in faults)
            return JsonResponse({"said": said or _("attached")}, status=422 if faults else 201)
        if not faults:
            return redirect(f"{reverse('request-edit', args=[key])}#s-files")
    context = {
        "request_row": found,
        "files": card(found, request.user, at=at),
        "faults": faults,
        "crumbs": [
            {"label": _("My requests"), "href": reverse("requests")},
            {"label": found.title or _("Untitled"), "href": reverse("request", args=[key])},
            {"label": _("Files")},
        ],
    }
    return render(request, "requests/files.html", context, status=422 if faults else 200)


def _act(request: HttpRequest, found: Request, at: datetime) -> list[acting.Shown]:
    if request.POST.get("remove"):
        done = acting.once(request, lambda: _removed(request, found, at))
        return [] if isinstance(done, dict) else done
    sent = request.FILES.getlist("files")
    if not sent:
        return acting.shown([fault.of("files", "no file was chosen", "choose one or more")])
    beyond = [fault.of("files", "{count} files were not looked at: more than {most} came at once", "send those again",
                       count=len(sent) - AT_ONCE_MOST, most=AT_ONCE_MOST)] if len(sent) > AT_ONCE_MOST else []  # fmt: skip
    tried = [one for file in sent[:AT_ONCE_MOST] for one in _try(request, found, file, at)]
    return [*tried, *acting.shown(beyond)]


def _removed(request: HttpRequest, found: Request, at: datetime) -> Body:
    row = request_files.remove(found, request.POST["remove"][:60], by=request.user, at=at)
    return {"key": row.key}


def _try(request: HttpRequest, found: Request, file: UploadedFile, at: datetime) -> list[acting.Shown]:
    """Attach one file, once for this form; return what stands against it."""
    try:
        with storage.receive(uploads.chunks(file), name=file.name or "", limits=settings.FILES) as arrived:

            def act() -> Body:
                return {"key": request_files.attach(found, arrived, by=request.user, at=at).key}

            key = request.POST.get(acting.KEY, "")
            asked = [arrived.sha256, arrived.name, request.path]
            programs.once(request.user, key and f"{key[:40]}:{arrived.sha256[:32]}", asked, act, at=at)
    except Refused as refused:
        return acting.shown(refused.faults)
    return []
