"""The text of an agreement: the same clauses in two languages, chosen and filled, under one hash."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from aliquot import agreements
from aliquot.agreements import Item, Party, Terms

MG = 10**6
TERMS = Terms(
    number="LA-0001", modality="research", lender=Party("出借方", "Ada", "CN"), borrower=Party("Université", "Bo", "FR"),
    items=(Item("P-1", 50 * MG, "powder", 10 * MG), Item("M-1", 30 * MG, "polished mount", 0, True)),
    begins=date(2026, 12, 10), ends=date(2027, 12, 10), security="A safe.", credit="Samples by X", purpose="Dating.",
    return_plan="All that is left.", renewals=1, renewal_months=6, inventory_months=12,
)  # fmt: skip


def titles(told: Terms, policy: str = "cnsa") -> list[str]:
    return list(agreements.document(told, policy=policy).titles["en"])


def test_both_languages_have_the_same_clauses_with_the_same_values() -> None:
    found = agreements.document(TERMS, policy="cnsa")
    english, chinese = found.text("en"), found.text("zh")
    assert len(found.titles["en"]) == len(found.titles["zh"]) == len(found.clauses)
    for value in ("LA-0001", "P-1", "50 mg", "80 mg", "10 mg", "出借方", "Université", "Samples by X"):
        assert value in english
        assert value in chinese
    assert "10 December 2026" in english
    assert "2026年12月10日" in chinese
    assert "{" not in english + chinese


def test_clauses_stand_where_modality_policy_and_terms_want_them() -> None:
    assert {"What may be used up", "Inventory", "Results and credit", "Rules of the keeper"} <= set(
        titles(TERMS)
    )
    assert "Nothing is used up" not in titles(TERMS)
    untouched = replace(TERMS, items=TERMS.items[1:], inventory_months=0)
    assert "Nothing is used up" in titles(untouched)
    assert "Inventory" not in titles(untouched)
    assert "Rules of the keeper" not in titles(TERMS, "nasa")
    show = replace(untouched, modality="public-interest", insured_for="1 000 000 EUR")
    assert {"On show", "Insurance", "Credit"} <= set(titles(show))
    assert "Results and credit" not in titles(show)
    assert {"In teaching"} <= set(titles(replace(untouched, modality="education")))
    assert {"In deposit"} <= set(titles(replace(untouched, modality="deposit")))
    assert titles(replace(TERMS, amends="LA-0000"))[1] == "What is changed"
    assert "When results are due" not in titles(TERMS), "no source names a day, and the parties named none"
    assert "When results are due" in titles(replace(TERMS, report_months=18))
    assert "18 months" in agreements.document(replace(TERMS, report_months=18), policy="cnsa").text("en")


def test_the_hash_is_that_of_every_word_in_both_languages() -> None:
    one = agreements.document(TERMS, policy="cnsa").sha256
    assert one == agreements.document(TERMS, policy="cnsa").sha256
    for other in (replace(TERMS, credit="Samples by Y"), replace(TERMS, ends=date(2027, 12, 11)),
                  replace(TERMS, items=TERMS.items[:1])):  # fmt: skip
        assert agreements.document(other, policy="cnsa").sha256 != one


def test_what_somebody_typed_is_no_placeholder() -> None:
    odd = replace(TERMS, purpose="Dating {number} and {0}.", credit="{")
    assert "Dating {number} and {0}." in agreements.document(odd, policy="cnsa").text("en")


def test_every_clause_has_a_version_and_each_key_once_a_place() -> None:
    keys = [(one.key, one.version) for one in agreements.clauses()]
    assert len(set(keys)) == len(keys)
    assert all(one.version >= 1 for one in agreements.clauses())


@pytest.mark.parametrize(
    ("changed", "faulty"),
    [
        ({}, []), ({"modality": "sale"}, ["modality"]), ({"items": ()}, ["items"]),
        ({"lender": Party("", "Ada", "CN")}, ["lender.institution"]), ({"borrower": Party("B", " ", "CN")}, ["borrower.person"]),
        ({"credit": ""}, ["credit"]), ({"security": "\x1b"}, ["security"]), ({"ends": date(2026, 12, 10)}, ["ends"]),
        ({"items": (Item("P-1", 0, "", 0),)}, ["items[0].mass"]),
        ({"items": (Item("P-1", 1, "", 2),)}, ["items[0].consumed_most"]),
    ],
)  # fmt: skip
def test_what_is_not_agreed_soundly_is_told(changed: dict[str, object], faulty: list[str]) -> None:
    assert [one.where for one in agreements.check(replace(TERMS, **changed))] == faulty  # type: ignore[arg-type]
