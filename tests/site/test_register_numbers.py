"""Every number of the register's pages is that of a fact: what a page marks resolves, and says what the fact says."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest
from django.test import Client

from aliquot import mass, published_ages, register, register_index, register_known
from aliquot.register import Statement, Transfer
from aliquot.site import queries

pytestmark = pytest.mark.django_db
PAGES = (
    "/", "/transfers/", "/transfers/2023-china-france/", "/missions/change-5/", "/missions/luna-20/", "/sources/U7/", "/timeline/",
    "/parties/cn/", "/between/cn/ru/", "/diplomacy/", "/frameworks/", "/plans/", "/not-known/", "/shares/", "/moon/",
    "/facts/change-6.side/",
)  # fmt: skip
MARKED = re.compile(r'data-claim="([^"]+)"[^>]*>(.*?)</(?:a|span|li)>', re.DOTALL)
VALUES = re.compile(r'class="(?:asked__value|others__value|statements__value)"[^>]*>')


def bare(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip())


@pytest.mark.parametrize("address", PAGES)
def test_every_marked_number_is_that_of_a_fact(client: Client, address: str) -> None:
    text = client.get(address).content.decode()
    record, marked = register.load(), MARKED.findall(text)
    assert marked
    for key, shown in marked:
        fact = queries.register.facts.statement(record, key)
        assert fact or key in record.transfers or key in record.rounds, key
        if "<" in shown or "%" in shown:
            continue
        if fact:
            assert bare(shown) in (fact.shown("en"), queries.register.shown.value(fact)), key
        elif key in record.rounds and bare(shown).isdigit():
            assert int(bare(shown)) in counts_of(record.rounds[key]), key
    # No value of a statement stands on a page without the key of its fact.
    assert all("data-claim" in one for one in VALUES.findall(text))


def counts_of(one: register.Round) -> tuple[int | None, ...]:
    return one.offered, one.applications, one.approved, one.people, one.institutions, one.lots


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


NUMBER = re.compile(r"(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?!\w)")
SHARE = re.compile(r"\d+\.\d+ %")
OTHERS = re.compile(r"(\d+) other statements")


@cache
def told_texts() -> tuple[re.Pattern[str], ...]:
    """Return every text with a number that facts, sources and parties tell, dates as they are shown, the longest first."""
    record = register.load()
    told = {
        *texts(register.plain(record)),
        *record.statements,
        *record.transfers,
        *record.rounds,
        *record.sources,
    }
    for fact in record.facts():
        whens = (getattr(fact, name, None) for name in ("date", "on", "until", "fate_date"))
        told |= {when.show("en") for when in whens if when}
        for said in (fact,) if isinstance(fact, Statement) else register.implied(fact):
            told |= {said.shown("en"), queries.register.shown.value(said)}
            told |= (
                {queries.register.shown.local(said.on, country) for country in ("", "CN")}
                if said.on
                else set()
            )
    told |= {source.date.show("en") for source in record.sources.values()}
    wanted = {bare(one) for one in told if NUMBER.search(one)} - {str(n) for n in range(10)}
    ends = r"(?![\d]|[.,]\d)"
    return tuple(
        re.compile((r"(?<![\w.,])" if one[0].isdigit() else "") + re.escape(one) + ends)
        for one in sorted(wanted, key=len, reverse=True)
    )


def untold(text: str) -> list[int]:
    """Return the numbers of a page that are neither marked as those of a fact, nor in a text of one, nor masses and shares."""
    main = re.search(r"<main.*?</main>", text, re.DOTALL)[0]
    main = re.sub(
        r"<(script|style|form|select|nav|svg).*?</\1>|<p class=\"cited\">.*?</p>", " ", main, flags=re.DOTALL
    )
    rest = bare(re.sub(r'<(a|span|li)\b[^>]*data-claim="[^"]+"[^>]*>.*?</\1>', " ", main, flags=re.DOTALL))
    for one in told_texts():
        rest = one.sub(" ", rest)
    return [
        int(one.replace(",", ""))
        for one in NUMBER.findall(SHARE.sub(" ", MASS.sub(" ", OTHERS.sub(" ", rest))))
    ]


def dealings() -> Counter[tuple[str, str]]:
    """Return how many facts tell that something passed from one country to another."""
    record = register.load()

    def country(side: str) -> str:
        return side[1:] if side.startswith("=") else record.parties[side].country

    facts = (fact for fact in record.facts() if isinstance(fact, Statement | Transfer))
    pairs = (pair.split(">") for fact in facts if (pair := register_index.found(fact, record).pair))
    return Counter((country(giver), country(receiver)) for giver, receiver in pairs)


def tallies() -> dict[str, set[int]]:
    """Return the counts that each page makes of the facts that it shows, counted here."""
    record = register.load()
    transfers, clashes = record.transfers.values(), register.contradictions(record)
    resting = Counter(key for fact in record.facts() for key in fact.sources)
    gone = Counter(one.kind for one in transfers if one.series == "transfer")
    without = sum(one.mass_ng is None for one in record.rounds.values() if not one.international)
    years = {one.date.first.year for one in transfers if one.date.first}
    found = {
        "/": {*gone.values(), len(transfers), without, len(clashes) - len(queries.register.home.TOLD)},
        "/transfers/": {len(transfers), sum(one.series == "goodwill" for one in transfers)},
        "/contradictions/": {len(clashes)}, "/timeline/": years, "/sources/": set(resting.values()) | {0},
        "/diplomacy/": set(dealings().values()) | {0}, "/not-known/": {without},
        "/frameworks/": {sum(
            one.says != "plan" for about in queries.register.frameworks.FRAMEWORKS for one in record.about(about)
        )},
    }  # fmt: skip
    return found | {f"/sources/{key}/": {resting[key]} for key in record.sources}


@pytest.mark.parametrize(
    "address",
    [
        *PAGES, "/contradictions/", "/sources/", "/sources/C20/", "/parties/", "/parties/us/", "/parties/nasa/", "/parties/nixon/",
        "/missions/apollo-17/", "/transfers/1970-apollo-11-goodwill/", "/rounds/international-1/", "/between/cn/us/",
    ],
)  # fmt: skip
def test_every_number_is_told_by_a_fact_or_counts_facts(client: Client, address: str) -> None:
    left = untold(client.get(address).content.decode())
    assert set(left) <= tallies().get(address, set())


def test_each_source_counts_the_facts_that_rest_on_it(client: Client) -> None:
    resting = Counter(key for fact in register.load().facts() for key in fact.sources)
    rows = re.findall(
        r'data-label="Mark">([^<]+)<.*?data-label="Facts">(\d+)<',
        client.get("/sources/").content.decode(),
        re.DOTALL,
    )
    assert {key: int(count) for key, count in rows} == {key: resting[key] for key in register.load().sources}


def test_the_chronology_takes_what_others_say_of_the_youngest_lavas_from_the_record(client: Client) -> None:
    text = client.get("/chronology/").content.decode()
    for key in ("lunar-volcanism.range.youngest", "lunar-volcanism.extension"):
        said = register.load().statements[key]
        assert f'href="/facts/{key}/" data-claim="{key}">{said.shown("en")}<' in text
    low, high, _source = published_ages.youngest_before()
    assert (
        register.load().statements["lunar-volcanism.range.youngest"].value.en
        == f"about {high / 1000} to {low / 1000} Ga"
    )


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
    assert f"{register_known.undated(record)} facts rest on sources without a date alone" in page
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
