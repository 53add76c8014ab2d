"""How does a template become a document on paper? A template and its context in, the bytes of a PDF out.

The only importer of WeasyPrint. A document asks no host and opens no file but the site's own static ones; what else it
names is our mistake. The same context gives the same bytes: no time is written into it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string

from aliquot import fault
from aliquot.fault import Fault, Refused

CONTENT_TYPE = "application/pdf"
# Where addresses like /static/print.css are read from; nobody is ever asked there.
BASE = "http://document.invalid"
_KINDS = {"css": "text/css", "svg": "image/svg+xml", "png": "image/png", "webp": "image/webp"}


def render(template: str, context: Mapping[str, object]) -> bytes:
    """Return the PDF of a template in the language that is active; raise `Refused` where the machine cannot print."""
    fault.refuse_if(lacking())
    return _pdf(render_to_string(template, dict(context)))


def lacking() -> tuple[Fault, ...]:
    """Return what this machine lacks for printing; nothing where it can print."""
    try:
        _printer()
    except Refused as refused:
        return refused.faults
    return ()


def _printer() -> ModuleType:
    """Return WeasyPrint, which is loaded with the first document; it needs Pango, which no package of ours brings."""
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # it tells of every step
    try:
        import weasyprint
    except OSError as error:
        raise Refused([fault.of("document", "this machine cannot print documents: the library Pango is missing",
                                "install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0, then start the site "
                                "again")]) from error  # fmt: skip
    return weasyprint


def _pdf(html: str) -> bytes:
    weasyprint = _printer()
    refused: list[str] = []

    class OwnFilesAlone(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> object:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            found = _static(url)
            if found is None:
                refused.append(url)
                raise ValueError(url)
            body, kind = found
            return weasyprint.urls.URLFetcherResponse(url, body, {"Content-Type": kind})

    made = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=OwnFilesAlone()).write_pdf(pdf_tags=True)
    if refused:
        fault.bug(f"a document asks for {refused[0]}")
    return made


def _static(url: str) -> tuple[bytes, str] | None:
    """Return the bytes and the kind of one of the site's static files; None where it is none."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    kind = _KINDS.get(path.rpartition(".")[2])
    if f"{parts.scheme}://{parts.netloc}" != BASE or not path.startswith(settings.STATIC_URL) or not kind:
        return None
    name = path.removeprefix(settings.STATIC_URL)
    try:
        if settings.GATHERED:
            with staticfiles_storage.open(name) as file:
                return file.read(), kind
        found = finders.find(name)
    except (SuspiciousFileOperation, FileNotFoundError):
        return None
    return (Path(found).read_bytes(), kind) if found else None
