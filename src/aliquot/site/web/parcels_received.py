"""A parcel is confirmed by whoever receives it, through a link that works once and without an account; on a phone first.

Who has the link sees what is in the parcel and how it was sealed, and nothing else. Opening it writes nothing: programs that
look ahead follow links too. A link that was used or is over is answered kindly, and tells nothing.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from aliquot.fault import Fault, Refused
from aliquot.site import queries
from aliquot.site.models import ParcelLink
from aliquot.site.operations import parcel_links
from aliquot.site.uploads import Bounded
from aliquot.site.web import loans_ways
from aliquot.site.web.parcels_forms import ReceiverForm, opened


class FromReceiver(Bounded):
    """Lets somebody send a photograph who has no account and came by a link that works."""

    def _is_expected(self) -> bool:
        return True


@never_cache
@csrf_exempt  # only until the link is known: files are looked at before the form is, and a stranger may send none
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Look whether the link works before anything of the form is read."""
    link = queries.parcels.by_token(token, at=timezone.now())
    if link is None or link.parcel.state not in ("packed", "on the way"):
        return render(request, "parcels/link_over.html", status=410)
    if request.method == "POST":
        request.upload_handlers = [FromReceiver(request), TemporaryFileUploadHandler(request)]
    return _confirm(request, link, token)


@csrf_protect
def _confirm(request: HttpRequest, link: ParcelLink, token: str) -> HttpResponse:
    parcel = link.parcel
    if parcel.state == "packed":
        return render(request, "parcels/not_sent.html", {"parcel": parcel})
    form = ReceiverForm(request.POST or None, request.FILES or None, about=parcel)
    faults: list[Any] = []
    if request.method == "POST" and form.is_valid():
        stands = _done(form, link, token)
        if not stands:
            return render(request, "parcels/confirmed.html", {"parcel": parcel, "told": form.cleaned_data})
        faults = loans_ways.beside(form, stands)
    status = 422 if faults or form.errors else 200
    context = {"form": form, "faults": faults, "parcel": parcel, "items": form.items}
    return render(request, "parcels/confirm.html", context, status=status)


def _done(form: ReceiverForm, link: ParcelLink, token: str) -> tuple[Fault, ...]:
    """Confirm with the photograph that was sent; return what stands against it."""
    sent = form.cleaned_data["photograph"]
    try:
        with ExitStack() as stack:
            photographs = [stack.enter_context(loans_ways.kept(sent))] if sent else []
            told = opened(link.parcel, form.cleaned_data)
            parcel_links.confirm(link.parcel, told, token=token, photographs=photographs, at=timezone.now())
    except Refused as refused:
        return refused.faults
    return ()
