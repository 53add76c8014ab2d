"""The draft of a call: read into values, or told field by field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.library.access_worlds import CNSA, MG, OPENS, wheres

from aliquot import call_drafts, calls
from aliquot.calls import Call

DRAFT = {
    "title": "Second call", "scope": "Basalt", "who": "All", "countries": ["FR"], "opens": "2027-01-01 00:00",
    "closes": "2027-03-31 24:00", "zone": "Asia/Shanghai", "policy": "cnsa",
    "offers": [{"sample": "P-1", "mass": "200 mg", "form": "powder", "kind": "basalt"}],
    "criteria": [{"key": "merit", "name": "Merit", "weight": "100"}],
}  # fmt: skip


def read(**changed: object) -> Call | tuple[object, ...]:
    return call_drafts.read(DRAFT | changed, rules=CNSA, policy_sha256="0")


def test_a_draft_is_read_and_the_policy_speaks_where_it_is_silent() -> None:
    found = read()
    assert isinstance(found, Call)
    assert found.closes == datetime(2027, 3, 31, 16, tzinfo=UTC)
    assert (found.grace_minutes, found.two_stage, found.hearing_minutes, found.points_most) == (
        10,
        True,
        15,
        10,
    )
    assert (found.offers[0].mass_ng, found.criteria[0].weight, found.policy) == (200 * MG, 100, "cnsa")


def test_a_call_is_written_as_the_draft_that_states_it() -> None:
    for changed in (
        {},
        {"zone": "America/New_York"},
        {"offers": [{"sample": "P-1", "mass": "12345.678901 g", "rare": True}]},
    ):
        found = read(**changed)
        assert isinstance(found, Call)
        assert call_drafts.read(call_drafts.write(found), rules=CNSA, policy_sha256="0") == found


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"title": 3}, ["title"]),
        ({"zone": "Mars"}, ["zone"]),
        ({"closes": "soon"}, ["closes"]),
        ({"countries": "FR"}, ["countries"]),
        ({"grace_minutes": "-1"}, ["grace_minutes"]),
        ({"grace_minutes": 1.5}, ["grace_minutes"]),
        ({"two_stage": "yes"}, ["two_stage"]),
        ({"offers": [{"sample": "P-1", "mass": "much"}]}, ["offers[0].mass"]),
        ({"offers": [{"sample": "P-1", "mass": "1 mg", "rare": "x"}]}, ["offers[0].rare"]),
        ({"offers": ["P-1"]}, ["offers[0]"]),
        ({"offers": [{"colour": "red"}]}, ["offers[0]"]),
        ({"criteria": [{"key": "a", "name": "A", "weight": "heavy"}]}, ["criteria[0].weight"]),
        ({"colour": "red"}, ["colour"]),
        ({"scope": "\0"}, ["call"]),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field(changed: dict[str, object], where: list[str]) -> None:
    assert wheres(read(**changed)) == where


@pytest.mark.parametrize(
    "told", [None, [], "x", {"title": "\ud800"}, {"title": float("nan")}, {"title": object()}]
)
def test_a_draft_that_cannot_be_kept_is_refused(told: object) -> None:
    assert call_drafts.check_draft(told)


def test_what_cannot_be_read_hides_no_other_fault() -> None:
    told = DRAFT | {"closes": "soon", "title": "", "criteria": [{"name": "Merit", "weight": "x"}]}
    call, unread = call_drafts.so_far(told, rules=CNSA, policy_sha256="0" * 64)
    assert wheres(unread) == ["closes", "criteria[0].weight"]
    others = calls.check(call, at=OPENS, stock={}, rules=CNSA)
    assert {"title", "closes", "criteria"} <= set(wheres(others))
    left = wheres(call_drafts.besides(others, unread))
    assert "title" in left
    assert not {"closes", "criteria", "criteria[0]"} & set(left)
