"""Facts that are malformed or cannot all be true are refused, every fault named; files of facts are read as they are."""

from __future__ import annotations

import json

import pytest

from aliquot import law_facts, law_read
from aliquot.fault import Fault
from aliquot.law_facts import FactFile, FactSheet, Unreadable, parse, read

WORDS = law_read.load().vocabulary


def faults(facts: dict[str, object]) -> list[str]:
    found = read(facts, WORDS)
    return [] if isinstance(found, FactSheet) else [each.where for each in found]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("two_sided", "yes"), ("two_sided", 1), ("two_sided", "N/A"), ("two_sided", []),
        ("loan_months", "12"), ("loan_months", 12.0), ("loan_months", True), ("loan_months", -1),
        ("acts_on", "20240901"), ("acts_on", "2024-9-1"), ("acts_on", "2023-02-29"), ("acts_on", "2024-W01-1"),
        ("acts_on", 20240901), ("acts_on", "２０２４-09-01"), ("modality", "rental"), ("modality", ""),
        ("collection", "ryugu"), ("borrower_place", "UK"), ("borrower_place", "cn"), ("borrower_place", "China"),
        ("person_nationality", "CN"), ("person_nationality", ["CN", "PRC"]), ("person_nationality", [None]),
        ("money_years", 2025), ("money_years", ["2025"]), ("money_years", [True]), ("money_years", [25]),
        ("money_years", [2025, "n/a"]), ("funders", "NASA"), ("funders", [""]), ("funders", [1]),
        ("funders", ["\ud800"]), ("nasa_money", True), ("Two_sided", True), ("", True), ("law:FY2027", True),
    ],
)  # fmt: skip
def test_a_malformed_fact_is_named(key: str, value: object) -> None:
    assert faults({"asked_on": "2024-01-01", key: value}) == [key or "“”"]


def test_every_fault_is_named_at_once() -> None:
    assert faults({"two_sided": "yes", "acts_on": "soon", "colour": "grey", "loan_months": 3}) == [
        "two_sided", "acts_on", "colour"]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "keys"),
    [
        ({"collection": "apollo", "asked_on": "1969-07-23", "act": "borrow"}, "collection, asked_on, act"),
        ({"collection": "luna", "asked_on": "1970-09-23", "act": "n/a"}, "collection, asked_on, act"),
        ({"collection": "change6", "asked_on": "2024-06-24", "act": "apply"}, "collection, asked_on, act"),
        ({"funders": ["NSF"], "restricted_money": True}, "funders, restricted_money"),
        ({"funders": ["NSPC"], "restricted_money": False}, "funders, restricted_money"),
        ({"funders": ["OSTP"], "restricted_money": "n/a"}, "funders, restricted_money"),
        ({"counterparty_place": "MO", "counterparty_china": False}, "counterparty_place, counterparty_china"),
        ({"restricted_money": True, "money_years": []}, "restricted_money, money_years"),
        ({"restricted_money": True, "money_years": "n/a"}, "restricted_money, money_years"),
        ({"funders": ["NASA"], "money_years": "n/a"}, "funders, money_years"),
    ],
)
def test_facts_that_cannot_all_be_true_are_refused(facts: dict[str, object], keys: str) -> None:
    assert faults(facts) == [keys]


@pytest.mark.parametrize(
    "facts",
    [
        {"collection": "change5", "asked_on": "2012-06-01", "act": "talk"},
        {"collection": "change5", "asked_on": "2012-06-01", "act": None},
        {"collection": "change5", "asked_on": "2020-12-17", "act": "apply"},
        {"collection": "apollo_goodwill", "asked_on": "1960-01-01", "act": "sell"},
        {"funders": [], "restricted_money": True}, {"funders": "n/a", "restricted_money": True},
        {"counterparty_place": "TW", "counterparty_china": False},
        {"counterparty_place": "CN", "counterparty_china": "n/a"},
        {"restricted_money": True, "money_years": None}, {"restricted_money": False, "money_years": []},
        {"id": 1.5, "title": None, "note": ["anything"]}, {},
    ],
)  # fmt: skip
def test_facts_that_can_be_true_stand(facts: dict[str, object]) -> None:
    assert faults(facts) == []


def test_the_hash_leaves_out_what_is_ignored_and_null() -> None:
    one = read({"id": "a", "two_sided": True, "acts_on": "2024-01-01"}, WORDS)
    other = read({"acts_on": "2024-01-01", "note": "x", "two_sided": True, "approved": None}, WORDS)
    third = read({"acts_on": "2024-01-01", "two_sided": False}, WORDS)
    assert isinstance(one, FactSheet)
    assert isinstance(other, FactSheet)
    assert isinstance(third, FactSheet)
    assert one.sha256 == other.sha256 != third.sha256


def test_one_set_an_array_and_lines_are_told_apart() -> None:
    one, two = '{"id": 1}', '{\n "id": 2\n}'
    assert parse(two.encode()) == FactFile(({"id": 2},), "one")
    assert parse(f"\ufeff[{one}, {two}]".encode()) == FactFile(({"id": 1}, {"id": 2}), "array")
    assert parse(f"{one}\n\n{one}\r\n".encode()) == FactFile(({"id": 1}, {"id": 1}), "lines")
    assert parse(b"[]") == FactFile((), "array")
    lines = parse(f"{one}\nnonsense\n[1]\n".encode())
    assert isinstance(lines, FactFile)
    assert [isinstance(each, Unreadable) for each in lines.sets] == [False, True, True]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"nonsense", b'"text"', b"3", b'{"a": 1', b'{"loan_months": NaN}', b'{"a": 1, "a": 2}', b"\xff\xfe",
        b'{"loan_months": ' + b"9" * 5000 + b"}", b"[" * 100_000, b'{"a":' * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_file_of_facts_is_a_fault(data: bytes) -> None:
    found = parse(data)
    assert isinstance(found, Fault), found
    assert str(found).isprintable()


def test_a_set_in_an_array_that_is_no_object_is_refused_alone() -> None:
    found = parse(json.dumps([{"id": 1}, 7]).encode())
    assert isinstance(found, FactFile)
    assert isinstance(found.sets[1], law_facts.Unreadable)
