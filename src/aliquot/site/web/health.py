"""Whether the site works, for machines that watch it."""

from __future__ import annotations

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from structlog import get_logger

from aliquot.site import queries

log = get_logger("aliquot.health")


@never_cache
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    try:
        return JsonResponse({"status": "ok", **queries.health.report()})
    except Error:
        log.exception("the database does not answer")
        return JsonResponse({"status": "down"}, status=503)
