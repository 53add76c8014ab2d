"""Walking through a family, however large it is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.site import collection as c

from aliquot.site import queries
from aliquot.site.models import Descent, Sample


@pytest.fixture
def lot(db: None) -> Sample:
    """A lot that was cut in two, one half again in many, one of which was combined with a stranger."""
    c.holders()
    c.a_sample("T-1", "5 g")
    c.cut("T-1", "T-1,1", "T-1,2", weigh="1 g")
    c.cut("T-1,1", *(f"T-1,1,{n:02d}" for n in range(12)))
    return Sample.objects.get(number="T-1")


def test_the_first_daughters_are_drawn_and_the_others_counted(client: Client, lot: Sample) -> None:
    near = queries.families.near(lot, depth=2)
    assert len(near.relatives) == 1 + 2 + queries.families.BRANCH
    assert near.unseen == {"T-1,1": 12 - queries.families.BRANCH}
    page = client.get("/families/T-1/")
    assert page.status_code == 200
    assert "14 samples descend from it" in page.text
    assert "+ 4 more" in page.text


def test_walking_up_shows_what_a_daughter_was_made_from(client: Client, lot: Sample) -> None:
    page = client.get("/families/T-1,1,03/")
    assert 'href="/families/T-1/?depth=2"' in page.text
    assert "Nothing was made from it so far" in page.text


def test_fewer_and_more_generations_are_one_click_away(client: Client, lot: Sample) -> None:
    assert 'href="?depth=1"' in client.get("/families/T-1/").text
    assert "T-1,1,03" not in client.get("/families/T-1/?depth=1").text
    for nonsense in ("0", "99", "x", ""):
        assert client.get("/families/T-1/", {"depth": nonsense}).status_code == 200


def test_an_unknown_number_leads_to_those_like_it(client: Client, lot: Sample) -> None:
    assert client.get("/families/T-9/").status_code == 404


def test_what_is_not_published_is_neither_drawn_nor_counted(client: Client, lot: Sample) -> None:
    Sample.objects.filter(number="T-1,2").update(published=False)
    page = client.get("/families/T-1/")
    assert "13 samples descend from it" in page.text
    assert "T-1,2" not in page.text


def test_daughters_come_page_by_page_and_queries_do_not_grow(client: Client, lot: Sample) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/families/T-1/")
    entry = Descent.objects.filter(parent=lot).first().entry
    rows = [Sample(number=f"T-2,{n:05d}", start_ng=1, mass_ng=1) for n in range(1_500)]
    Sample.objects.bulk_create(rows)
    made = Sample.objects.filter(number__startswith="T-2,")
    Descent.objects.bulk_create(Descent(entry=entry, kind="split", parent=lot, daughter=one) for one in made)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/families/T-1/")
    assert len(many) == len(few)
    assert "1,514 samples" in page.text or "1514 samples" in page.text
    assert page.text.count("<rect") < 200
    found, following = queries.families.daughters(lot)
    assert len(found) == queries.families.PAGE
    assert queries.families.daughters(lot, after=following)[0][0].number > following
