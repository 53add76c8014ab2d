"""The catalogue page: all state in the address, few queries, none that scans, files of exactly what is shown."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from collection import VAULT, a_collection, ng
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aliquot.site import search
from aliquot.site.models import Head, Holder, Sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(db: None) -> None:
    a_collection()
    search.rebuild()


def numbers_on(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a class="number" href="[^"]*">([^<]+)</a>', page)


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_catalogue_shows_every_published_sample(client: Client, collection: None) -> None:
    page = shown(client, "/catalogue/")
    assert numbers_on(page) == [
        "15555,1",
        "15555,2",
        "15555,10",
        "CE5C0400YJFM001",
        "core/7:é月,2",
        "lot:test:round-1",
    ]


def test_a_lot_that_stands_for_several_samples_says_so(client: Client, collection: None) -> None:
    assert "stands for several samples whose numbers were not published" in shown(
        client, "/catalogue/?q=lot:test"
    )
    assert "stands for several" not in shown(client, "/catalogue/?q=15555")


def test_filters_in_the_address_narrow_the_list_and_can_be_taken_away(
    client: Client, collection: None
) -> None:
    page = shown(client, "/catalogue/?form=powder&condition=pristine&most=1+g")
    assert numbers_on(page) == ["CE5C0400YJFM001"]
    assert 'href="?condition=pristine&amp;most=1+g"' in page
    assert 'href="?form=powder&amp;condition=pristine"' in page


def test_the_form_keeps_the_chosen_facets(client: Client, collection: None) -> None:
    assert '<input type="hidden" name="form" value="powder" id="id_form_0">' in shown(
        client, "/catalogue/?form=powder"
    )


def test_the_list_can_be_sorted_from_its_head(client: Client, collection: None) -> None:
    assert numbers_on(shown(client, "/catalogue/?sort=-mass"))[0] == "lot:test:round-1"
    assert 'aria-sort="descending"' in shown(client, "/catalogue/?sort=-mass")


def test_a_mass_that_is_none_is_said_beside_the_field(client: Client, collection: None) -> None:
    page = shown(client, "/catalogue/?least=1,5+g")
    assert "has a comma or a space where it cannot be told" in page
    assert 'aria-invalid="true"' in page


def test_a_question_too_long_is_refused_in_words(client: Client, collection: None) -> None:
    assert "the question is too long" in shown(client, "/catalogue/?q=" + "x" * 5000)


@pytest.mark.parametrize(
    "query",
    [
        "q=%00%ED%A0%80", "q=((((&sort=;DROP", "page=-1", "page=999999999999", "page=٣", "form=%00&form=x", "holder=" + "x" * 3000,
        "least=1e400+g&most=NaN", "mission=%F0%9F%8C%99", "format=exe", "q=\"'><script>alert(1)</script>",
    ],
)  # fmt: skip
def test_hostile_addresses_get_a_page(client: Client, collection: None, query: str) -> None:
    assert "<script>alert" not in shown(client, f"/catalogue/?{query}")


def test_a_page_has_fifty_samples_and_leads_on(client: Client, many: None) -> None:
    first = shown(client, "/catalogue/?q=many")
    assert len(numbers_on(first)) == 50
    assert "1 to 50 of 2,000 samples" in first
    second = shown(client, "/catalogue/?q=many&page=2")
    assert not set(numbers_on(first)) & set(numbers_on(second))
    assert 'rel="prev" href="?q=many&amp;page=1"' in second


def test_the_other_language_has_the_same_page(client: Client, collection: None) -> None:
    page = shown(client, "/zh-hans/catalogue/?q=15555")
    assert "15555,1" in page
    assert "测试实验室" in page
    assert 'href="/catalogue/?q=15555"' in page


def test_the_exact_place_is_on_no_public_page(client: Client, collection: None) -> None:
    for address in ("/catalogue/", "/samples/15555,1/", "/catalogue/?format=csv", "/catalogue/?format=json"):
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        assert b"drawer" not in body


# -- files ---------------------------------------------------------------------------------------------------


def file(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response).decode()


def test_the_csv_holds_exactly_what_is_shown(client: Client, collection: None) -> None:
    rows = list(csv.DictReader(io.StringIO(file(client, "/catalogue/?q=15555&sort=number&format=csv"))))
    assert [row["number"] for row in rows] == numbers_on(shown(client, "/catalogue/?q=15555&sort=number"))
    assert rows[0]["mass_ng"] == str(ng("9 g") - ng("2 g") - ng("2 mg"))


def test_the_json_holds_the_same(client: Client, collection: None) -> None:
    rows = json.loads(file(client, "/catalogue/?form=powder&format=json"))
    assert {row["number"] for row in rows} == {"CE5C0400YJFM001", "lot:test:round-1"}


def test_no_cell_of_the_csv_is_a_formula(client: Client, collection: None) -> None:
    Sample.objects.filter(number="15555,1").update(material='=HYPERLINK("http://x")')
    assert "'=HYPERLINK" in file(client, "/catalogue/?q=15555,1&format=csv")


# -- queries -------------------------------------------------------------------------------------------------


@pytest.fixture
def many(db: None) -> None:
    """Two thousand samples, as an import leaves them."""
    holder = Holder.objects.create(key=VAULT, root="place", name_en="Test laboratory")
    rows = [
        Sample(
            number=f"many-{n}", mission="change-5", start_ng=n + 1, mass_ng=n + 1, holder=holder, revision=1
        )
        for n in range(2000)
    ]
    Sample.objects.bulk_create(rows)
    Head.objects.filter(pk=1).update(revision=1)
    search.rebuild()


def scans(address: str, client: Client) -> list[str]:
    """Return the steps of all queries of a page that read a whole table of the catalogue or the ledger."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    found = []
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"), None)
            found += [step[-1] for step in cursor.fetchall()]
    return [step for step in found if re.match(r"SCAN aliquot_(?!head)", step) and "USING" not in step]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's own plans")
@pytest.mark.parametrize(
    "address", ["/catalogue/", "/catalogue/?q=many-7&form=-&sort=-mass", "/samples/many-7/"]
)
def test_no_query_of_a_page_scans_a_table(client: Client, many: None, address: str) -> None:
    assert scans(address, client) == []


@pytest.mark.parametrize("address", ["/catalogue/", "/catalogue/?q=many&holder=place:vault&sort=mass&page=7"])
def test_the_catalogue_asks_four_queries(
    client: Client, many: None, django_assert_num_queries: Callable[..., object], address: str
) -> None:
    # Where the ledger's head is, what the holders are called, the rows, which calls are open.
    with django_assert_num_queries(4):
        client.get(address)
