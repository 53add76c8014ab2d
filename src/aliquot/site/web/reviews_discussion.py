"""The discussion of one request among those who review it and its panel; curators inform."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aliquot.site import permissions, queries
from aliquot.site.models import Request
from aliquot.site.operations import discussions as operations
from aliquot.site.permissions import Act
from aliquot.site.web import acting
from aliquot.site.web.reviews_boxes import Box, filled, headed

BOXES = (
    Box("text", gettext_lazy("Your message"), kind="area", needed=True, rows=4, most=operations.TEXT_MOST),
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def discussion(request: HttpRequest, key: str) -> HttpResponse:
    """Show what was said about a request, to those who take part in it; say something."""
    row, part = _found(request, key)
    faults: list[acting.Shown] = []
    if request.method == "POST":
        done = acting.once(request, lambda: _say(request, row))
        if isinstance(done, dict):
            return redirect(f"{reverse('discussion', args=[key])}#message-{done['order']}")
        faults = done
    boxes = filled(BOXES, request.POST, faults)
    context = {
        "row": row,
        "part": part,
        "messages_said": queries.discussions.of_request(row, request.user, as_part=part),
        "open": queries.discussions.is_open(row),
        "box": boxes[0],
        "faults": headed(faults, boxes),
        "zone": queries.reviewing.reviewer_profile(request.user).zone,
        "crumbs": _crumbs(request, row, part),
    }
    return render(request, "reviews/discussion.html", context, status=422 if faults else 200)


def _found(request: HttpRequest, key: str) -> tuple[Request, str]:
    """Return a request with the part that the reader plays in its discussion; to those without one it is not there."""
    row = queries.requests.submitted().select_related("call").filter(key=key).first()
    roles = queries.people.roles_of(request.user)
    part = queries.discussions.part(row, request.user, roles, at=timezone.now()) if row else ""
    if row is None or not part:
        raise Http404
    return row, part


def _say(request: HttpRequest, row: Request) -> acting.Body:
    made = operations.say(row, request.POST.get("text", ""), by=request.user, at=timezone.now())
    return {"order": made.order}


def _crumbs(request: HttpRequest, row: Request, part: str) -> list[dict[str, str]]:
    if part == "reviewer":
        above = reverse("review", args=[row.key])
    elif permissions.may(request.user, Act.SEE_REVIEWS, row.call):
        above = reverse("review-summary", args=[row.key])
    else:
        above = ""
    title = {"label": row.title, "href": above} if above else {"label": row.title}
    return [{"label": _("Reviews"), "href": reverse("reviews")}, title, {"label": _("Discussion")}]
