"""The whole collection at a glance, for those who keep it: what is where, the reserve, what is about to run out."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import mass, policy
from aliquot.site import names, permissions, queries, words
from aliquot.site.drawings import bars
from aliquot.site.permissions import Act
from aliquot.site.queries.overview import Group, Overview
from aliquot.site.web.pictures import Picture
from aliquot.site.web.samples import POLICY

PLACES_MOST = 12


@require_safe
@permissions.require(Act.SEE_WORK)
def overview(request: HttpRequest) -> HttpResponse:
    """Show the stores from every side."""
    language = get_language() or "en"
    found = queries.overview.overview()
    context = {
        "pictures": [
            _picture(found, "use", _("By class of use"), lambda g: _said("use_class", g.use_class)),
            _picture(found, "form", _("By form"), lambda g: _said("form", g.form)),
            _picture(found, "condition", _("By condition"), lambda g: _said("condition", g.condition)),
            _picture(found, "place", _("By place"), lambda g: str(names.whom(g.whom, language))),
        ],
        "reserves": reserves(found, language),
        "target": policy.load(POLICY).backup_share_percent,
        "scarce": [
            {
                "row": row,
                "percent": row.mass_ng * 100 // row.start_ng,
                "free_ng": max(row.mass_ng - row.promised_ng, 0),
            }
            for row in found.scarce
        ],
        "scarce_percent": queries.overview.RUNNING_OUT_PERCENT,
        "crumbs": [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("Overview")}],
    }
    return render(request, "overview/overview.html", context)


def _said(about: str, code: str) -> str:
    return str(words.said(about, code)) if code else _("not known")


def _picture(
    found: Overview, prefix: str, title: str, what: Callable[[Group], str]
) -> dict[str, str | Picture]:
    sums = list(found.by(what).items())
    drawn = bars.draw(
        [bars.Bar(label, ng) for label, (_count, ng) in sums[:PLACES_MOST]], prefix=prefix, title=title
    )
    rows = [[label, str(count), mass.show(ng)] for label, (count, ng) in sums]
    table = {"caption": title, "head": [title, _("Samples"), _("Mass")], "rows": rows}
    return {"title": title, "id": prefix, "picture": Picture(mark_safe(drawn), table)}  # noqa: S308 - texts are escaped


def reserves(found: Overview, language: str) -> list[dict[str, object]]:
    """Return for each mission how much lies in the backup stores, and how much should; of material of none, nothing should."""
    percent = policy.load(POLICY).backup_share_percent
    held: dict[str, int] = {}
    for group in found.groups:
        if group.use_class == "backup":
            held[group.mission] = held.get(group.mission, 0) + group.mass_ng
    return [
        {
            "mission": names.mission(mission, language) or _("not known"),
            "received_ng": ng,
            "target_ng": ng * percent // 100,
            "held_ng": held.get(mission, 0),
            "short_ng": max(ng * percent // 100 - held.get(mission, 0), 0),
        }
        for mission, ng in found.received_ng.items()
        if ng and mission
    ]
