"""Pages for when something is wrong. They help; they tell a stranger nothing about the inside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from structlog import get_logger

log = get_logger("aliquot.errors")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Offer the last part of the address to the catalogue's search: it is often a sample number."""
    last_part = request.path.rstrip("/").rpartition("/")[2][:100]
    return render(request, "404.html", {"last_part": last_part}, status=404)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return render(request, "403.html", status=403)


def not_ours(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a form that could not be shown to come from this site."""
    return render(request, "403_csrf.html", status=403)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Say no more than that: the host may be wrong, so nothing that asks for it can be shown."""
    return HttpResponse(loader.render_to_string("400.html"), status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """Show a page that depends on nothing: what every other page needs may be what broke."""
    log.exception("a request broke")  # called while the exception is being handled
    number = getattr(request, "number", "")
    return HttpResponse(loader.render_to_string("500.html", {"number": number}), status=500)
