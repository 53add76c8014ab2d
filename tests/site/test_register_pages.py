"""The pages of the public record: what they must tell, whatever else they show."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import pytest
from django.test import Client
from django.utils import translation

from aliquot import register
from aliquot.formats import export
from aliquot.site import queries
from aliquot.site.queries.register import disputes, shown
from aliquot.site.queries.register.transfers import EVERYTHING, Choice
from aliquot.site.web import register_telling

PAGES = (
    "/",
    "/transfers/",
    "/transfers/2023-china-france/",
    "/missions/change-5/",
    "/sources/",
    "/sources/C20/",
    "/contradictions/",
    "/about/",
    "/timeline/",
    "/moon/",
    "/shares/",
    "/parties/",
    "/parties/cn/",
    "/parties/macron/",
    "/between/cn/us/",
    "/diplomacy/",
    "/frameworks/",
    "/plans/",
    "/not-known/",
    "/facts/change-6.side/",
    "/facts/2023-china-france.mass/",
)
pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def record() -> register.Record:
    return register.load()


def words_of(client: Client, address: str) -> str:
    """Return what a reader sees of a page, without its markup."""
    response = client.get(address)
    assert response.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).content.decode())))


# --- Every page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["", "/zh-hans"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_the_database_for_the_revision_alone_and_sets_no_cookie(
    client: Client, page: str, language: str, django_assert_num_queries
) -> None:
    with django_assert_num_queries(0 if page == "/about/" else 1):
        response = client.get(language + page)
    assert response.status_code == 200
    assert not response.cookies
    assert "Content-Security-Policy" in response


def test_what_is_drawn_once_is_the_same_for_everybody_and_for_each_language(client: Client) -> None:
    addresses = (
        "/",
        "/zh-hans/",
        "/transfers/?country=FR",
        "/zh-hans/transfers/?country=FR",
        "/contradictions/",
    )
    first, again = ([client.get(one).content for one in addresses] for _ in range(2))
    assert first == again
    assert len(set(first)) == len(addresses)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_inline_style_or_script(client: Client, page: str) -> None:
    text = client.get(page).content.decode()
    assert " style=" not in text
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]* src=)", text)


@pytest.mark.parametrize("page", PAGES)
def test_no_mark_of_a_source_leads_nowhere(client: Client, page: str) -> None:
    text = client.get(page).content.decode()
    cited = set(re.findall(r'href="#source-([^"]+)"', text))
    assert cited <= set(re.findall(r'id="source-([^"]+)"', text))


@pytest.mark.parametrize("page", PAGES)
def test_no_two_things_on_a_page_have_one_name(client: Client, page: str) -> None:
    names = re.findall(r'\bid="([^"]+)"', client.get(page).content.decode())
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_leads_to_itself_in_the_other_language(client: Client, page: str) -> None:
    assert f'href="/zh-hans{page}"' in client.get(page).content.decode()
    assert f'href="{page}"' in client.get(f"/zh-hans{page}").content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_only_read(client: Client, page: str) -> None:
    assert client.post(page).status_code == 405


@pytest.mark.parametrize("where", ["transfers", "missions", "sources"])
@pytest.mark.parametrize("key", ["nothing", "%3Cscript%3E", "%00", "change-5x", "..%2f..", "a" * 5000])
def test_what_the_record_does_not_have_is_not_found(client: Client, where: str, key: str) -> None:
    response = client.get(f"/{where}/{key}/")
    assert response.status_code == 404
    assert b"<script>" not in response.content


@pytest.mark.slow
def test_every_fact_has_its_page(client: Client, record: register.Record) -> None:
    addresses = [f"{language}/missions/{key}/" for key in record.missions for language in ("", "/zh-hans")]
    addresses += [f"/transfers/{key}/" for key in record.transfers]
    addresses += [f"/sources/{key}/" for key in record.sources]
    for address in addresses:
        assert client.get(address).status_code == 200, address


# --- Home ---------------------------------------------------------------------------------------------------


def test_home_tells_what_each_mission_brought(client: Client, record: register.Record) -> None:
    words = words_of(client, "/")
    for said in (
        "385.69 kg",
        "381.7 kg",
        "0.326 kg",
        "3,666.3 g",
        "21.6 kg",
        "110.5 kg",
        "about 1,731 g",
        "1,935.3 g",
    ):
        assert said in words
    for mission in record.missions.values():
        assert mission.name.en in words


def test_home_gives_landing_and_return_in_utc_and_local_time(client: Client) -> None:
    words = words_of(client, "/")
    assert "16 Dec 2020, 17:59 UTC" in words
    assert "17 Dec 2020, 01:59 (UTC+8)" in words
    assert "1 Dec 2020, 23:11 (UTC+8)" in words
    assert "9 Feb 1971, 15:04 (UTC−6)" in words


def test_home_leads_from_the_moon_to_each_mission(client: Client, record: register.Record) -> None:
    text = client.get("/").content.decode()
    discs = "".join(re.findall(r"<svg[^>]*d-moon.*?</svg>", text, re.DOTALL))
    for key in record.missions:
        assert f'href="/missions/{key}/"' in discs


def test_home_sets_contradictions_side_by_side(client: Client) -> None:
    luna = queries.register.home.page().disputes[0]
    assert [side.value for side in luna.sides] == ["55 g", "50 g", "30 g"]
    words = words_of(client, "/")
    assert "125.42 g" in words
    assert "124.9122 g" in words
    assert "85.48 g + 8.5504 g + 30.8818 g" in words


def test_home_shows_where_the_mass_of_change_5_went(client: Client) -> None:
    flow = queries.register.home.page().flow
    assert flow is not None
    masses = {branch.label: branch.mass for branch in flow.branches}
    assert masses["National Museum of China"] == "100 g"
    assert masses["seven institutions abroad"] == "2.18 g"
    assert masses["in store, or where is not published"] == "1,530.265 g"
    assert masses["Chang'e-5 part of rounds 8 and 9"] == ""
    assert all(branch.sources for branch in flow.branches)


def test_home_says_what_is_not_known(client: Client) -> None:
    words = words_of(client, "/")
    assert "The mass of 11 transfers." in words
    assert "Where 184 of 370 goodwill gifts are." in words
    assert "170.1 g (mass returned): told, but no source was found." in words


def test_the_far_side_is_not_the_dark_side(client: Client) -> None:
    site = next(
        row.site
        for programme in queries.register.home.page().programmes
        for row in programme.missions
        if row.key == "change-6"
    )
    assert site.best.value == "South Pole–Aitken basin, far side of the Moon"


# --- The list of transfers ----------------------------------------------------------------------------------


def test_the_list_has_25_rows_and_the_goodwill_cases(client: Client, record: register.Record) -> None:
    page = queries.register.transfers.listed(EVERYTHING, {})
    assert len(page.rows) == 25
    assert len(page.rows) + len(page.goodwill) == len(record.transfers)
    text = client.get("/transfers/").content.decode()
    for key in record.transfers:
        assert f'href="/transfers/{key}/"' in text


@pytest.mark.parametrize(
    "choice",
    [
        "",
        "country=FR",
        "country=CN&kind=gift",
        "mission=luna-16",
        "year=1973",
        "state=unknown",
        "country=PK&mission=change-5&kind=research-loan&year=2025&state=claimed",
        "kind=deposit&year=1973",
    ],
)
def test_csv_and_json_give_exactly_what_is_shown(client: Client, choice: str) -> None:
    text = client.get(f"/transfers/?{choice}").content.decode()
    table = "".join(re.findall(r'<table class="table table--stacks transfers".*?</table>', text, re.DOTALL))
    seen = re.findall(r'<th scope="row"><a href="/transfers/([^"/]+)/', table)
    assert sorted(row["key"] for row in rows_of(client, f"/transfers/?{choice}&format=csv")) == sorted(seen)
    found = json.loads(client.get(f"/transfers/?{choice}&format=json").content)
    assert [row["key"] for row in found["transfers"]] == [
        row["key"] for row in rows_of(client, f"/transfers/?{choice}&format=csv")
    ]
    assert found["count"] == len(seen)


def test_the_page_links_the_files_of_what_it_shows(client: Client) -> None:
    text = client.get("/transfers/?country=FR&year=2023").content.decode()
    assert "/transfers/?country=FR&amp;year=2023&amp;format=csv" in text
    assert "/transfers/?country=FR&amp;year=2023&amp;format=json" in text


def test_the_csv_is_a_file_of_plain_utf8(client: Client) -> None:
    response = client.get("/zh-hans/transfers/?format=csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="aliquot-transfers.csv"'
    assert response.content.startswith(b"key,date,")
    assert "月球样品001号" in response.content.decode()


def test_no_cell_of_the_csv_is_a_formula(client: Client) -> None:
    cells = [cell for row in rows_of(client, "/transfers/?format=csv") for cell in row.values()]
    assert all(cell == export.harmless(cell) for cell in cells)


@pytest.mark.parametrize("value", [HOSTILE, "ZZ", "-1", "9" * 400, "\x00", "' OR 1=1 --", "国家"])
def test_wrong_filters_are_named_and_everything_is_shown(client: Client, value: str) -> None:
    response = client.get(
        "/transfers/", dict.fromkeys(["country", "mission", "kind", "year", "state"], value)
    )
    text = response.content.decode()
    assert response.status_code == 200
    assert (
        text.count("is not in the record; choose one of the list.") == 10
    )  # above the list and beside the field
    assert f"{len(register.load().transfers)} transfers" in text
    assert HOSTILE not in text


def test_one_wrong_filter_lets_go_of_the_right_ones_and_says_so(client: Client) -> None:
    words = words_of(client, "/transfers/?country=FR&year=1066")
    assert "Every transfer is shown" in words
    assert "“1066” is not in the record" in words
    assert f"{len(register.load().transfers)} transfers" in words


def test_a_program_that_asks_for_what_is_not_there_is_refused(client: Client) -> None:
    for wanted in ("csv", "json"):
        response = client.get("/transfers/", {"country": "ZZ", "format": wanted})
        assert response.status_code == 400
        assert "ZZ" in response.content.decode()


def test_a_wrong_format_is_named(client: Client) -> None:
    response = client.get("/transfers/", {"format": HOSTILE})
    assert response.status_code == 200
    assert b"The list can be had as: csv, json, jsonld, bib, ris, csl, txt." in response.content
    assert HOSTILE.encode() not in response.content


def test_a_choice_that_none_meets_says_so(client: Client) -> None:
    assert "No transfer is like that" in words_of(client, "/transfers/?kind=deposit&year=1973")


def test_htmx_gets_the_part_that_the_page_includes(client: Client) -> None:
    part = client.get("/transfers/?country=FR", headers={"HX-Request": "true"})
    whole = client.get("/transfers/?country=FR")
    assert part.content.decode().strip() in whole.content.decode()
    assert b"<html" not in part.content
    assert "HX-Request" in part["Vary"]
    back = client.get(
        "/transfers/?country=FR", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert b"<html" in back.content


def test_a_country_of_the_map_filters_and_lets_go_again(client: Client) -> None:
    text = client.get("/transfers/?kind=gift").content.decode()
    assert 'href="/transfers/?country=CN&amp;kind=gift#results"' in text
    assert (
        'href="/transfers/?kind=gift#results"'
        in client.get("/transfers/?country=CN&kind=gift").content.decode()
    )


def test_every_country_of_the_record_has_a_name(record: register.Record) -> None:
    names = dict(queries.register.transfers.options()["country"])
    assert all(len(name) > 2 for name in names.values())
    assert set(names) == {code for one in record.transfers.values() for code in one.countries}


def test_every_year_that_is_offered_has_a_transfer() -> None:
    for year, _name in queries.register.transfers.options()["year"]:
        assert queries.register.transfers.chosen(Choice(year=year)), year


# --- One transfer, one mission, one source ------------------------------------------------------------------


def test_a_transfer_shows_all_that_is_said_of_it(client: Client) -> None:
    words = words_of(client, "/transfers/2022-china-russia/")
    for said in ("4 Feb 2022", "Apr 2022", "refuted", "Россия", "Where the sources disagree"):
        assert said in words


def test_the_mass_of_a_series_of_gifts_is_that_of_each(client: Client) -> None:
    assert "0.05 g each" in words_of(client, "/transfers/1970-apollo-11-goodwill/")


def test_a_piece_leads_to_its_series_and_back(client: Client) -> None:
    assert (
        'href="/transfers/1973-apollo-17-goodwill/"'
        in client.get("/transfers/goodwill-pakistan/").content.decode()
    )
    assert (
        'href="/transfers/goodwill-pakistan/"'
        in client.get("/transfers/1973-apollo-17-goodwill/").content.decode()
    )


def test_a_mission_shows_every_statement_of_its_mass_and_why_one_is_preferred(client: Client) -> None:
    words = words_of(client, "/missions/apollo-11/")
    for said in ("21.6 kg", "21,836 g", "21 kg", "21.55 kg", "more sources agree with it"):
        assert said in words


def test_change_5_shows_its_rounds_and_its_samples_in_the_catalogue(client: Client) -> None:
    words = words_of(client, "/missions/change-5/")
    for said in ("17.4764 g", "30,881.8 mg", "124.9122 g", "125.42 g"):
        assert said in words
    assert 'href="/catalogue/?mission=change-5"' in client.get("/missions/change-5/").content.decode()


def test_a_source_tells_what_rests_on_it_and_leads_to_the_original(client: Client) -> None:
    text = client.get("/sources/C20/").content.decode()
    assert 'rel="noopener external"' in text
    assert ">https://friendsofnasa.org/" in text
    assert "125.42 g" in text


def test_the_list_of_sources_has_them_all(client: Client, record: register.Record) -> None:
    text = client.get("/sources/").content.decode()
    for key in record.sources:
        assert f'href="/sources/{key}/"' in text


# --- Contradictions -----------------------------------------------------------------------------------------


def test_every_contradiction_has_its_place(client: Client, record: register.Record) -> None:
    text = client.get("/contradictions/").content.decode()
    for one in register.contradictions(record):
        assert f'id="contradiction-{one.key}"' in text


def test_a_choice_without_a_difference_is_not_called_the_best(record: register.Record) -> None:
    price = next(one for one in register.contradictions(record) if one.key == "koroleva-luna-16.price.2018")
    assert not any(side.is_best for side in disputes.show(record, price).sides)


def test_a_sum_is_as_sound_as_its_weakest_part(record: register.Record) -> None:
    total = next(one for one in register.contradictions(record) if one.key == "distributed-total")
    assert [side.state for side in disputes.show(record, total).sides] == ["claimed", "claimed"]


# --- Languages ----------------------------------------------------------------------------------------------


def test_chinese_pages_have_chinese_dates_names_and_places(client: Client) -> None:
    words = words_of(client, "/zh-hans/")
    for said in (
        "嫦娥五号",
        "约1,731 g",
        "2020年12月16日 17:59（UTC）",
        "2020年12月17日 01:59（UTC+8）",
        "风暴洋",
        "北纬",
    ):
        assert said in words


def test_a_name_in_its_own_script_stands_beside_its_translation(client: Client) -> None:
    assert '<span class="own" lang="zh">中国国家博物馆</span>' in (
        client.get("/transfers/2021-national-museum/").content.decode()
    )
    with translation.override("zh-hans"):
        assert shown.name(register.load().parties["nmc"]).own == ""


def test_places_are_read_in_degrees() -> None:
    assert shown.degrees(43.06, -51.92) == "43.06° N, 51.92° W"
    assert shown.degrees(-0.5137, 56.3638) == "0.5137° S, 56.3638° E"
    with translation.override("zh-hans"):
        assert shown.degrees(43.06, -51.92) == "北纬43.06°，西经51.92°"


def test_marks_stand_in_the_order_that_a_reader_expects() -> None:
    assert sorted(["C20", "LAW", "C3", "A1"], key=shown.by_mark) == ["A1", "C3", "C20", "LAW"]


def test_a_chapter_of_contradictions_is_turned_page_by_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.register.contradictions, "SHOWN_MOST", 3)
    register_telling._made.cache_clear()
    register_telling._drawn.cache_clear()
    first = client.get("/contradictions/").content.decode()
    assert "/contradictions/?chapter=missions" in first
    seen, address = [], "/contradictions/?chapter=missions"
    while address:
        text = client.get(address).content.decode()
        seen += re.findall(r'id="contradiction-([^"]+)"', text)
        found = re.search(r'rel="next" href="([^"]+)"', text)
        address = html.unescape(found[1]) if found else ""
    every = register.contradictions(register.load())
    missions = [
        one for one in every if queries.register.contradictions.chapter_of(register.load(), one) == "missions"
    ]
    assert seen == [one.key for one in missions]
    assert len(seen) > 3
    assert client.get("/contradictions/?chapter=nothing").status_code == 404
    for page in ("0", "99999", "x", "-1", "²"):
        assert client.get("/contradictions/", {"chapter": "sums", "page": page}).status_code == 200, page
        assert client.get("/sources/", {"page": page}).status_code == 200, page
    register_telling._made.cache_clear()
    register_telling._drawn.cache_clear()
