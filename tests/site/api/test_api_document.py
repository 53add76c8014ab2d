"""The API's document, its page for people, and every operation held against the document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from aliquot import ledger, register
from aliquot.site import api

SHAPES = sorted(Path(api.__file__).parent.joinpath("shapes").glob("*.py"))


def test_what_everybody_may_read_is_named_here_and_all_else_wants_a_token() -> None:
    found = get_document()["paths"]
    open_to_all = {
        address
        for address, methods in found.items()
        if not any(one.get("security") for one in methods.values())
    }
    assert sorted(open_to_all) == sorted(
        f"/api/v1/{one}"
        for one in (
            "acts",
            "samples",
            "samples/{number}",
            "samples/{number}/lineage",
            "samples/{number}/history",
            "samples/{number}/results",
            "results/{key}",
            "entries",
            "entries/{number}",
            "entries/{number}/proof",
            "checkpoint",
            "claims",
            "claims/{key}",
            "contradictions",
            "register/claims",
            "register/claims/{key}",
            "missions",
            "missions/{key}",
            "sources",
            "sources/{key}",
            "law",
            "law/{instrument}",
            "years/{year}",
            "deeds",
            "deeds/{key}",
            "exchanges",
            "shows",
            "shows/{key}",
            "eligibility",
            "calls",
            "calls/{key}",
            "calls/{key}/plan",
            "calls/{key}/result",
        )
    )
    asked = {address: set(found[address]) for address in open_to_all}
    # It is told facts, and stores nothing.
    assert asked.pop("/api/v1/eligibility") == {"post"}
    assert set().union(*asked.values()) == {"get"}
    assert all(
        one.get("security")
        for address, methods in found.items()
        if address not in open_to_all
        for one in methods.values()
    )


def test_no_two_shapes_share_a_name() -> None:
    words = {
        name: set(one["enum"])
        for name, one in get_document()["components"]["schemas"].items()
        if "enum" in one
    }
    assert words["EntryKind"] == set(ledger.Kind)
    assert words["Kind"] == set(register.Kind)
    assert words["Precision"] == set(register.Precision)
    assert words["State"] == set(register.State)
    assert not [name for name in words if "__" in name]
    written = [
        name
        for path in SHAPES
        for name in re.findall(r"^class (\w+)\(", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert sorted(set(written)) == sorted(written), "one of them would hide the other in the document"


def get_document() -> dict[str, dict[str, object]]:
    answer = Client().get("/api/v1/openapi.json")
    assert answer["Content-Type"] == "application/json"
    return json.loads(answer.content)


class Page(HTMLParser):
    """Collects what a page could load or run, and what its links and parts are called."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.loaded += [given[name] or "" for name in ("src",) if name in given]
        self.loaded += [given["href"] or ""] if tag == "link" else []
        self.inline += (
            [tag] if tag == "style" or "style" in given or (tag == "script" and "src" not in given) else []
        )
        self.inline += [name for name in given if name.startswith("on")]
        self.ids |= {given["id"] or ""} if "id" in given else set()
        self.links |= {given["href"] or ""} if tag == "a" else set()


def test_the_page_for_people_needs_no_script_of_its_own_and_no_other_host() -> None:
    answer = Client().get("/api/v1/docs")
    page = Page(answer.content.decode())
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    assert page.inline == []
    assert all(address.startswith("/") for address in page.loaded)


def test_the_page_tells_every_address_and_every_shape_and_its_links_lead_somewhere() -> None:
    document = get_document()
    source = Client().get("/api/v1/docs").content.decode()
    page = Page(source)
    shown = [f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods]
    assert not [one for one in shown if f"<code>{one}</code>" not in source]
    assert set(document["components"]["schemas"]) <= page.ids
    assert {link for link in page.links if link.startswith("#")} <= {f"#{name}" for name in page.ids} | {
        "#main"
    }


def test_the_front_door_of_the_api_leads_to_the_page() -> None:
    assert Client().get("/api/v1/")["Location"] == "/api/v1/docs"


# -- every operation, with everything that its document allows and much that it does not ---------------------

DOCUMENT = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
# What wants a token is tested by itself, with tokens: see test_api_writing.
OPERATIONS = [
    one for found in DOCUMENT.get_all_operations() if not (one := found.ok()).definition.raw.get("security")
]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """A request of a real server ends with its connection; here that would end the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.path)
def test_every_operation_answers_as_its_document_says(
    operation: schemathesis.APIOperation, mode: schemathesis.GenerationMode
) -> None:
    if mode.is_negative and not (operation.path_parameters or operation.query or operation.body):
        pytest.skip("nothing can be wrong in what it is asked")

    @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers_well(case: schemathesis.Case) -> None:
        # No schema can tell which cursors were given, nor which facts contradict each other.
        is_untold = "cursor" in (case.query or {}) or operation.path.endswith("/eligibility")
        left_out = [positive_data_acceptance] if is_untold else []
        case.call_and_validate(excluded_checks=left_out)

    answers_well()
