"""Every number of the register's pages is that of a fact: what a page marks resolves, and says what the fact says."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from aliquot import mass, register, register_known
from aliquot.site import queries

pytestmark = pytest.mark.django_db
PAGES = (
    "/", "/transfers/", "/transfers/2023-china-france/", "/missions/change-5/", "/missions/luna-20/", "/sources/U7/", "/timeline/",
    "/parties/cn/", "/between/cn/ru/", "/diplomacy/", "/frameworks/", "/plans/", "/not-known/", "/shares/", "/moon/",
    "/facts/change-6.side/",
)  # fmt: skip
MARKED = re.compile(r'data-claim="([^"]+)"[^>]*>(.*?)</(?:a|span|li)>', re.DOTALL)
VALUES = re.compile(r'class="(?:asked__value|others__value|statements__value)"[^>]*>')


def bare(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.mark.parametrize("address", PAGES)
def test_every_marked_number_is_that_of_a_fact(client: Client, address: str) -> None:
    text = client.get(address).content.decode()
    record, marked = register.load(), MARKED.findall(text)
    assert marked
    for key, shown in marked:
        fact = queries.register.facts.statement(record, key)
        assert fact or key in record.transfers or key in record.rounds, key
        if fact and fact.mass_ng is not None and "<" not in shown and "%" not in shown:
            assert bare(shown) == fact.shown("en"), key
    # No value of a statement stands on a page without the key of its fact.
    assert all("data-claim" in one for one in VALUES.findall(text))


MASS = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)? (?:kg|g|mg|µg)\b")


def known_masses() -> set[str]:
    """Return every mass as the record's facts tell it, and the sums and gaps that follow from them."""
    record = register.load()
    told = {one for text in texts(register.plain(record)) for one in MASS.findall(text)}
    masses_ng = {fact.mass_ng for fact in record.facts() if fact.mass_ng}
    masses_ng |= {
        said.mass_ng for fact in record.transfers.values() for said in fact.statements if said.mass_ng
    }
    masses_ng |= {one.gap_ng for one in register.contradictions(record) if one.gap_ng}
    masses_ng |= {
        side.mass_ng for one in register.contradictions(record) for side in one.sides if side.mass_ng
    }
    flows = [flow for mission in record.missions if (flow := register.flow(record, mission))]
    masses_ng |= {node.mass_ng for flow in flows for node in flow.nodes} | {
        link.mass_ng for flow in flows for link in flow.links
    }
    shares = [line for chapter in queries.register.shares.shares().chapters for line in chapter.lines]
    told |= {one for line in shares for text in (line.text, line.note) for one in MASS.findall(text)}
    return (
        told | {mass.show(ng) for ng in masses_ng} | {queries.register.shown.weight(ng) for ng in masses_ng}
    )


def texts(value: register.Plain) -> Iterator[str]:
    """Yield every text in plain values."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(inner)


def test_no_page_tells_a_mass_that_no_fact_tells(client: Client) -> None:
    known, told = known_masses(), set[str]()
    for address in (
        *PAGES,
        "/contradictions/",
        "/sources/",
        "/parties/us/",
        "/parties/nasa/",
        "/missions/apollo-17/",
    ):
        text = client.get(address).content.decode()
        main = bare(re.sub(r"<(script|style).*?</\1>", " ", text, flags=re.DOTALL))
        told |= (found := set(MASS.findall(main)))
        assert found <= known, address
    assert len(told) > 60


def test_every_fact_has_a_permanent_address(client: Client) -> None:
    record = register.load()
    for key in [*list(record.statements)[::12], *list(record.transfers)[::6], *record.rounds]:
        answer = client.get(f"/facts/{key}/")
        assert answer.status_code in (200, 302), key
        if answer.status_code == 302:
            assert key in answer["Location"] or key in record.transfers
    assert client.get("/facts/nothing/").status_code == 404


def test_a_fact_says_which_statement_is_best_and_why(client: Client) -> None:
    text = bare(client.get("/facts/luna-20.returned_mass.U7/").content.decode())
    assert "50 g" in text
    assert "55 g : its source has the better grade" in text


def test_what_could_be_known_on_a_day_follows_from_the_dates_of_sources(client: Client) -> None:
    record = register.load()
    then = register_known.as_known_on(record, date(2023, 4, 24))
    assert "2022-china-russia" in then.transfers
    assert not {"2024-bangkok-display", "2025-brown-approved"} & set(then.transfers)
    assert set(then.missions) == set(record.missions)
    for fact in then.facts():
        assert register_known.known_on(record, fact) <= date(2023, 4, 24)
    page = client.get("/transfers/?as_known_on=2023-04-24").content.decode()
    assert "/transfers/2022-china-russia/" in page
    assert "/transfers/2025-brown-approved/" not in page
    assert client.get("/transfers/2025-brown-approved/?as_known_on=2023-04-24").status_code == 404
    assert client.get("/transfers/2025-brown-approved/").status_code == 200


@pytest.mark.parametrize("wrong", ["soon", "2023-13-01", "20230424", "2023-4-1"])
def test_a_day_that_is_none_is_named_beside_its_field(client: Client, wrong: str) -> None:
    text = client.get("/plans/", {"as_known_on": wrong}).content.decode()
    assert 'aria-invalid="true"' in text
    assert "is no day; write it as 2023-04-24" in text
    assert client.get("/plans/", {"as_known_on": wrong, "format": "csv"}).status_code == 400


def test_a_page_goes_out_as_table_linked_art_and_citation(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/between/cn/ru/?format=csv").content.decode())))
    assert {"2022-china-russia", "2023-russia-china"} <= {row["key"] for row in rows}
    linked = json.loads(client.get("/parties/cn/?format=jsonld").content)
    parts = [part["type"] for one in linked["members_exemplified_by"] for part in one.get("part", ())]
    assert {"Acquisition", "TransferOfCustody"} == set(parts)
    masses = [
        dimension["value"]
        for one in linked["members_exemplified_by"]
        for part in one.get("part", ())
        for what in part.get("transferred_title_of", ())
        for dimension in what["dimension"]
    ]
    assert 1_500_000_000 in masses
    assert client.get("/plans/?format=bib").content.startswith(b"@misc{aliquot-plans,")
    assert client.get("/plans/?format=ris").content.startswith(b"TY  - ELEC\r\n")
    assert json.loads(client.get("/plans/?format=csl").content)[0]["type"] == "dataset"
    assert client.get("/plans/?format=pdf").status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/", "/transfers/", "/transfers/2023-china-france/", "/missions/change-5/", "/missions/luna-20/", "/sources/", "/sources/U7/",
        "/contradictions/", "/parties/", "/parties/cn/", "/parties/nasa/", "/parties/nixon/", "/shares/", "/not-known/", "/moon/",
        "/timeline/", "/diplomacy/", "/frameworks/", "/plans/", "/between/cn/fr/", "/facts/change-6.side/",
    ],
)  # fmt: skip
def test_every_kind_of_page_goes_out_in_every_form_and_is_cited(client: Client, address: str) -> None:
    text = client.get(address).content.decode()
    assert f"http://testserver{address} (seen " in bare(text)
    for form in ("csv", "jsonld", "bib", "ris", "csl", "txt"):
        assert f'href="?format={form}"' in text, form
        assert client.get(address, {"format": form}).status_code == 200, form
    linked = json.loads(client.get(address, {"format": "jsonld"}).content)
    assert linked["members_exemplified_by"]
    lines = client.get(address, {"format": "csv"}).content.decode().splitlines()
    assert len(lines) > 1
    assert (
        json.loads(client.get(address, {"format": "csl"}).content)[0]["URL"] == f"http://testserver{address}"
    )


def test_pages_of_what_is_not_there_are_not_found(client: Client) -> None:
    for address in (
        "/parties/nobody/",
        "/between/cn/cn/",
        "/between/cn/nasa/",
        "/between/cn/nobody/",
        "/claims/claim-1/",
    ):
        assert client.get(address).status_code == 404, address
    for address in ("/parties/%00/", "/facts/%00/", "/between/%00/cn/", "/claims/%00/"):
        assert client.get(address).status_code in (400, 404), address


def test_a_page_asks_for_the_revision_alone(client: Client, django_assert_num_queries: object) -> None:
    for address in ("/timeline/", "/parties/cn/", "/facts/change-6.side/"):
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert client.get(address).status_code == 200
