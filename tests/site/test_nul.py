"""A NUL that somebody sends breaks no page of the workbench, on either database: PostgreSQL takes no text with one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.site import collection as c

from aliquot import reconciliation
from aliquot.site.models import Person
from aliquot.site.operations import audits, reconciliations
from aliquot.site.operations.audits import Plan

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
NUL = "a\0b"
LEFT = (b"sample,heading_mass,heading_mass_unit,heading_name,heading_names_several_samples\n"
        b"15021,607.5,grams,Soil,no\n")  # fmt: skip


@pytest.fixture
def browser(ada: Person, signed_in: Callable[[Person], Client]) -> Client:
    c.holders()
    c.a_sample("T-1", "5 g")
    audits.plan(Plan("November", "", "s", 1), by=ada, at=NOW)
    by = reconciliation.load("lunar-compendium")
    reconciliations.start(by, LEFT, b"ID,Type,Weight (g)\n15021,Soil,503\n", by=ada, at=NOW)
    return signed_in(ada)


@pytest.mark.parametrize(
    "address",
    ["/families/T-1/?after=%00", "/compare/?a=%00&b=T-1", "/samples/T-1/?on=%00", "/bench/split/?parent=%00",
     "/incidents/?sample=%00", "/labels/?sample=%00", "/places/?q=%00", "/scan/?q=%00", "/tools/?q=%00",
     "/instruments/?q=%00"],
)  # fmt: skip
def test_a_question_with_a_nul_is_answered(browser: Client, address: str) -> None:
    assert browser.get(address).status_code < 500


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/audits/A-0001/", {"act": "count", "line": "1", "outcome": "seen", "reason": NUL}),
        ("/audits/A-0001/", {"act": "count", "line": "1", "outcome": "elsewhere", "found_in": NUL}),
        ("/audits/A-0001/", {"act": "scan", "number": NUL}),
        ("/reconciliations/R-0001/", {"chosen": "1", "decision": "both", "reason": NUL}),
        ("/bench/move/", {"samples": NUL, "target": NUL}),
        ("/bench/weigh/", {"sample": "T-1", "note": NUL}),
        ("/remarks/T-1/", {"text": NUL}),
        ("/incidents/", {"kind": "lost", "noticed": "2026-11-25 16:00", "what": NUL}),
    ],
)
def test_a_form_with_a_nul_is_refused_in_a_sentence(
    browser: Client, address: str, form: dict[str, str]
) -> None:
    token = str(browser.get("/desk/").context["csrf_token"])
    answer = browser.post(address, {"csrfmiddlewaretoken": token, "acting_key": "k1", **form})
    assert answer.status_code == 422


def test_a_reason_that_is_too_long_is_refused_and_never_shortened(browser: Client) -> None:
    token = str(browser.get("/desk/").context["csrf_token"])
    form = {"act": "count", "line": "1", "outcome": "missing", "reason": "x" * 2_001}
    answer = browser.post("/audits/A-0001/", {"csrfmiddlewaretoken": token, "acting_key": "k1", **form})
    assert answer.status_code == 422
    assert "longer than 2000 characters" in answer.text.replace(",", "")
