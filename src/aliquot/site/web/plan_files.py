"""The files of a plan, to be saved."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from aliquot.site import queries
from aliquot.site.models import Plan


def answer(plan: Plan, name: str) -> HttpResponse:
    """Answer with a file of a plan."""
    content = queries.plan_files.file_of(plan, name)
    if content is None:
        raise Http404
    found = HttpResponse(content, content_type="application/json")
    found["Content-Disposition"] = f'attachment; filename="{name}"'
    return found
