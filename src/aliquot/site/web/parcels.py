"""The page of a parcel: what is in it, how it left, how it arrived, its papers and transport log; and what is done with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import parcels
from aliquot.site import documents, loan_words, permissions, queries
from aliquot.site.drawings import air
from aliquot.site.drawings.air import Reading
from aliquot.site.models import LoanFile, Parcel, ParcelStep
from aliquot.site.permissions import Act
from aliquot.site.web import agreements, files, loans_shown, loans_ways, loans_words, parcels_acts

POINTS_MOST = 400
INT_MOST = 2**31 - 1
SERIES = (("temperature_c", "°C", 4), ("shock_g", "g", 2))


def found(request: HttpRequest, key: str) -> Parcel:
    """Return a parcel to those who may open it."""
    row = queries.parcels.one(key, request.user, sees_all=permissions.may(request.user, Act.SEE_LOANS))
    if row is None:
        raise Http404
    return row


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def parcel(request: HttpRequest, key: str) -> HttpResponse:
    """Show a parcel, and act on it; the words of a new link are shown on this answer and never again."""
    row = found(request, key)
    ran = loans_ways.run(request, parcels_acts.of(row, request.user), row)
    if ran.body is not None and ran.body["to"]:
        return redirect(str(ran.body["to"]))
    token = getattr(request, parcels_acts.MADE, "")
    context = page(row, request) | {
        "offered": ran.offered,
        "faults": ran.faults,
        "made": _address(request, token) if token else "",
        "was_made": ran.body is not None and not token,
    }
    return render(request, "parcels/parcel.html", context, status=ran.status)


def _address(request: HttpRequest, token: str) -> str:
    """Return the whole address of a link, which leads each reader to their own language."""
    with translation.override("en"):
        return request.build_absolute_uri(reverse("parcel-confirm", args=[token]))


def page(row: Parcel, request: HttpRequest) -> dict[str, Any]:
    """Return all that the page of a parcel shows."""
    items = list(row.items.select_related("sample").order_by("pk"))
    today = timezone.now().date()
    steps = list(row.steps.order_by("-order"))
    kept = list(row.files.select_related("file"))
    sees_all = permissions.may(request.user, Act.SEE_LOANS)
    return {
        "parcel": row,
        "items": [(item, loan_words.said("found", item.found) if item.found else "") for item in items],
        "net_ng": sum(item.mass_ng for item in items),
        "state": loan_words.said("parcel_states", row.state),
        "chip": loans_shown.PARCEL_CHIPS.get(row.state, ""),
        "is_late": parcels.is_late(state=row.state, expected_on=row.expected_on, today=today),
        "arrived": next((one for one in steps if one.act in ("confirm", "confirm damaged")), None),
        "events": _events(row, steps, request, sees_all=sees_all),
        "files": [(one, loan_words.said("files", one.kind)) for one in kept],
        "logs": [drawn(one) for one in kept if one.kind == "transport log"],
        "sees_incidents": permissions.may(request.user, Act.SEE_INCIDENTS),
        "may_print": not documents.lacking() and row.state != "unpacked",
        "places": queries.bench.lists("en")["place"]
        if permissions.may(request.user, Act.SEE_EXACT_PLACES)
        else [],
        "crumbs": agreements.crumbs(
            request,
            {"label": row.loan.number, "href": reverse("loan", args=[row.loan.key])},
            {"label": row.number},
        ),
    }


def _events(
    row: Parcel, steps: Sequence[ParcelStep], request: HttpRequest, *, sees_all: bool
) -> list[dict[str, Any]]:
    people = queries.histories.people([row.by, *(one.by for one in steps)])

    def event(act: str, by: str, at: datetime, *said: str) -> dict[str, Any]:
        who = loans_shown.who(by, people, request, sees_all=sees_all)
        return {"when": f"{at:%Y-%m-%d %H:%M}", "iso": at.isoformat(), "what": act,
                "detail": " · ".join(part for part in (who, *said) if part)}  # fmt: skip

    return [
        *(
            event(loans_words.done(one.act), one.by, one.at, one.reason, one.told.get("note", ""))
            for one in steps
        ),
        event(_("packed"), row.by, row.packed_at),
    ]


# -- the transport log -------------------------------------------------------------------------------------------


def drawn(kept: LoanFile) -> dict[str, Any]:
    """Return a transport log as pictures, with its ends in words; no picture where its bytes are gone."""
    pictures = []
    for name, unit, fill in SERIES:
        readings = _thinned(_readings(kept, name))
        title = _("Temperature on the way") if name == "temperature_c" else _("Shock on the way")
        if readings:
            made = air.draw(readings, unit=unit, prefix=f"log-{kept.pk}-{name}", title=title, fill=fill)
            pictures.append((title, mark_safe(made)))  # noqa: S308 - every text is escaped
    return {"row": kept, "told": kept.told, "pictures": pictures}


def _readings(kept: LoanFile, name: str) -> list[Reading]:
    """Return one column of a log that was read when it was attached, in time order."""
    try:
        with default_storage.open(queries.files.path_of(kept.file.sha256), "rb") as file:
            text = file.read(parcels_acts.LOG_BYTES_MOST).decode("utf-8-sig", "replace")
    except FileNotFoundError:
        return []
    rows = csv.DictReader(io.StringIO(text))
    rows.fieldnames = [one.strip().lower() for one in rows.fieldnames or ()]
    found = [
        Reading(datetime.fromisoformat(row["time"].strip()), Decimal(row[name].strip()))
        for row in rows
        if (row.get(name) or "").strip()
    ]
    return sorted(found, key=lambda one: one.at)


def _thinned(readings: Sequence[Reading]) -> list[Reading]:
    """Return at most so many readings as a picture can show: of each stretch the one that is farthest from zero."""
    step = -(-len(readings) // POINTS_MOST) or 1
    return [
        max(readings[i : i + step], key=lambda one: abs(one.value)) for i in range(0, len(readings), step)
    ]


@require_safe
@login_required
def parcel_file(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Hand out a file of a parcel, to be saved."""
    kept = found(request, key).files.select_related("file").filter(pk=min(number, INT_MOST)).first()
    if kept is None:
        raise Http404
    return files.private_original(request, kept.file, name=kept.name)
