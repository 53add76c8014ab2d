"""A request: everything that it lacks at once, drafts of two hands, and a receipt."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.library.access_worlds import CNSA, MG, OPENS, a_call, a_draft, a_line, a_request, wheres

from aliquot import request_drafts, requests
from aliquot.fault import Fault
from aliquot.requests import Request

LEAD = a_draft()["lead"]
FUNDER = a_draft()["funders"][0]  # type: ignore[index]


def read(**changed: object) -> list[str]:
    return wheres(request_drafts.read(a_draft(**changed), call=a_call(), rules=CNSA))


def test_a_complete_request_is_read_into_values() -> None:
    found = a_request()
    line = found.lines[0]
    assert (line.sample, line.least_ng, line.wanted_ng, line.destructive_percent) == (
        "P-1",
        20 * MG,
        50 * MG,
        10,
    )
    assert found.lead.orcid == "0000-0002-1825-0097"
    assert found.institutions == {"05gq02987"}


def test_what_is_lent_whole_needs_no_amount() -> None:
    line = a_request(lines=[a_line(sample="M-1", form="", least="", wanted="", alternatives=[])]).lines[0]
    assert (line.least_ng, line.wanted_ng) == (30 * MG, 30 * MG)


def test_a_kind_may_be_asked_for_instead_of_a_sample() -> None:
    assert a_request(lines=[a_line(sample="", kind="basalt")]).lines[0].kind == "basalt"


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"title": ""}, ["title"]),
        ({"title": 3}, ["title"]),
        ({"summary": "x" * 10_001}, ["summary"]),
        ({"lead": LEAD | {"orcid": "0000-0002-1825-0098"}}, ["lead.orcid"]),  # type: ignore[operator]
        ({"lead": LEAD | {"ror": "05gq02988"}}, ["lead.ror"]),  # type: ignore[operator]
        ({"lead": LEAD | {"country": "UK"}}, ["lead.country"]),  # type: ignore[operator]
        ({"lead": LEAD | {"age": "50"}}, ["lead.age"]),  # type: ignore[operator]
        ({"lead": []}, ["lead", "lead.orcid", "lead.ror", "lead.country", "lead.name", "lead.institution"]),
        ({"team": [{"name": "Fay", "institution": "x", "country": "FR"}]}, []),
        ({"team": [{"name": "Fay", "institution": "x", "country": "FR", "orcid": "1"}]}, ["team[0].orcid"]),
        ({"team": "Fay"}, ["team"]),
        ({"funders": []}, ["funders"]),
        ({"funders": [FUNDER | {"years": []}]}, ["funders[0].years"]),
        ({"funders": [FUNDER | {"years": ["27"]}]}, ["funders[0].years"]),
        ({"lines": []}, ["lines"]),
        ({"lines": {}}, ["lines", "lines"]),
        ({"lines": [a_line(sample="X-9")]}, ["lines[0].sample"]),
        ({"lines": [a_line(kind="basalt")]}, ["lines[0].sample"]),
        ({"lines": [a_line(sample="", kind="glass")]}, ["lines[0].kind"]),
        ({"lines": [a_line(form="rock")]}, ["lines[0].form"]),
        ({"lines": [a_line(alternatives=["P-1"])]}, ["lines[0].alternatives"]),
        ({"lines": [a_line(alternatives="P-2")]}, ["lines[0].alternatives"]),
        ({"lines": [a_line(least="60 mg")]}, ["lines[0].least"]),
        ({"lines": [a_line(least="0 mg")]}, ["lines[0].least"]),
        ({"lines": [a_line(wanted="201 mg")]}, ["lines[0].wanted"]),
        ({"lines": [a_line(wanted="lots")]}, ["lines[0].wanted"]),
        ({"lines": [a_line(destructive_percent="101")]}, ["lines[0].destructive_percent"]),
        ({"lines": [a_line(destructive_percent=True)]}, ["lines[0].destructive_percent"]),
        ({"lines": [a_line(why=" ")]}, ["lines[0].why"]),
        ({"security": ""}, ["security"]),
        ({"earlier_loans": "\x1b"}, ["earlier_loans"]),
        ({"colour": "red"}, ["colour"]),
    ],
)
def test_what_is_missing_or_wrong_is_told_beside_its_field(
    changed: dict[str, object], where: list[str]
) -> None:
    assert read(**changed) == where


def test_an_empty_draft_is_told_everything_at_once() -> None:
    found = request_drafts.read({}, call=a_call(), rules=CNSA)
    assert isinstance(found, tuple)
    assert set(wheres(found)) == {
        "title", "summary", "lead.name", "lead.orcid", "lead.institution", "lead.ror", "lead.country", "funders", "lines",
        "facilities", "security", "return_plan", "earlier_loans",
    }  # fmt: skip


def test_lines_are_read_as_far_as_they_are_typed_and_keep_their_place() -> None:
    half = a_line(why="", method="", destructive_percent="")
    told = {"lines": [a_line(wanted=""), "x", half, a_line(sample="X")]}
    lines = request_drafts.lines_so_far(told, call=a_call(), rules=CNSA)
    assert [(line.sample, line.wanted_ng) for line in lines] == [("", 0), ("", 0), ("P-1", 50 * MG), ("", 0)]
    assert request_drafts.lines_so_far({"lines": "x"}, call=a_call(), rules=CNSA) == ()


def test_a_call_may_be_for_some_countries() -> None:
    found = request_drafts.read(a_draft(), call=a_call(countries=("CN",)), rules=CNSA)
    assert wheres(found) == ["lead.country"]


@pytest.mark.parametrize(
    "told",
    [[], "x", None, {"x": 1}, {"title": 1.5}, {"title": float("nan")}, {"title": "\0"}, {"title": "\ud800"},
     {"summary": "é" * 250_000}, {"lines": [[[[[[]]]]]]}, {"title": 2**60}, {3: 4}],
)  # fmt: skip
def test_a_draft_that_cannot_be_kept_is_refused(told: object) -> None:
    assert request_drafts.check_draft(told)


def test_a_draft_nested_beyond_all_measure_is_refused() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert request_drafts.check_draft({"lines": deep})


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(request_drafts.KEYS), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(request_drafts.LINE_KEYS), inner, max_size=3),
    max_leaves=8)))  # fmt: skip
def test_whatever_is_typed_is_read_or_told_what_is_wrong(told: dict[str, object]) -> None:
    found = request_drafts.read(told, call=a_call(), rules=CNSA)
    assert isinstance(found, Request) or all(isinstance(one, Fault) for one in found)


DRAFTS = st.dictionaries(
    st.sampled_from(["title", "summary", "news", "lines"]), st.sampled_from(["", "a", "b"])
)


@given(DRAFTS, DRAFTS, DRAFTS)
def test_two_who_write_at_once_lose_nothing(
    base: dict[str, object], mine: dict[str, object], theirs: dict[str, object]
) -> None:
    merged, clashes = request_drafts.merge(base, mine, theirs)
    for key in {*base, *mine, *theirs}:
        was, now, other, is_now = (each.get(key) for each in (base, mine, theirs, merged))
        if key in clashes:
            assert was != now != other != was
            assert is_now == other
        else:
            assert is_now == (now if now != was else other)
    assert request_drafts.merge(base, base, theirs) == (theirs, ())
    assert request_drafts.merge(base, mine, base) == (mine, ())


def test_a_receipt_stands_for_text_call_version_and_time() -> None:
    at = datetime(2027, 3, 31, tzinfo=UTC)
    given = {"call_sha256": "a", "request": "r", "version": 1, "at": at}
    first = requests.receipt(a_draft(), **given)  # type: ignore[arg-type]
    again = json.loads(json.dumps(a_draft()))
    assert requests.receipt(dict(reversed(again.items())), **given) == first  # type: ignore[arg-type]
    others = [given | {"version": 2}, given | {"call_sha256": "b"}, given | {"at": at.replace(second=1)}]
    hashes = {requests.receipt(a_draft(), **other) for other in others}  # type: ignore[arg-type]
    assert len(hashes | {first, requests.receipt(a_draft(title="x"), **given)}) == 5  # type: ignore[arg-type]


def test_a_receipt_is_the_hash_of_a_text_that_anybody_can_hash_again() -> None:
    given = {"call_sha256": "0" * 64, "request": "ab", "version": 2, "at": OPENS}
    files = [requests.Enclosed("plan.pdf", "1" * 64)]
    text = requests.receipt_text(a_draft(), **given, files=files)  # type: ignore[arg-type]
    assert requests.receipt(a_draft(), **given, files=files) == hashlib.sha256(text.encode()).hexdigest()  # type: ignore[arg-type]
    assert "plan.pdf" in text
    assert requests.receipt(a_draft(), **given) != requests.receipt(a_draft(), **given, files=files)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"begins": "tomorrow"}, ["begins"]),
        ({"months": "0"}, ["months"]),
        ({"months": True}, ["months"]),
        ({"law": {"two_sided": 3}}, ["law.two_sided"]),
        ({"law": "yes"}, ["law"]),
        ({"lead": LEAD | {"institution_names": ["\u200b"]}}, ["lead.institution_names"]),  # type: ignore[operator]
    ],
)
def test_what_may_be_left_out_is_read_where_it_is_told(changed: dict[str, object], where: list[str]) -> None:
    assert read(**changed) == where


def test_an_institution_has_names_in_many_languages() -> None:
    lead = LEAD | {"institution_names": ["布朗大学", " "]}  # type: ignore[operator]
    found = a_request(lead=lead, begins="2027-06-01", months="12", law={"two_sided": "no"})
    assert found.lead.institution_names == ("布朗大学",)
    assert (found.begins, found.months, found.law) == (date(2027, 6, 1), 12, {"two_sided": "no"})
