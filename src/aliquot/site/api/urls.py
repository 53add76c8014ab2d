"""Every address below /api/v1/, and what answers where nothing stands or somebody tries to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from aliquot.fault import Refused
from aliquot.site.api import answers, ledger, manual, register, samples

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
    description="Samples, their ledger, and what is publicly known of returned lunar material. Read only, for everybody.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
for router in (samples.router, ledger.router, register.router):
    api.add_router("", router)
api.add_exception_handler(Http404, answers.not_there)
api.add_exception_handler(Refused, answers.refused)
api.add_exception_handler(ValidationError, answers.malformed)


def reading(view: View) -> View:
    """Answer GET and HEAD as the view does, and nothing else."""

    def answer(request: HttpRequest, **place: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return answers.read_only(request)
        asked, request.method = request.method, "GET"
        response = view(request, **place)
        request.method = asked
        return response

    answer.csrf_exempt = True  # nothing is written, so a form from elsewhere gets 405 and not a page
    return answer


def _operations() -> list[URLPattern]:
    """Return Ninja's addresses but its own home page."""
    found = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    for one in found:
        one.callback = reading(one.callback)
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
