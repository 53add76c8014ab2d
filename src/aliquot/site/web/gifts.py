"""Gifts, donations, transfers, exchanges, deposits: what changed hands, each with its receipt that verifies offline.

Anybody sees what is published of them: a deed that names a sample which is not published is there for staff alone, and so
are notes and who recorded it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import fault
from aliquot.site import documents, loan_words, permissions, queries
from aliquot.site.models import Deed
from aliquot.site.operations import deeds as operations
from aliquot.site.permissions import Act
from aliquot.site.web import acting
from aliquot.site.web import forms as boxes
from aliquot.site.web.samples import cited


@dataclass(frozen=True, slots=True)
class Row:
    """A deed as a list and a page show it."""

    deed: Deed
    kind: object
    way: object
    when: str
    mass_ng: int | None
    samples: tuple[Any, ...]


def sees_all(request: HttpRequest) -> bool:
    """Whether the reader sees every deed with all that is told of it."""
    return permissions.may(request.user, Act.SEE_LOANS)


def crumbs(request: HttpRequest, *more: dict[str, object]) -> list[dict[str, object]]:
    """Return the way to a page on what changed hands."""
    desk = [{"label": _("Desk"), "href": reverse("desk")}] if sees_all(request) else []
    return [*desk, {"label": _("Gifts and exchanges"), "href": reverse("gifts")}, *more]


def row(deed: Deed) -> Row:
    """Return a deed in words; its items must be at hand."""
    items = tuple(deed.items.all())
    masses = [one.mass_ng for one in items]
    known = None if None in masses else sum(masses)
    return Row(
        deed, loan_words.said("deeds", deed.kind), loan_words.said("ways", deed.way),
        queries.deeds.when(deed).show(get_language() or "en"), known, items,
    )  # fmt: skip


def found(request: HttpRequest, key: str) -> Deed:
    """Return a deed to those who may open it, one that was replaced too; 404 to others."""
    deed = queries.deeds.one(key)
    if deed is None or not (sees_all(request) or queries.deeds.public().filter(pk=deed.pk).exists()):
        raise Http404
    return deed


@require_safe
@permissions.require(Act.SEE_PUBLISHED)
def gifts(request: HttpRequest) -> HttpResponse:
    """Show what changed hands, newest first."""
    page = queries.deeds.page_of(queries.deeds.seen(sees_all=sees_all(request)), boxes.page_of(request))
    context = {
        "page": page,
        "rows": [row(one) for one in page.rows],
        "may_record": permissions.may(request.user, Act.KEEP_DEEDS),
        "crumbs": [*crumbs(request)[:-1], {"label": _("Gifts and exchanges")}],
        **boxes.paged(request, page),
    }
    return render(request, "gifts/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_PUBLISHED)
def gift(request: HttpRequest, key: str) -> HttpResponse:
    """Show one deed; those who keep deeds have its receipt signed."""
    deed, faults = found(request, key), []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.KEEP_DEEDS)
        done = acting.once(request, lambda: _sign(request, deed))
        if isinstance(done, dict):
            return redirect("gift", key=key)
        faults = done
    context = _told(request, deed) | {"faults": faults}
    return render(request, "gifts/one.html", context, status=422 if faults else 200)


def _sign(request: HttpRequest, deed: Deed) -> dict[str, object]:
    operations.sign_receipt(deed, by=request.user, at=timezone.now())
    return {"key": deed.key}


def _told(request: HttpRequest, deed: Deed) -> dict[str, object]:
    keys = tuple(deed.sources.split())
    known = cited(keys, get_language() or "en")
    named = {one["key"] if isinstance(one, dict) else one.key for one in known}
    seen = queries.deeds.seen(sees_all=sees_all(request))
    return {
        "row": row(deed),
        "deed": deed,
        "answers": row(deed.answers) if deed.answers and seen.filter(pk=deed.answers_id).exists() else None,
        "answered_by": [row(one) for one in seen.filter(answers=deed)],
        "replaced_by": getattr(deed, "replaced_by", None),
        "receipt": getattr(deed, "receipt", None),
        "entries": queries.deeds.entries(deed),
        "sources": known,
        "other_sources": [key for key in keys if key not in named],
        "can_print": not documents.lacking(),
        "sees_all": sees_all(request),
        "may_record": permissions.may(request.user, Act.KEEP_DEEDS),
        "crumbs": crumbs(request, {"label": deed.number}),
    }


@require_safe
@permissions.require(Act.SEE_PUBLISHED)
def receipt_file(request: HttpRequest, key: str) -> HttpResponse:
    """Hand over the signed receipt: what `aliquot check-receipt` verifies."""
    deed = _receipted(request, key)
    answer = HttpResponse(deed.receipt.note.encode(), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{deed.number}.txt"'
    return answer


@require_safe
@permissions.require(Act.SEE_PUBLISHED)
def receipt_paper(request: HttpRequest, key: str) -> HttpResponse:
    """Print the receipt with the signed text on it."""
    deed = _receipted(request, key)
    context = {
        "row": row(deed),
        "deed": deed,
        "receipt": deed.receipt,
        "entries": queries.deeds.entries(deed),
    }
    try:
        body = documents.render("gifts/receipt_paper.html", context)
    except fault.Refused as refused:
        return render(request, "audits/no_print.html", {"faults": acting.shown(refused.faults)}, status=503)
    answer = HttpResponse(body, content_type=documents.CONTENT_TYPE)
    answer["Content-Disposition"] = f'inline; filename="receipt-{deed.number}.pdf"'
    return answer


def _receipted(request: HttpRequest, key: str) -> Deed:
    deed = found(request, key)
    if not hasattr(deed, "receipt"):
        raise Http404(_("No receipt was signed for this yet."))
    return deed
