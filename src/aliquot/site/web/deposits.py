"""Deposits: how much lies in backup stores against the share that policy wants there, and what was deposited when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import deeds, policy
from aliquot.site import permissions, queries
from aliquot.site.drawings import bars
from aliquot.site.permissions import Act
from aliquot.site.web import gifts, overview
from aliquot.site.web.samples import POLICY


@require_safe
@permissions.require(Act.SEE_PUBLISHED)
def deposits(request: HttpRequest) -> HttpResponse:
    """Show the backup share of each mission against its target, and the deposits."""
    rows = overview.reserves(queries.overview.overview(), get_language() or "en")
    drawn = [
        bars.Bar(str(one["mission"]), int(str(one["held_ng"])), fill=3, mark_ng=int(str(one["target_ng"])))
        for one in rows
    ]
    title = _("Backup against its target")
    picture = bars.draw(drawn, prefix="backup", title=title)
    context = {
        "target": policy.load(POLICY).backup_share_percent,
        "reserves": rows,
        "picture": mark_safe(picture),  # noqa: S308 - texts are escaped
        "rows": [
            gifts.row(one)
            for one in queries.deeds.seen(sees_all=gifts.sees_all(request)).filter(kind=deeds.Kind.DEPOSIT)
        ],
        "may_record": permissions.may(request.user, Act.KEEP_DEEDS),
        "crumbs": gifts.crumbs(request, {"label": _("Deposits")}),
    }
    return render(request, "deposits/list.html", context)
