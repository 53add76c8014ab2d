"""Whatever is asked, at whatever address: a page, a file or a fault, and never a mistake of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from aliquot.site import search

WORDS = (
    "%00", "%FF%FE", "%ED%A0%80", "..%2F..%2Fetc%2Fpasswd", "a" * 3000, "'%20OR%201=1--",
    "%3Cscript%3Ealert(1)%3C/script%3E", "-1", "9223372036854775808", "9" * 25, "%0D%0AX-Evil:1", "%25", "%C2%A0",
    "%E2%80%AE", "%EF%BC%91", "%F0%9F%8C%91", "1e400",
)  # fmt: skip
NAMES = ("q", "least", "most", "sort", "page", "format", "mission", "holder", "country", "kind", "year", "before",
         "sample", "after", "limit", "cursor", "next")  # fmt: skip
HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy",
           "Cross-Origin-Resource-Policy", "X-Request-ID")  # fmt: skip


def _routes(found: object, before: str = "") -> Iterator[str]:
    """Yield the address of every route, with {} where something is to be filled in."""
    for one in getattr(found, "url_patterns", ()):
        part = str(one.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        address = before + re.sub(r"<[^>]*>|\(\?P?[^)]*\)", "{}", part)
        if isinstance(one, URLResolver):
            yield from _routes(one, address)
        elif isinstance(one, URLPattern):
            yield "/" + re.sub(r"[\\^$?+*|()\[\]]", "", address).lstrip("/")


ROUTES = sorted(set(_routes(get_resolver())))


def _sound(client: Client, method: str, address: str, **form: str) -> None:
    answer = client.generic(method, address) if not form else client.post(address, form)
    assert answer.status_code < 500, (method, address)
    assert all(name in answer for name in HEADERS), (method, address)
    assert "X-Evil" not in answer
    if not answer.streaming:
        assert b"<script>alert" not in answer.content or "html" not in answer["Content-Type"], address


def test_every_route_is_known_to_the_sweep() -> None:
    assert {"/", "/catalogue/", "/samples/{}/", "/ledger/{}/proof", "/sign-in/{}/", "/health"} <= set(ROUTES)
    assert any(route.startswith("/api/v1/entries") for route in ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_no_address_breaks_a_route(route: str, client: Client, db: None) -> None:
    client.raise_request_exception = False
    for word in WORDS if "{}" in route else WORDS[:1]:
        _sound(client, "GET", route.replace("{}", word))
    for method in ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        _sound(client, method, route.replace("{}", "1"))


# What each page reads of a question. It is asked alone, lest one wrong word keep the next from being read.
READ = {
    "/": (),
    "/catalogue/": ("q", "least", "most", "sort", "page", "format", *search.FACETS),
    "/transfers/": ("format", "mission", "country", "kind", "year"),
    "/ledger/": ("kind", "sample", "before"),
    "/accounts/login/": ("next",),
    "/api/v1/samples": (
        "limit",
        "cursor",
        "mission",
        "use_class",
        "form",
        "condition",
        "availability",
        "holder",
    ),
    "/api/v1/entries": ("limit", "cursor", "after"),
}


@pytest.mark.parametrize("page", READ)
def test_no_question_breaks_a_page(page: str, client: Client, db: None) -> None:
    client.raise_request_exception = False
    for word in WORDS:
        _sound(client, "GET", f"{page}?{'&'.join(f'{name}={word}' for name in NAMES)}")
    for number, name in enumerate(READ[page]):
        for word in WORDS[number % 3 :: 3]:
            _sound(client, "GET", f"{page}?{name}={word}")


def test_pages_that_are_read_take_nothing_else(client: Client, db: None) -> None:
    for page in ("/", "/catalogue/", "/transfers/", "/ledger/", "/ledger/verify/", "/facility/", "/health"):
        for method in ("POST", "PUT", "DELETE", "TRACE"):
            assert client.generic(method, page).status_code == 405, (method, page)


def test_signing_in_leads_to_no_other_site(client: Client, db: None) -> None:
    for place in ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"):
        answer = client.get("/accounts/login/", {"next": place})
        hrefs = re.findall(r'(?:href|action)="([^"]*)"', answer.text)
        assert not [href for href in hrefs if re.match(r"(?:https?:)?[/\\\\]{2}|javascript:", href)], place


def test_a_file_is_not_handed_over_where_the_question_is_at_fault(client: Client, db: None) -> None:
    for form in ("csv", "json"):
        answer = client.get("/catalogue/", {"format": form, "least": "1e400 g"})
        assert answer.status_code == 400
        assert answer.text.startswith("least: “1e400 g” is not a mass")
