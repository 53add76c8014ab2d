"""What a request tells the law, and no more than it tells."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from tests.library.access_worlds import a_draft, a_line

from aliquot import eligibility, law_facts, law_read, request_facts
from aliquot.law_facts import FactSheet

ON = date(2027, 1, 5)
MISSIONS = {"P-1": "change-5", "P-2": "change-5", "A-1": "apollo-17"}


def facts(draft: dict[str, object], policy: str = "cnsa") -> dict[str, object]:
    return request_facts.derived(draft, policy=policy, missions=MISSIONS, on=ON)


def test_a_request_tells_who_borrows_what_from_whom_when_and_for_whose_money() -> None:
    draft = a_draft(begins="2027-06-01", months="12", funders=[
        {"name": "NASA", "country": "US", "years": ["2027", "2026"], "grant": ""},
        {"name": "ESA", "country": "FR", "years": ["2025"], "grant": ""},
    ])  # fmt: skip
    found = facts(draft)
    assert found == {
        "asked_on": "2027-01-05", "act": "borrow", "modality": "research_loan", "lender": "cnsa", "off_the_shelf": False,
        "borrower_place": "US", "counterparty_place": "CN", "acts_on": "2027-06-01", "loan_months": 12,
        "funders": ["NASA", "ESA"], "money_years": [2026, 2027], "collection": "change5", "recovered_commercially": False,
    }  # fmt: skip
    law = law_read.load()
    sheet = law_facts.read(found, law.vocabulary)
    assert isinstance(sheet, FactSheet)
    assert "us/wolf" in {one.instrument.key for one in eligibility.screen(sheet, law).findings}


def test_what_is_left_open_or_mixed_stays_open() -> None:
    mixed = a_draft(lines=[a_line(), a_line(sample="A-1")], begins="soon", months="long", lead={}, funders=[])
    assert facts(mixed, "museum") == {
        "asked_on": "2027-01-05", "act": "borrow", "modality": "research_loan", "lender": "other", "off_the_shelf": False,
    }  # fmt: skip
    assert facts(a_draft(lines=[a_line(sample="A-1")]), "nasa")["collection"] == "apollo"
    one = {"P-1": "change-6"}
    assert request_facts.derived({}, policy="cnsa", missions=one, on=ON)["collection"] == "change6"


def test_an_answer_does_not_overwrite_what_the_text_says() -> None:
    found = request_facts.facts(
        a_draft(), {"borrower_place": "FR", "two_sided": True}, policy="cnsa", missions={}, on=ON
    )
    assert (found["borrower_place"], found["two_sided"]) == ("US", True)
    assert request_facts.subject("ab12") == "request:ab12"


@given(st.dictionaries(st.sampled_from(["lead", "funders", "lines", "begins", "months"]), st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["country", "name", "years", "sample"]), inner),
    max_leaves=8,
)))  # fmt: skip
def test_a_draft_of_any_shape_breaks_nothing(told: dict[str, object]) -> None:
    assert facts(told)["lender"] == "cnsa"
