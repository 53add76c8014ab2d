"""The reading desk in the browser: articles in, their claims and what the register knows of them out.

Everybody may ask. Nothing is stored, unless somebody who is signed in keeps a reading for themselves; a file that holds what
is shown is made from the texts that the page itself carries.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import fault
from aliquot.fault import Fault, Refused
from aliquot.reading.desk import Reading
from aliquot.site import articles, reading_rate, uploads
from aliquot.site.articles import Sent
from aliquot.site.models import KeptReading
from aliquot.site.operations import readings as operations
from aliquot.site.queries import readings as reads
from aliquot.site.queries.register import in_force, named
from aliquot.site.web import acting, reading_cited, reading_files, reading_shown
from aliquot.site.web.acting import Body
from aliquot.site.web.reading_shown import ArticleShown

FILES_MOST: Final = 10
NAME_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read, and what is wrong with how it was sent."""

    files: tuple[Sent, ...] = ()
    faults: tuple[Fault, ...] = ()
    text: str = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest) -> HttpResponse:
    """Show the form; read what is sent, and show it, hand it over as a file, or keep it for its reader."""
    if request.method != "POST":
        return _page(request, Asked())
    if reading_rate.is_too_often(request, request.user if request.user.is_authenticated else None):
        often = fault.of("text", "too many articles were sent from here", "wait ten minutes")
        return _page(request, Asked(text=request.POST.get("text", "")), faults=[often], status=429)
    with in_force.seen():
        return _read(request, _asked(request))


def _read(request: HttpRequest, asked: Asked) -> HttpResponse:
    found, record = articles.read(asked.files, named.beside)
    readings = [one for one in found if isinstance(one, Reading)]
    faults = [*asked.faults, *(one for one in found if isinstance(one, Fault))]
    wanted = request.POST.get("as", "read")
    if wanted in reading_files.FORMS and readings:
        return reading_files.answer(readings, wanted)
    if wanted == "keep" and readings and request.user.is_authenticated:
        kept = _keep(request, readings)
        if isinstance(kept, HttpResponse):
            return kept
        faults += kept
    shown = reading_shown.articles(record, readings)
    if wanted in reading_cited.FORMS and readings:
        return reading_cited.answer(request, shown, wanted)
    return _page(request, asked, readings=readings, shown=shown, faults=faults)


def _page(
    request: HttpRequest,
    asked: Asked,
    *,
    readings: Sequence[Reading] = (),
    shown: Sequence[ArticleShown] = (),
    faults: Sequence[Fault] = (),
    status: int = 0,
) -> HttpResponse:
    context = {
        "articles": shown,
        "faults": acting.shown(faults),
        "counts": reading_shown.counts(claim for one in shown for claim in one.claims),
        "text": asked.text,
        "again": json.dumps([_carried(one) for one in readings]) if readings else "",
        "cited": reading_cited.sentence(request) if readings else "",
        "files_most": FILES_MOST,
        "chars_most": f"{articles.CHARS_MOST:,}",
        "kept": reads.of(request.user)[: reads.SHOWN_MOST] if request.user.is_authenticated else [],
        "crumbs": [{"label": _("Reading desk")}],
    }
    return render(
        request, "reading/read.html", context, status=status or (422 if faults and not readings else 200)
    )


def _carried(one: Reading) -> dict[str, object]:
    """Return a text as the page carries it, so that it can be read again without being sent again."""
    document = one.document
    day = document.day.isoformat() if document.day else ""
    return {"name": document.name, "text": document.text, "plain": document.is_plain, "day": day}


# -- what was sent -----------------------------------------------------------------------------------------


def _asked(request: HttpRequest) -> Asked:
    again = request.POST.get("again", "")
    if again:
        return _again(again)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    given = request.FILES.getlist("files")
    if len(given) > FILES_MOST:
        return Asked(text=text, faults=(_too_many(),))
    faults: list[Fault] = []
    files = [Sent(_("Pasted text"), text.encode("utf-8", "replace"))] if text.strip() else []
    for one in given:
        content = _content(one)
        if isinstance(content, Fault):
            faults.append(content)
        else:
            files.append(Sent(_name(one), content))
    if not files and not faults:
        faults.append(fault.of("text", "there is nothing to read", "paste a text, or choose files"))
    return Asked(tuple(files), tuple(faults), text)


def _name(one: UploadedFile) -> str:
    return fault.seen((one.name or _("file"))[-NAME_MOST:])


def _content(one: UploadedFile) -> bytes | Fault:
    try:
        return b"".join(uploads.chunks(one))
    except Refused as refused:
        return refused.faults[0]


def _too_many() -> Fault:
    return fault.of("files", "there are more than {most} files", "send them in several goes", most=FILES_MOST)


def _again(given: str) -> Asked:
    """Return the texts that a page carried; its visitor may have changed anything in them."""
    bad = Asked(faults=(fault.of("text", "these texts cannot be read again", "send them anew"),))
    try:
        carried = json.loads(given)
        files = [_sent(one) for one in carried[: FILES_MOST + 1]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return bad
    return Asked(tuple(files)) if files else bad


def _sent(one: dict[str, Any]) -> Sent:
    day = date.fromisoformat(one["day"]) if one["day"] else None
    name = fault.seen(str(one["name"])[:NAME_MOST])
    return Sent(
        name, one["text"].encode("utf-8", "replace"), is_text=True, is_plain=one["plain"] is True, day=day
    )


# -- readings that are kept ----------------------------------------------------------------------------------


def _keep(request: HttpRequest, readings: Sequence[Reading]) -> HttpResponse | list[Fault]:
    def act() -> Body:
        with_text, at = request.POST.get("with_text") == "on", timezone.now()
        rows = [operations.keep(one, with_text=with_text, by=request.user, at=at) for one in readings]
        return {
            "to": reverse("kept-reading", args=[rows[0].key]) if len(rows) == 1 else reverse("kept-readings")
        }

    done = acting.attempt(request, act)
    return redirect(str(done["to"])) if isinstance(done, dict) else list(done)


@require_safe
@never_cache
@login_required
def readings(request: HttpRequest) -> HttpResponse:
    """Show the readings that one keeps, newest first."""
    context = {
        "kept": reads.of(request.user),
        "crumbs": [{"label": _("Reading desk"), "href": reverse("read")}, {"label": _("Kept readings")}],
    }
    return render(request, "reading/readings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def reading(request: HttpRequest, key: str) -> HttpResponse:
    """Show a reading that one keeps, or forget it."""
    row = _own(request, key)
    if request.method == "POST":
        acting.once(request, lambda: _forgotten(row))
        messages.success(request, _("The reading is forgotten."))
        return redirect("kept-readings")
    with in_force.seen():
        article = reading_shown.kept(named.of(*reading_shown.names(row)), row)
    context = {
        "row": row,
        "articles": [article],
        "counts": article.counts,
        "crumbs": [
            {"label": _("Reading desk"), "href": reverse("read")},
            {"label": _("Kept readings"), "href": reverse("kept-readings")},
            {"label": row.name},
        ],
    }
    return render(request, "reading/reading.html", context)


def _forgotten(row: KeptReading) -> Body:
    operations.forget(row)
    return {}


def _own(request: HttpRequest, key: str) -> KeptReading:
    """Return one's own reading of this key; of others' nobody is told that they are there."""
    row = reads.one(request.user, key)
    if row is None:
        raise Http404
    return row


@require_safe
@never_cache
@login_required
def reading_file(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """Hand over a reading that one keeps, as JSON or CSV."""
    return reading_files.kept(_own(request, key), form)
