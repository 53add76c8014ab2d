"""Every address below /api/v1/, and what answers where nothing stands or somebody tries to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer

from aliquot.fault import Refused
from aliquot.site.api import (
    answers,
    borrowing,
    calls,
    decisions,
    deeds,
    files,
    guessing,
    handling,
    law,
    ledger,
    loans,
    manual,
    own,
    places,
    plans,
    reading,
    register,
    requests,
    results,
    samples,
    writing,
)

app_name = "api-1"
PREFIX = "/api/v1/"
View = Callable[..., HttpResponse]


class Renderer(JSONRenderer):
    """JSON in UTF-8, with every script as it is written."""

    json_dumps_params: ClassVar[dict[str, object]] = {"ensure_ascii": False, "separators": (",", ":")}


api = NinjaAPI(
    renderer=Renderer(),
    title="Aliquot",
    version="1",
    description="Samples, their ledger, and what is publicly known of returned lunar material: read by "
    "everybody, without a token, as is what the law on file says of facts. What is done at the bench is written and read with a token.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
# What is below a sample's number stands before the number itself, which may hold any sign.
ROUTERS = (
    handling.router,
    files.router,
    places.router,
    requests.router,
    results.router,
    samples.router,
    ledger.router,
    register.router,
    reading.router,
    law.router,
    decisions.router,
    calls.router,
    plans.router,
    borrowing.router,
    loans.router,
    deeds.router,
    own.router,
)
for router in ROUTERS:
    api.add_router("", router)
api.add_exception_handler(Http404, answers.not_there)
api.add_exception_handler(Refused, answers.refused)
api.add_exception_handler(ValidationError, answers.malformed)
api.add_exception_handler(AuthenticationError, writing.no_token)
api.add_exception_handler(HttpError, writing.unreadable)
api.add_exception_handler(guessing.TooManyError, writing.too_many)
api.add_exception_handler(RequestDataTooBig, writing.too_big)


def reading(view: View, *, writes: bool = False, reads: bool = True) -> View:
    """Answer GET and HEAD as the view does, POST where it writes, and nothing else."""
    allowed = (*(("GET", "HEAD") if reads else ()), *(("POST",) if writes else ()))

    def answer(request: HttpRequest, **place: str) -> HttpResponse:
        if request.method not in allowed:
            return answers.not_allowed(request, allowed)
        asked = request.method
        request.method = "GET" if asked == "HEAD" else asked
        response = view(request, **place)
        request.method = asked
        return response

    # Nothing here is done for a cookie: who writes shows a token, and a form from elsewhere gets 405 and not a page.
    answer.csrf_exempt = True
    return answer


def _methods() -> dict[str, set[str]]:
    """Return by the route of each address which methods have an operation there."""
    found: dict[str, set[str]] = {}
    for router in ROUTERS:
        for address, view in router.path_operations.items():
            route = re.sub(r"{(.+?)}", r"<\1>", address).lstrip("/")
            found[route] = {method for one in view.operations for method in one.methods}
    return found


def _operations() -> list[URLPattern]:
    """Return Ninja's addresses but its own home page."""
    found = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    methods_of = _methods()
    for one in found:
        methods = methods_of[str(one.pattern)]
        one.callback = reading(one.callback, writes="POST" in methods, reads="GET" in methods)
        one.name = one.name.replace("_", "-")
    return found


_document = manual.document_of(api, PREFIX)
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api-1:docs"), name="home"),
    path("openapi.json", reading(manual.openapi(_document)), name="openapi"),
    path("docs", manual.docs(_document), name="docs"),
    *_operations(),
    re_path("", reading(answers.lost)),
]
