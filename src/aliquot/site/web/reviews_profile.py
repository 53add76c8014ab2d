"""What a reviewer tells of themselves: the page from which conflicts of interest and proposals of reviewers follow."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from aliquot import reviewers
from aliquot.site import permissions, queries
from aliquot.site.operations import reviewing as operations
from aliquot.site.permissions import Act
from aliquot.site.web import acting
from aliquot.site.web.reviews_boxes import Box, filled, headed

BOXES = (
    Box("orcid", "ORCID iD", gettext_lazy("As on your ORCID record, such as 0000-0002-1825-0097."), most=60),
    Box(
        "institutions",
        pgettext_lazy("of a person", "Institutions"),
        gettext_lazy("The ROR ID of each institution that you belong to, one a line. Those of ror.org."),
        kind="area",
        rows=3,
    ),
    Box("country", gettext_lazy("Country"), gettext_lazy("Two letters, such as JP."), most=2),
    Box(
        "zone",
        gettext_lazy("Time zone"),
        gettext_lazy("Where you are as a rule: dates and hearings are shown there."),
        most=60,
        words="zones",
    ),
    Box(
        "expertise",
        gettext_lazy("Expertise"),
        gettext_lazy(
            "Words for what you know, one a line. Requests that have them, in either language, are proposed to you."
        ),
        kind="area",
        rows=6,
    ),
    Box(
        "papers",
        gettext_lazy("Co-authors"),
        gettext_lazy("A year and the ORCID iD of somebody with whom you published then, one pair a line."),
        kind="area",
        rows=8,
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_PROFILE)
def profile(request: HttpRequest) -> HttpResponse:
    """Show and keep what somebody tells of themselves as a reviewer."""
    faults: list[acting.Shown] = []
    if request.method == "POST":
        done = acting.once(request, lambda: _keep(request))
        if isinstance(done, dict):
            return redirect(f"{reverse('reviewing')}?kept=1")
        faults = done
    typed = request.POST or reviewers.write(queries.reviewing.reviewer_profile(request.user))
    boxes = filled(BOXES, typed, faults)
    context = {
        "boxes": boxes,
        "faults": headed(faults, boxes),
        "kept": "kept" in request.GET and not faults,
        "all_zones": reviewers.zones(),
        "terms": sorted({*reviewers.TERMS, *reviewers.TERMS.values()}),
        "crumbs": [{"label": _("Your account"), "href": reverse("account")}, {"label": _("As a reviewer")}],
    }
    return render(request, "reviews/profile.html", context, status=422 if faults else 200)


def _keep(request: HttpRequest) -> acting.Body:
    told = {box.name: request.POST.get(box.name, "") for box in BOXES}
    operations.keep_profile(told, by=request.user)
    return {"kept": True}
