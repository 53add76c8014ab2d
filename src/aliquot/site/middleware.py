"""What happens to every request and answer: a number, one log line, and the headers that Django has no setting for."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import structlog
from django.http import Http404, HttpRequest, HttpResponse

from aliquot.site import logs

Answer = Callable[[HttpRequest], HttpResponse]

# No page needs any of these; passkeys (publickey-credentials-*) are left to the site itself.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
# The page that scans labels alone asks for the camera.
PERMISSIONS_WITH_CAMERA = PERMISSIONS.replace("camera=()", "camera=(self)")


def number_and_log(get_response: Answer) -> Answer:
    """Number each request, name it in every line logged meanwhile, and log how it ended."""
    log = structlog.get_logger("aliquot.request")

    def answer(request: HttpRequest) -> HttpResponse:
        number = request.number = secrets.token_hex(8)
        with structlog.contextvars.bound_contextvars(request=number):
            begun = time.monotonic()
            response = get_response(request)
            log.info(
                "request",
                method=request.method,
                path=logs.safe(request.path),
                status=response.status_code,
                ms=round((time.monotonic() - begun) * 1000, 1),
            )
        response["X-Request-ID"] = number
        return response

    return answer


def refuse_nul(get_response: Answer) -> Answer:
    """Find no page at an address with a NUL: no name has one, and PostgreSQL cannot even be asked for it.

    The API says so itself, as it says everything.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path and not request.path.startswith("/api/"):
            raise Http404
        return get_response(request)

    return answer


def add_headers(get_response: Answer) -> Answer:
    """Say what a page may not use, and keep what is shown to one person out of shared stores."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # `session` is absent when a file was served before anybody asked who is there.
        session = getattr(request, "session", None)
        if session is not None and session.accessed and not session.is_empty():
            response.setdefault("Cache-Control", "private, no-store")
        return response

    return answer
