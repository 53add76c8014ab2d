"""The receipt of a submission: a page, a paper, and the very bytes whose SHA-256 it states."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import fault, requests
from aliquot.site import documents, permissions, queries
from aliquot.site.models import Receipt, ReceiptFile, Request
from aliquot.site.permissions import Act
from aliquot.site.web import acting, call_shown


@dataclass(frozen=True, slots=True)
class Shown:
    """A receipt with all that it states, and whether its text is still the one that was hashed."""

    request: Request
    receipt: Receipt
    number: int
    of: int
    at: call_shown.When
    files: tuple[ReceiptFile, ...]
    text: str
    is_whole: bool


def _shown(request: HttpRequest, key: str, version: int) -> Shown:
    """Return the receipt of that version; 404 to whoever may not see the request."""
    whole_field = permissions.may(request.user, Act.SEE_REQUESTS)
    found = queries.requests.readable(key, request.user, whole_field=whole_field)
    every = list(found.receipts.select_related("version", "by")) if found else []
    number = next((i for i, one in enumerate(every, 1) if one.version.order == version), 0)
    if found is None or not number:
        raise Http404
    held = every[number - 1]
    files = tuple(held.files.select_related("file__file"))
    text = requests.receipt_text(
        held.version.told, call_sha256=held.call_sha256, request=found.key, version=version, at=held.at,
        files=[requests.Enclosed(one.file.name, one.file.file.sha256) for one in files],
    )  # fmt: skip
    sha256 = requests.receipt_of(text)
    zone = queries.calls.value(found.call).zone
    return Shown(
        found, held, number, len(every), call_shown.when(held.at, zone), files, text, sha256 == held.sha256
    )


@require_safe
@login_required
def receipt(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Show a receipt and how its hash is computed again."""
    shown = _shown(request, key, version)
    context = {
        "shown": shown,
        "command": f"sha256sum receipt-{shown.request.key}-{version}.json",
        "can_print": not documents.lacking(),
        "is_author": queries.requests.is_author(shown.request, request.user),
        "crumbs": [
            {"label": _("My requests"), "href": reverse("requests")},
            {"label": shown.request.title or _("Untitled"), "href": reverse("request", args=[key])},
            {"label": _("Receipt")},
        ],
    }
    return render(request, "requests/receipt.html", context)


@require_safe
@login_required
def receipt_text(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Hand out the bytes whose hash the receipt states."""
    shown = _shown(request, key, version)
    answer = HttpResponse(shown.text.encode(), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{shown.request.key}-{version}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@login_required
def receipt_paper(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Print a receipt."""
    shown = _shown(request, key, version)
    try:
        body = documents.render("requests/receipt_paper.html", {"shown": shown, "request": request})
    except fault.Refused as refused:
        context = {"faults": acting.shown(refused.faults)}
        return render(request, "audits/no_print.html", context, status=503)
    answer = HttpResponse(body, content_type=documents.CONTENT_TYPE)
    answer["Content-Disposition"] = f'inline; filename="receipt-{shown.request.key}-{version}.pdf"'
    return answer
