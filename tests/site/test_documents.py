"""Documents on paper: the same context gives the same bytes, and nothing is fetched from anywhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pypdfium2
import pytest
from django.template import engines
from django.test import override_settings

from aliquot.site import documents


def text_of(pdf: bytes) -> str:
    """Return all text of a PDF, page by page."""
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


@pytest.fixture
def a_template() -> Callable[[str], str]:
    """Makes a template of this text, found under a name."""
    kept: dict[str, str] = {}
    loaders = [("django.template.loaders.locmem.Loader", kept), *engines["django"].engine.loaders]
    backend = "django.template.backends.django.DjangoTemplates"
    changed = override_settings(TEMPLATES=[{"BACKEND": backend, "OPTIONS": {"loaders": loaders}}])

    def make(text: str) -> str:
        kept["made.html"] = (
            '{% extends "documents/document.html" %}{% block content %}' + text + "{% endblock %}"
        )
        return "made.html"

    with changed:
        yield make


def test_a_document_says_what_its_template_says_in_both_scripts(a_template: Callable[[str], str]) -> None:
    pdf = documents.render(a_template("<h1>{{ number }}</h1><p>月球样品</p>"), {"number": "15555,1 <b>"})
    assert pdf.startswith(b"%PDF-")
    assert "15555,1 <b>" in text_of(pdf)
    assert "月球样品" in text_of(pdf)


def test_the_same_context_gives_the_same_bytes(a_template: Callable[[str], str]) -> None:
    name = a_template("<h1>{{ number }}</h1><svg viewBox='0 0 2 2'><path d='M0 0h2v1z'/></svg>")
    assert documents.render(name, {"number": "60025 玄武岩"}) == documents.render(
        name, {"number": "60025 玄武岩"}
    )


@pytest.mark.parametrize(
    "address",
    ["http://example.org/a.png", "https://example.org/a.png", "file:///etc/hostname", "/static/../settings.py",
     "/static/%2e%2e/%2e%2e/a.css", "/static/css/there-is-none.css", "/media/a.png", "//example.org/static/a.css",
     "ftp://example.org/a.png"],
)  # fmt: skip
def test_a_document_opens_nothing_but_the_sites_own_files(
    a_template: Callable[[str], str], address: str
) -> None:
    with pytest.raises(AssertionError, match="a document asks for"):
        documents.render(a_template(f'<img src="{address}"><link rel="stylesheet" href="{address}">'), {})


def test_a_picture_within_the_document_is_shown(a_template: Callable[[str], str]) -> None:
    assert documents.render(a_template('<img src="data:image/svg+xml,%3Csvg/%3E">'), {})


def test_a_machine_without_pango_says_what_it_lacks(a_template: Callable[[str], str]) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _WITHOUT_PANGO], capture_output=True, text=True, check=True
    ).stdout
    assert "this machine cannot print documents: the library Pango is missing" in told


_WITHOUT_PANGO = """
import cffi
real = cffi.FFI.dlopen
def refuse(self, name, flags=0):
    raise OSError(f"cannot load library {name!r}")
cffi.FFI.dlopen = refuse
from aliquot.site import documents
print(*documents.lacking())
"""
