"""Importing in the browser: faults in their cells, mended in place, all of it or nothing; two people at one draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from aliquot.fault import Refused
from aliquot.site.models import Draft, Entry, Holder, Person, Place, Sample
from aliquot.site.operations import drafts

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
HEAD = "ID,Mission,Type,Subtype,Weight (g),Pristine (%)\n"
WRONG = (
    HEAD
    + "10001,Apollo11,Soil,Unsieved,125.8,88.36\n10002,Apollo11,Soil,Unsieved,lots,93.73\n10003,Apollo11,Basalt,,213,65.5\n"
).encode()
RIGHT = (HEAD + "10001,Apollo11,Soil,Unsieved,125.8,88.36\n").encode()


@pytest.fixture
def browser(ada: Person, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(ada)


def post(browser: Client, address: str, form: Mapping[str, object], key: str) -> HttpResponse:
    token = str(browser.get("/desk/").context["csrf_token"])
    return browser.post(address, {"csrfmiddlewaretoken": token, "acting_key": key, **form})


def start(browser: Client, *tables: bytes, key: str = "k1", **more: object) -> HttpResponse:
    files = [SimpleUploadedFile(f"t{n}.csv", data, "text/csv") for n, data in enumerate(tables)]
    return post(browser, "/imports/", {"files": files, "mapping": "apollo-catalogue", **more}, key)


def test_a_table_is_looked_at_mended_in_place_and_taken_in(browser: Client) -> None:
    page = start(browser, WRONG).url
    shown = browser.get(page)
    assert shown.context["told"].rows == 3
    assert 'name="cell:0:3:Weight (g)"' in shown.text
    assert "lots" in shown.text
    told = {"version": "0", "cell:0:3:Weight (g)": "5629", "accept": "blank-subtype", "act": "check"}
    checked = post(browser, page, told, "k2")
    assert not checked.context["told"].standing
    assert not Sample.objects.exists()
    taken = post(browser, page, {"version": "1", "accept": "blank-subtype", "act": "take"}, "k3")
    assert taken.status_code == 302
    assert Sample.objects.get(number="10002").start_ng == 5629 * 10**9
    assert "Taken in whole" in browser.get(page).text
    assert post(browser, page, {"version": "1", "act": "take"}, "k4").status_code == 422


def test_what_is_still_at_fault_takes_nothing_in(browser: Client) -> None:
    page = start(browser, WRONG).url
    answer = post(browser, page, {"version": "0", "accept": "blank-subtype", "act": "take"}, "k2")
    assert answer.status_code == 200
    assert "not a mass" in answer.text or "lots" in answer.text
    assert "Nothing was taken in" in answer.text
    assert 'name="acting_key" value="k2"' not in answer.text  # the next act is another
    assert not Sample.objects.exists()
    assert not Entry.objects.exists()


def test_several_tables_are_one_import(browser: Client) -> None:
    page = start(browser, RIGHT, RIGHT).url
    shown = browser.get(page).text
    assert "repeated-number" in shown
    assert "t1.csv" in shown


def test_whoever_saves_second_is_told(browser: Client, ada: Person) -> None:
    page = start(browser, WRONG).url
    assert (
        post(browser, page, {"version": "0", "cell:0:3:Weight (g)": "1", "act": "check"}, "k2").status_code
        == 200
    )
    second = post(browser, page, {"version": "0", "cell:0:3:Weight (g)": "2", "act": "check"}, "k3")
    assert second.status_code == 422
    assert Draft.objects.get().mended == {"0:3:Weight (g)": "1"}


@pytest.mark.parametrize(
    "cells",
    [{"9:3:Weight (g)": "1"}, {"0:x:Weight (g)": "1"}, {"0:3:Weight": "1"}, {"0": "1"}, {"0:3:Weight (g)": "1" * 10_001},
     {f"0:{n}:Weight (g)": "1" for n in range(2_001)}],
)  # fmt: skip
def test_a_cell_that_is_none_is_refused(browser: Client, cells: dict[str, str]) -> None:
    start(browser, WRONG)
    with pytest.raises(Refused):
        drafts.mend(Draft.objects.get(), cells, version=0)
    assert Draft.objects.get().mended == {}


def test_an_import_is_dropped_and_its_files_stay(browser: Client) -> None:
    page = start(browser, WRONG).url
    assert post(browser, page, {"act": "drop", "version": "0"}, "k2").status_code == 302
    assert "was dropped" in browser.get(page).text
    assert post(browser, page, {"act": "take", "version": "0"}, "k3").status_code == 422


def test_a_mapping_of_one_s_own_may_have_a_decimal_comma_and_milligrams(browser: Client) -> None:
    own = b"""key = "own"\ntitle = "Ours"\nplace = "store"\ndelimiter = ";"\ndecimal = ","\nconstants = { mission = "change-5" }
[[column]]\nname = "N"\nfield = "number"\n[[column]]\nname = "mg"\nfield = "mass"\nunit = "mg"\n"""
    table = SimpleUploadedFile("t.csv", b"N;mg\nA-1;1,25\n", "text/csv")
    form = {"files": [table], "own": SimpleUploadedFile("m.toml", own)}
    page = post(browser, "/imports/", form, "k1").url
    assert post(browser, page, {"version": "0", "act": "take"}, "k2").status_code == 302
    assert Sample.objects.get(number="A-1").start_ng == 1_250_000


@pytest.mark.parametrize("own", [b"", b"nonsense", b"\xff", b"key = 1"])
def test_a_mapping_that_is_none_is_told_on_the_form(browser: Client, own: bytes) -> None:
    answer = start(browser, RIGHT, mapping="", own=SimpleUploadedFile("m.toml", own))
    assert answer.status_code == 422
    assert not Draft.objects.exists()


def test_a_file_that_is_no_table_is_told(browser: Client) -> None:
    assert start(browser, b"\x89PNG\r\n\x1a\n").status_code in {422, 302}
    answer = start(browser, b"", key="k9")
    assert answer.status_code == 422


def test_only_curators_import(bo: Person, eve: Person, signed_in: Callable[[Person], Client]) -> None:
    for somebody in (bo, eve):
        assert signed_in(somebody).get("/imports/").status_code == 403
    assert Client().get("/imports/").status_code == 302


def test_the_place_may_be_told_by_the_code_on_its_label(browser: Client, ada: Person) -> None:
    holder = Holder.objects.create(key="place:q7", root="place")
    Place.objects.create(holder=holder, kind="site", code="VAULT-2", name_en="Vault 2", site=None)
    page = start(browser, RIGHT).url
    assert post(browser, page, {"version": "0", "place": "VAULT-2", "act": "take"}, "k2").status_code == 302
    assert Sample.objects.get(number="10001").holder.key == "place:q7"
