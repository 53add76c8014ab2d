"""A sample's file: how it was on a day, what was done to it, how it was weighed, what people wrote on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.site import collection as c

from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.drawings import weighings as drawing
from aliquot.site.models import Exposure, HandledSample, Handling, Person, Remark, Sample, Weighing
from aliquot.site.operations import remarks, samples

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def sample(db: None) -> Sample:
    c.holders()
    c.a_sample("T-1", "5 g")
    c.cut("T-1", "T-1,1", weigh="1 g", lost="1 mg")
    samples.move(
        "T-1",
        source=c.VAULT,
        target=c.SHELF,
        mass_ng=c.ng("3 g"),
        by=samples.By("person:17", "2026-06-01T12:00:00Z"),
    )
    return Sample.objects.get(number="T-1")


def _handled(sample: Sample, kind: str = "expose", **fields: object) -> Handling:
    made = Handling.objects.create(kind=kind, at=NOW, recorded_at=NOW, by="person:17", **fields)
    HandledSample.objects.create(handling=made, sample=sample, part="handled")
    return made


def test_the_ledger_tells_how_a_sample_was_on_any_day(sample: Sample) -> None:
    before = queries.histories.as_of(sample, date(2026, 2, 28))
    assert (before.entries, before.mass_ng, before.use_class) == (0, 0, "")
    then = queries.histories.as_of(sample, date(2026, 5, 31))
    assert [(one.whom.key, one.mass_ng) for one in then.held] == [(c.VAULT, c.ng("3.999 g"))]
    assert [one.mass_ng for one in then.gone] == [c.ng("1 mg")]
    assert (then.use_class, then.sealed, then.entries) == ("research", False, 2)
    today = queries.histories.as_of(sample, date(2026, 6, 1))
    assert {one.whom.key: one.mass_ng for one in today.held} == {
        c.VAULT: c.ng("0.999 g"),
        c.SHELF: c.ng("3 g"),
    }


def test_the_page_shows_the_day_that_is_asked_for(sample: Sample, client: Client) -> None:
    page = client.get("/samples/T-1/", {"on": "2026-05-31"})
    assert "At the end of 2026-05-31" in page.text
    assert "3.999 g" in page.text
    for nonsense in ("2026-02-30", "yesterday", "0000-00-00", "9" * 40):
        page = client.get("/samples/T-1/", {"on": nonsense})
        assert page.status_code == 200
        assert "This is not a day" in page.text


def test_everybody_sees_what_was_done_and_only_the_house_sees_by_whom_and_why(
    sample: Sample, client: Client, ada: Person, signed_in: Callable[[Person], Client]
) -> None:
    _handled(sample, reason="a glove tore", note="box 3")
    for page, sees in ((client.get("/samples/T-1/"), False), (signed_in(ada).get("/samples/T-1/"), True)):
        assert ("a glove tore" in page.text) is sees
        assert ("person:17" in page.text) is sees
        assert "No work at the bench" not in page.text


def test_an_exposure_says_from_whom_it_was_inherited(sample: Sample, client: Client) -> None:
    made = _handled(sample)
    first = Exposure.objects.create(sample=sample, handling=made, agent="magnet", amount="0.1 T")
    daughter = Sample.objects.get(number="T-1,1")
    Exposure.objects.create(sample=daughter, handling=made, agent="magnet", amount="0.1 T", origin=first)
    page = client.get("/samples/T-1,1/").text
    assert "Exposed for ever" in page
    assert "inherited from" in page


def test_weighings_are_drawn_with_a_table_behind_them(sample: Sample, client: Client) -> None:
    for day, mass in ((1, "5 g"), (2, "4.9 g")):
        Weighing.objects.create(sample=sample, at=NOW.replace(day=day), by="person:17", reading=mass, mass_ng=c.ng(mass),
                                sd_ng=c.ng("1 mg"), book_ng=c.ng("5 g"), balance="balance-1")  # fmt: skip
    page = client.get("/samples/T-1/").text
    assert "How it was weighed" in page
    assert page.count("d-bar") == 2


def test_a_remark_is_kept_with_its_author_and_the_public_never_sees_it(
    sample: Sample, client: Client, ada: Person, bo: Person, signed_in: Callable[[Person], Client]
) -> None:
    browser = signed_in(ada)
    token = str(browser.get("/samples/T-1/").context["csrf_token"])
    form = {"csrfmiddlewaretoken": token, "acting_key": "k1", "text": "The lid sticks.\nMind it. <b>"}
    for _ in range(2):  # a double click
        assert browser.post("/remarks/T-1/", form).status_code == 302
    assert Remark.objects.get().by == ada
    assert "The lid sticks." in browser.get("/samples/T-1/").text
    assert "<b>" not in browser.get("/samples/T-1/").text
    assert "The lid sticks." not in client.get("/samples/T-1/").text
    other = signed_in(bo)
    token = str(other.get("/samples/T-1/").context["csrf_token"])
    assert other.post("/remarks/T-1/", form | {"csrfmiddlewaretoken": token}).status_code == 403
    assert browser.post("/remarks/T-1/", {"text": "x", "acting_key": "k2"}).status_code == 403


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4001, "nul \0", "bell \a"])
def test_a_remark_that_is_none_is_refused(sample: Sample, ada: Person, text: str) -> None:
    with pytest.raises(Refused):
        remarks.write("T-1", text, by=ada, at=NOW)
    assert not Remark.objects.exists()


def test_a_remark_on_no_sample_is_refused(ada: Person) -> None:
    with pytest.raises(Refused, match="T-9"):
        remarks.write("T-9", "hello", by=ada, at=NOW)


@given(low=st.integers(0, 10**15), width=st.integers(1, 10**15))
def test_the_marks_of_the_axis_are_few_round_and_within_it(low: int, width: int) -> None:
    found = drawing.ticks(low, low + width)
    assert len(found) <= 6
    assert all(low <= one <= low + width for one in found)
    steps = {after - before for before, after in pairwise(found)}
    assert len(steps) <= 1
    assert all(str(step).rstrip("0") in ("1", "2", "5") for step in steps)


@given(
    st.lists(
        st.tuples(
            st.dates(date(1969, 1, 1), date(2100, 1, 1)), st.integers(0, 10**13), st.integers(0, 10**9)
        ),
        max_size=8,
    )
)
def test_any_weighings_can_be_drawn(told: list[tuple[date, int, int]]) -> None:
    readings = [drawing.Reading(day.isoformat(), mass, sd, mass) for day, mass, sd in sorted(told)]
    drawn = drawing.draw(readings, prefix="w", title="t")
    assert drawn.count("d-bar") == len(readings)
