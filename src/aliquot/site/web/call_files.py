"""The files of a call: its text and its policy as they were hashed, its list of samples, its dates, its notice on paper."""

from __future__ import annotations

import csv
import io
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import icalendar, mass
from aliquot.calls import Offer
from aliquot.fault import Refused
from aliquot.formats import export
from aliquot.icalendar import Appointment
from aliquot.site import documents, queries
from aliquot.site.models import Call
from aliquot.site.web import acting, call_shown
from aliquot.site.web.calls import published

COLUMNS = ("number", "mass_ng", "mass", "form", "kind", "rare")


@require_safe
def text(request: HttpRequest, key: str, sha256: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Give exactly the text that this hash of a call was made from, of now or of before an amendment."""
    for state in queries.calls.states(published(key)):
        if state.said.sha256 == sha256:
            return _file(state.said.text, "application/json; charset=utf-8", f"call-{key}-{sha256[:12]}.json")
    raise Http404


@require_safe
def policy(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001
    """Give the policy pack as it was when the call was published: its hash is in the call."""
    return _file(published(key).policy_text.encode(), "application/toml; charset=utf-8", f"policy-{key}.toml")


@require_safe
def offers(request: HttpRequest, key: str, form: str) -> HttpResponse:  # noqa: ARG001
    """Give the list of samples as CSV or JSON."""
    rows = [_row(one) for one in queries.calls.value(published(key)).offers]
    if form == "json":
        body = json.dumps(rows, ensure_ascii=False, indent=1).encode()
        return _file(body, "application/json; charset=utf-8", f"call-{key}.json")
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)
    return _file(out.getvalue().encode(), "text/csv; charset=utf-8", f"call-{key}.csv")


def _row(one: Offer) -> dict[str, str | int | bool]:
    told = (one.sample, one.mass_ng, mass.show(one.mass_ng, ""), one.form, one.kind, one.rare)
    return dict(zip(COLUMNS, told, strict=True))


def _cell(value: str | int | bool) -> str | int:
    if isinstance(value, bool):
        return "true" if value else "false"
    return export.harmless(value) if isinstance(value, str) else value


@require_safe
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """Give the dates of a call as a calendar; a deadline that moved moves there too."""
    found = published(key)
    states = queries.calls.states(found)
    said, last = states[-1].said, states[-1].notice
    here = request.build_absolute_uri(reverse("call", args=[key]))
    moments = ((_("Call opens"), "opens", said.opens), (_("Deadline of the call"), "closes", said.closes))
    dates = [
        Appointment(name, f"{label}: {said.title}", f"{call_shown.when(at, said.zone).there} {said.zone}", at, at,
                    stamp=last.at, sequence=len(states) - 1, address=here)
        for label, name, at in moments
    ]  # fmt: skip
    if found.state == "cancelled":
        dates = []
    body = icalendar.appointments(dates, of=f"call {key}")
    return _file(body, icalendar.CONTENT_TYPE, f"call-{key}.ics")


@require_safe
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """Print the notice of a call, with its whole list."""
    found: Call = published(key)
    context = call_shown.call(found, at=timezone.now(), page=None) | {"request": request}
    try:
        body = documents.render("calls/paper.html", context)
    except Refused as refused:
        return render(request, "audits/no_print.html", {"faults": acting.shown(refused.faults)}, status=503)
    return _file(body, documents.CONTENT_TYPE, f"call-{key}.pdf", inline=True)


def _file(body: bytes, kind: str, name: str, *, inline: bool = False) -> HttpResponse:
    made = HttpResponse(body, content_type=kind)
    made["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return made
