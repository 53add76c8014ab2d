"""The collection at a glance, and two samples side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.site import collection as c

from aliquot.site import queries
from aliquot.site.drawings import bars
from aliquot.site.models import Person, Sample
from aliquot.site.operations import commitments

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def stock(db: None) -> None:
    c.holders()
    c.a_sample("T-1", "5 g")
    c.a_sample("T-2", "10 g", use="backup", sealed=True, form="bulk")
    c.cut("T-1", "T-1,1", weigh="4.2 g", lost="1 mg")


def test_masses_are_summed_from_every_side(stock: None) -> None:
    found = queries.overview.overview()
    assert found.by(lambda g: g.use_class) == {
        "backup": (1, c.ng("10 g")), "research": (2, c.ng("4.999 g"))
    }  # fmt: skip
    assert sum(ng for _count, ng in found.by(lambda g: g.form).values()) == c.ng("14.999 g")
    assert found.received_ng == {"change-5": c.ng("15 g")}


def test_what_is_nearly_gone_is_named_with_what_is_promised_of_it(stock: None) -> None:
    commitments.promise("T-1", mass_ng=c.ng("0.5 g"), basis="allocation:1", by="person:17", at=NOW)
    scarce = queries.overview.overview().scarce
    assert [(one.number, one.mass_ng, one.promised_ng) for one in scarce] == [
        ("T-1", c.ng("0.799 g"), c.ng("0.5 g"))
    ]


def test_the_overview_follows_the_ledger(stock: None) -> None:
    before = queries.overview.overview()
    assert queries.overview.overview() is before
    c.a_sample("T-3", "1 g")
    assert queries.overview.overview().received_ng == {"change-5": c.ng("16 g")}


def test_the_reserve_is_held_against_the_policy(
    stock: None, ada: Person, bo: Person, signed_in: Callable[[Person], Client]
) -> None:
    page = signed_in(ada).get("/overview/")
    assert page.status_code == 200
    (row,) = page.context["reserves"]
    assert (row["target_ng"], row["held_ng"], row["short_ng"]) == (c.ng("1.5 g"), c.ng("10 g"), 0)
    assert signed_in(bo).get("/overview/").status_code == 403


def test_an_empty_collection_has_an_overview_too(ada: Person, signed_in: Callable[[Person], Client]) -> None:
    assert "Nothing is in the stores" in signed_in(ada).get("/overview/").text


def test_two_samples_stand_side_by_side(stock: None, client: Client) -> None:
    page = client.get("/compare/", {"a": "T-1", "b": "T-2"})
    differ = {row["term"] for row in page.context["rows"] if row["differs"]}
    assert {"Form", "Class of use", "Mass today"} <= differ
    assert "Mission" not in differ


def test_a_number_that_nobody_has_is_said_beside_its_field(stock: None, client: Client) -> None:
    page = client.get("/compare/", {"a": "T-1", "b": "T-9"})
    assert page.status_code == 200
    assert "No sample has this number" in page.text
    assert client.get("/compare/").status_code == 200


def test_what_is_not_published_cannot_be_compared(stock: None, client: Client) -> None:
    Sample.objects.filter(number="T-2").update(published=False)
    assert "No sample has this number" in client.get("/compare/", {"a": "T-1", "b": "T-2"}).text


@given(st.lists(st.integers(0, 10**15), max_size=8))
def test_any_bars_can_be_drawn(masses: list[int]) -> None:
    drawn = bars.draw([bars.Bar("b", ng, mark_ng=ng) for ng in masses], prefix="b", title="t")
    assert drawn.count("d-trough") == len(masses)
