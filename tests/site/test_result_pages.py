"""Pages of results: what visitors, staff and applicants see; forms that are refused keep what was typed; files to take away."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.library.workbooks import xlsx
from tests.site import analysing as a
from tests.site import collection as c

from aliquot.results import Wish
from aliquot.site import operations
from aliquot.site.models import Analysis, DerivedAge, Person, ResultsDraft
from aliquot.site.operations import ages, results

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "apollo-12-rb-sr.csv"
Browser = Callable[[Person], Client]
FORM = {
    "sample": "T-1", "method": "TIMS", "laboratory": "Test laboratory", "holder": "place:vault", "measured_on": "2026-03-20",
    "origin": "facility", "value.analyte": "Rb", "value.value": "1.03", "value.unit": "ppm", "value.uncertainty": "0.05",
    "value.level": "2s", "value.kind": "absolute", "value.limit": "",
}  # fmt: skip


@pytest.fixture
def published(ada: Person) -> DerivedAge:
    made = a.an_age(ada, title="Four rocks")
    return ages.publish(made.key, sees=a.ALL, by=ada, at=a.NOW)


def post(client: Client, address: str, **form: object) -> object:
    page = client.get("/results/")
    token = str(page.context["csrf_token"])
    return client.post(
        address, {"csrfmiddlewaretoken": token, "acting_key": str(len(str(form))) + address, **form}
    )


def test_a_visitor_sees_a_samples_published_results(published: DerivedAge, client: Client) -> None:
    page = client.get("/samples/12009/results/").content.decode()
    assert "whole-rock line" in page
    assert "is no eruption age" in page
    assert "<svg" in page
    assert "0.0312 ± 0.0008 (1s)" in page
    assert "not of this collection" in page
    assert client.get("/samples/99999/results/").status_code == 404


def test_what_is_not_published_is_not_there(
    ada: Person, di: Person, client: Client, signed_in: Browser
) -> None:
    made = a.an_age(ada)
    row = Analysis.objects.all()[0]
    assert client.get(f"/results/{made.key}/").status_code == 404
    assert client.get(f"/ages/{made.key}.json").status_code == 404
    assert signed_in(di).get(f"/results/{made.key}/").status_code == 404
    assert client.get(f"/analyses/{row.key}/").status_code == 200
    hidden = a.from_the_literature(ada, a.a_paper(ada, citation="Soon", year=""), label="again")[0]
    assert client.get(f"/analyses/{hidden.key}/").status_code == 404
    assert signed_in(ada).get(f"/analyses/{hidden.key}/").status_code == 200


def test_an_age_shows_request_answer_and_constants_and_is_computed_again(
    published: DerivedAge, client: Client
) -> None:
    page = client.get(f"/results/{published.key}/?again=yes").content.decode()
    for said in (
        "lambda_Rb87",
        published.request_sha256,
        "the same, byte by byte",
        "Compston et al. 1971",
        "sources of these rocks parted",
    ):
        assert said in page
    assert "Leave them out" not in page


def test_a_chinese_page_says_label_method_and_picture_in_chinese(
    published: DerivedAge, client: Client
) -> None:
    page = client.get(f"/zh-hans/results/{published.key}/").content.decode()
    picture = page[page.index("<svg xmlns") : page.index("</figure>")]
    assert "⁸⁷Rb/⁸⁶Sr（原子比）" in picture
    assert "剔除的行为空心" in picture
    assert "不含常数的误差" in page
    assert "Rb-Sr 正等时线：York 等（2004）" in page
    shown, label = page.split("<details>", 1)[0], json.loads(published.answer)["quoted"]["label"]
    assert label not in shown
    assert "confidence" in label


def test_a_point_is_left_out_on_the_page_and_the_old_age_stays_beside(
    published: DerivedAge, ada: Person, signed_in: Browser
) -> None:
    browser = signed_in(ada)
    soil = Analysis.objects.get(number="12033")
    address = f"/results/{published.key}/"
    refused = post(browser, address, **{"act": "leave-out", f"omit:{soil.key}": "yes"})
    assert refused.status_code == 422
    done = post(browser, address, **{"act": "leave-out", f"omit:{soil.key}": "yes", "reason": "a soil"})
    assert done.status_code == 302
    page = browser.get(done["Location"]).content.decode()
    assert "a soil" in page
    assert f"/results/{published.key}/" in page
    moved = post(browser, address, act="constants", set="steiger-jaeger-1977")
    assert DerivedAge.objects.count() == 3
    assert "of 1977" in browser.get(moved["Location"]).content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"act": "constants", "set": "\0"},
        {"act": "nothing"},
        {"act": "leave-out", "omit:x": "yes", "reason": "\0"},
    ],
)
def test_an_act_on_an_age_that_is_none_is_refused(
    published: DerivedAge, ada: Person, signed_in: Browser, form: dict[str, str]
) -> None:
    assert post(signed_in(ada), f"/results/{published.key}/", **form).status_code == 422


def test_an_analysis_is_recorded_by_hand_and_a_refused_form_keeps_what_was_typed(
    ada: Person, signed_in: Browser
) -> None:
    c.holders()
    c.a_sample("T-1", "5 g")
    browser = signed_in(ada)
    refused = post(browser, "/results/record/", **(FORM | {"value.value": "-1", "laboratory": "Kept"}))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "is below zero" in page
    assert 'value="Kept"' in page
    assert 'value="-1"' in page
    done = post(browser, "/results/record/", **FORM, consumed="1 mg")
    assert done.status_code == 302
    shown = browser.get(done["Location"]).content.decode()
    assert "0.025" in shown
    assert "Not public" in shown
    assert "T-1" in browser.get("/results/").content.decode()


def test_a_requester_records_only_where_their_institution_holds_the_split(
    bo: Person, signed_in: Browser
) -> None:
    c.holders()
    c.a_sample("T-1", "5 g")
    refused = post(signed_in(bo), "/results/record/", **FORM)
    assert refused.status_code == 422
    assert "own institution" in refused.content.decode()
    assert Analysis.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["sample", "note", "citation", "doi", "value.analyte", "value.value", "sure", "supersedes", "why"]
)
def test_a_nul_in_the_form_is_refused_in_a_sentence(ada: Person, signed_in: Browser, name: str) -> None:
    c.holders()
    c.a_sample("T-1", "5 g")
    assert (
        post(signed_in(ada), "/results/record/", **(FORM | {name: "a\0b", "supersedes": "x"})).status_code
        == 422
    )


@pytest.mark.parametrize(
    "address",
    ["/samples/%00/results/", "/results/%00/", "/analyses/%00/", "/results/derive/?sample=%00&paper=%00", "/results/record/?sample=%00",
     "/ages/?clock=%00&page=%00", "/chronology/?constants=%00", "/results/import/%00/", "/samples/%00/results.csv", "/ages/%00.csv"],
)  # fmt: skip
def test_an_address_with_a_nul_is_answered(ada: Person, signed_in: Browser, address: str) -> None:
    assert signed_in(ada).get(address).status_code in (200, 404)


def test_a_table_is_looked_at_mended_and_taken_in(ada: Person, signed_in: Browser) -> None:
    browser = signed_in(ada)
    data = EXAMPLE.read_bytes().replace(b"0.0312", b"x0312")
    form = {
        "origin": "literature",
        "method": "MS",
        "level": "1s",
        "kind": "absolute",
        "citation": "Compston et al. 1971",
        "year": "1971",
    }
    no_file = post(browser, "/results/import/", **form)
    assert no_file.status_code == 422
    started = post(browser, "/results/import/", file=SimpleUploadedFile("apollo.csv", data), **form)
    assert started.status_code == 302
    address = started["Location"]
    page = browser.get(address).content.decode()
    assert "“x0312” is not a number" in page
    assert 'name="cell:2:Rb87_Sr86"' in page
    version = ResultsDraft.objects.get().version
    refused = post(browser, address, act="take", version=version)
    assert (refused.status_code, Analysis.objects.count()) == (200, 0)
    taken = post(browser, address, **{"act": "take", "version": version, "cell:2:Rb87_Sr86": "0.0312"})
    assert Analysis.objects.count() == 17
    offered = browser.get(taken["Location"]).content.decode()
    assert offered.count('name="analysis"') == 17


def test_a_workbook_and_a_mapping_are_sent_together(ada: Person, signed_in: Browser) -> None:
    browser = signed_in(ada)
    sent = {"origin": "literature", "citation": "Somebody 1971", "year": "1971", "level": "1s"}

    def send(**more: object) -> HttpResponse:
        book = xlsx({"Data": (("Probe", "Rb"), (12009, 1.03))})
        return post(browser, "/results/import/", **sent, file=SimpleUploadedFile("a.xlsx", book), **more)

    own = b"""key = "own"\ntitle = "Own"\nconstants = { method = "TIMS" }
column = [{ name = "Probe", field = "sample" }, { name = "Rb", analyte = "Rb", unit = "ppm" }]"""
    done = send(own=SimpleUploadedFile("own.toml", own))
    assert done.status_code == 302
    assert "Rb" in browser.get(done["Location"]).content.decode()
    for wrong in (b"\xff", b"key = 7", b"x" * 200_000):
        assert send(own=SimpleUploadedFile("own.toml", wrong)).status_code == 422
    assert send(mapping="astromat").status_code == 302
    assert send(mapping="none").status_code == 422


def test_a_table_of_another_is_not_there(ada: Person, bo: Person, di: Person, signed_in: Browser) -> None:
    browser = signed_in(ada)
    form = {
        "origin": "literature",
        "method": "MS",
        "level": "1s",
        "kind": "absolute",
        "citation": "C",
        "year": "1971",
    }
    address = post(
        browser, "/results/import/", file=SimpleUploadedFile("t.csv", b"sample,Rb_ppm\n1,1\n"), **form
    )["Location"]
    assert signed_in(bo).get(address).status_code == 404
    assert signed_in(di).get(address).status_code == 403


def test_an_age_is_derived_on_the_page_only_with_its_meaning(ada: Person, signed_in: Browser) -> None:
    rows = a.from_the_literature(ada)
    browser = signed_in(ada)
    form = {
        "analysis": [one.key for one in rows],
        "task": "isochron",
        "clock": "Rb-Sr",
        "model": "1",
        "set": "isoplotr-6.8.5-default",
    }
    address = f"/results/derive/?paper={rows[0].publication}"
    assert post(browser, address, **form).status_code == 422
    done = post(browser, address, **form, meaning="whole-rock")
    assert "is no eruption age" in browser.get(done["Location"]).content.decode()


def test_results_are_taken_away_as_csv_json_and_crate(published: DerivedAge, client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"/ages/{published.key}.csv").content.decode())))
    assert [(row["sample"], row["analyte"], row["sd_1s"]) for row in rows][:2] == [
        ("12009", "Rb87Sr86", "0.0008"),
        ("12009", "Sr87Sr86", "0.0001"),
    ]
    whole = json.loads(client.get(f"/ages/{published.key}.json").content)
    assert whole["ages"][0]["answer"]["n"] == 4
    with zipfile.ZipFile(io.BytesIO(client.get("/samples/12009/results.zip").content)) as bundle:
        graph = json.loads(bundle.read("ro-crate-metadata.json"))["@graph"]
        named = {one["@id"] for one in graph if one["@type"] == "File"}
        assert named == set(bundle.namelist()) - {"ro-crate-metadata.json"}
        assert bundle.read(f"ages/{published.key}.request.json").decode() == published.request
    assert client.get(f"/ages/{published.key}.exe").status_code == 404


def test_ages_are_compared_across_sites_clocks_methods_and_meanings(ada: Person, signed_in: Browser) -> None:
    c.holders()
    c.a_sample("T-1", "5 g")
    a.an_age(ada, title="Four rocks")
    own = [results.record(a.told(label=label, values=[a.AN_AGE]), by=ada, at=a.NOW) for label in ("a", "b")]
    ages.derive(
        Wish("mean", "", "crystallisation", {}),
        [one.key for one in own],
        title="Our rock",
        sees=a.ALL,
        by=ada,
        at=a.NOW,
    )
    browser = signed_in(ada)

    def shown(query: str) -> set[str]:
        page = browser.get(f"/ages/?{query}").content.decode()
        return {
            title
            for title in ("Four rocks", "Our rock")
            if f">{title}</a></th>" in page or f">{title}</a><" in page
        }

    assert shown("") == {"Four rocks", "Our rock"}
    assert shown("site=apollo-12") == shown("clock=Rb-Sr") == shown("meaning=whole-rock") == {"Four rocks"}
    assert shown("site=apollo-11") == set()
    assert shown("site=change-5") == shown("meaning=crystallisation") == {"Our rock"}
    assert shown("method=TIMS") == {"Four rocks", "Our rock"}
    assert shown("site=change-5&clock=Rb-Sr") == set()
    assert shown("site=%00&clock=x&method=x&by=x") == {"Four rocks", "Our rock"}
    for by, group in (
        ("site", "Apollo 12"),
        ("clock", "Rb-Sr"),
        ("meaning", "crystallisation"),
        ("method", "TIMS"),
    ):
        assert (
            f'<th scope="rowgroup" colspan="8">{group}</th>'
            in browser.get(f"/ages/?by={by}").content.decode()
        )


def test_the_chronology_moves_with_the_constants(client: Client, db: None) -> None:
    printed = client.get("/chronology/").content.decode()
    moved = client.get("/chronology/?constants=steiger-jaeger-1977").content.decode()
    assert "1,174 ± 9.1" in printed
    assert "1,163 ± 8.1" in moved
    assert "youngest Apollo site" in printed
    assert client.get("/zh-hans/chronology/").status_code == 200


ROUTES = {
    "/results/": "CQDA", "/results/record/": "CQ", "/results/derive/": "CQ", "/results/import/": "CQ",
    "/ages/": "CQRHLDA", "/chronology/": "CQRHLDA",
}  # fmt: skip


@pytest.mark.parametrize(("letter", "role"), list(zip("CQRHLDA", operations.people.Role, strict=True)))
def test_every_role_meets_every_page_as_the_table_says(
    a_person: Callable[..., Person], signed_in: Browser, letter: str, role: object
) -> None:
    browser = signed_in(a_person("Somebody", role))
    assert {route: browser.get(route).status_code for route in ROUTES} == {
        route: 200 if letter in letters else 403 for route, letters in ROUTES.items()
    }


@pytest.mark.parametrize("route", list(ROUTES)[:4])
def test_a_stranger_is_asked_to_sign_in(client: Client, db: None, route: str) -> None:
    assert client.get(route).status_code == 302


def test_pages_ask_the_same_however_many_rows_there_are(
    published: DerivedAge, client: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for address, most in (
        ("/ages/", 6),
        ("/samples/12009/results/", 8),
        (f"/results/{published.key}/", 9),
        ("/chronology/", 2),
    ):
        with django_assert_max_num_queries(most):  # type: ignore[attr-defined]
            client.get(address)
