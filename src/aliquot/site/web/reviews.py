"""The desk of reviewers, chairs and panels: what is mine to review and until when, which calls and discussions I may look into."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot.site import permissions, queries
from aliquot.site.models import Review, Role
from aliquot.site.permissions import Act

DISCUSSED_A_PAGE = 50


@require_safe
@login_required
def reviews(request: HttpRequest) -> HttpResponse:
    """Show what somebody reviews, and the calls and discussions that they may look into."""
    person, now = request.user, timezone.now()
    acts = permissions.acts_of(person)
    rows = list(queries.reviewing.of_reviewer(person)) if Act.REVIEW_REQUESTS in acts else []
    calls = list(queries.reviewing.calls_in_review(person, whole_field=Act.SEE_REVIEWS in acts))
    informs = Role.CURATOR in queries.people.roles_of(person)
    if not (rows or calls or informs or Act.REVIEW_REQUESTS in acts or Act.SEE_REVIEWS in acts):
        raise PermissionDenied
    context = {
        "open": [row for row in rows if _is_open(row) and row.state != "handed in"],
        "done": [row for row in rows if not _is_open(row) or row.state == "handed in"],
        "now": now,
        "zone": queries.reviewing.reviewer_profile(person).zone,
        "calls": calls,
        "reviews_too": Act.REVIEW_REQUESTS in acts,
        "informs": informs,
        "crumbs": [{"label": _("Reviews")}],
        "discussed": queries.reviewing.discussed()[:DISCUSSED_A_PAGE] if informs else [],
        "may_keep_profile": Act.KEEP_PROFILE in acts,
    }
    return render(request, "reviews/desk.html", context)


def _is_open(row: Review) -> bool:
    return row.request.state in queries.requests.REVIEWED
