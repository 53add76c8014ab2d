"""Labels that can be read back: their text, their codes, and where a scanned one leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import collection
import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot.site import documents, middleware, search
from aliquot.site.drawings import qr
from aliquot.site.models import Person, Sample, Tool
from aliquot.site.operations import places
from aliquot.site.operations.places import Told
from aliquot.site.web import scanned
from aliquot.site.web.labels import SIZES

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
AWKWARD = "core/7:é月,2"


@pytest.fixture
def desk(ada: Person, signed_in: Callable[[Person], Client]) -> Client:
    collection.holders()
    collection.a_sample("15555,1", "9 g")
    collection.call("15555,1", "大斯科特")
    collection.a_sample(AWKWARD, "3 g", use="permanent", sealed=True, mission="change-6")
    places.make(["N"], Told("site", name_en="North laboratory", name_zh="北区实验室"), by="person:1", at=NOW)
    places.make(["BOX-7"], Told("container", name_zh="七号盒"), into="N", by="person:1", at=NOW)
    return signed_in(ada)


def pages_of(pdf: bytes) -> list[tuple[str, list[str]]]:
    """Return of each page its text, without spaces and line breaks, and what its codes say."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        text = "".join(page.get_textpage().get_text_bounded().split())
        codes = zxingcpp.read_barcodes(page.render(scale=5).to_pil())
        found.append((text, [code.text for code in codes]))
    return found


@pytest.mark.parametrize("size", ["20x10", "38x19", "62x29"])
def test_a_label_says_what_it_is_on_and_leads_to_its_page(desk: Client, size: str) -> None:
    answer = desk.get("/labels.pdf", {"names": f"15555,1\n{AWKWARD}", "place": "BOX-7", "size": size})
    assert answer["Content-Type"] == "application/pdf"
    (rock, rock_code), (core, core_code), (box, box_code) = pages_of(answer.content)
    assert "15555,1" in rock
    assert "嫦娥五号" in rock
    assert "SEALED封存" in core
    assert "SEALED" not in rock
    assert AWKWARD in core
    assert "BOX-7" in box
    assert (rock_code, box_code) == (
        ["http://testserver/samples/15555,1/"],
        ["http://testserver/places/BOX-7/"],
    )
    assert core_code == [f"http://testserver/samples/{quote(AWKWARD, safe='/:,')}/"]
    if size != "20x10":
        assert "大斯科特" in rock
        assert "七号盒" in box
    for code in (*rock_code, *core_code, *box_code):
        assert desk.get(code.removeprefix("http://testserver")).status_code == 200


def test_a_sheet_begins_where_the_last_one_was_left(desk: Client) -> None:
    answer = desk.get("/labels.pdf", {"names": "15555,1\nBOX-7", "size": "a4-65", "skip": "64"})
    pages = pages_of(answer.content)
    assert [codes for _, codes in pages] == [
        ["http://testserver/samples/15555,1/"],
        ["http://testserver/places/BOX-7/"],
    ]


def test_the_same_labels_are_the_same_bytes(desk: Client) -> None:
    asked = {"names": "15555,1\nBOX-7", "size": "62x29"}
    assert desk.get("/labels.pdf", asked).content == desk.get("/labels.pdf", asked).content


def test_labels_for_all_that_is_in_a_place(desk: Client) -> None:
    assert "BOX-7" in desk.get("/labels/", {"in": "N"}).content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [({}, "nothing is to be printed"), ({"names": "nobody"}, "nothing here is called nobody"),
     ({"names": "15555,1", "size": "A0"}, "there is no such size"),
     ({"names": "\n".join(f"x{i}" for i in range(201))}, "at most 200 labels"), ({"names": "a\0b"}, "nothing here is called ab")],
)  # fmt: skip
def test_what_cannot_be_printed_is_said_on_the_page(desk: Client, asked: dict[str, str], said: str) -> None:
    answer = desk.get("/labels.pdf", asked)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_a_machine_that_cannot_print_says_so_on_the_page(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_pango() -> object:
        raise documents.Refused([documents.fault.of("document", "this machine cannot print documents: the library Pango "
                                                    "is missing", "install it")])  # fmt: skip

    monkeypatch.setattr(documents, "_printer", no_pango)
    page = desk.get("/labels/", {"names": "15555,1"}).content.decode()
    assert "this machine cannot print documents" in page
    assert desk.get("/labels.pdf", {"names": "15555,1"}).status_code == 422


def test_every_size_is_offered(desk: Client) -> None:
    page = desk.get("/labels/").content.decode()
    assert all(f'value="{key}"' in page for key in SIZES)


# -- the code itself -------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=120))
def test_any_address_is_read_back_from_its_code(text: str) -> None:
    rows = qr.matrix(text)
    size, scale = len(rows) + 2 * qr.QUIET, 4
    pixels = bytearray(b"\xff" * (size * scale) ** 2)
    for y in range(size * scale):
        for x in range(size * scale):
            row, column = y // scale - qr.QUIET, x // scale - qr.QUIET
            if 0 <= row < len(rows) and 0 <= column < len(rows) and rows[row][column]:
                pixels[y * size * scale + x] = 0
    image = memoryview(bytes(pixels)).cast("B", (size * scale, size * scale))
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [text]


def test_a_picture_of_a_code_has_the_dark_modules_of_its_matrix() -> None:
    rows = qr.matrix("https://example.org/samples/15555,1/")
    drawn = qr.draw("https://example.org/samples/15555,1/", title="15555 <1>")
    painted = {(int(x) + i, int(y)) for x, y, run in _runs(drawn) for i in range(int(run))}
    assert painted == {
        (x + qr.QUIET, y + qr.QUIET) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    }  # fmt: skip
    assert "15555 &lt;1&gt;" in drawn


def _runs(drawn: str) -> list[tuple[str, str, str]]:
    path = drawn.split(' d="')[1].split('"')[0]
    return [
        (*each.split("h")[0].split(" "), each.split("h")[1].split("v")[0]) for each in path.split("M")[1:]
    ]


# -- scanning --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scanned_text", "leads_to"),
    [("15555,1", "/samples/15555,1/"), (" 15555,1 ", "/samples/15555,1/"), ("大斯科特", "/samples/15555,1/"),
     ("box-7", "/places/BOX-7/"), ("http://testserver/places/BOX-7/", "/places/BOX-7/"),
     ("https://elsewhere.example/zh-hans/samples/15555,1", "/samples/15555,1/"), ("TW-1", "/tools/TW-1/"),
     (f"http://testserver/samples/{quote(AWKWARD)}/", f"/samples/{quote(AWKWARD, safe='/:,')}/")],
)  # fmt: skip
def test_what_is_scanned_leads_to_its_page(desk: Client, scanned_text: str, leads_to: str) -> None:
    Tool.objects.create(key="TW-1", name_en="Tweezers", material="PTFE")
    answer = desk.get("/scan/", {"q": scanned_text})
    assert (answer.status_code, answer["Location"]) == (302, leads_to)


def test_what_nothing_is_called_shows_what_is_called_like_it(desk: Client) -> None:
    search.rebuild()  # the index stands beside the database, and may be that of another test
    answer = desk.get("/scan/", {"q": "15555,9"})
    assert (answer.status_code, "/samples/15555,1/" in answer.content.decode()) == (404, True)
    assert "/places/BOX-7/" in desk.get("/scan/", {"q": "BOX"}).content.decode()


def test_what_several_are_called_lets_one_choose(desk: Client) -> None:
    Sample.objects.create(number="BOX-7", mission="change-5")
    page = desk.get("/scan/", {"q": "BOX-7"}).content.decode()
    assert "/samples/BOX-7/" in page
    assert "/places/BOX-7/" in page
    assert desk.get("/scan/", {"q": "http://x/places/BOX-7/"})["Location"] == "/places/BOX-7/"


@pytest.mark.parametrize("text", ["http://evil.example/", "http://[bad", "javascript:alert(1)", "//evil.example/places/x/",
                                  "http://testserver/accounts/login/", "a\0b", "x" * 500])  # fmt: skip
def test_nothing_that_is_scanned_leads_away(desk: Client, text: str) -> None:
    assert desk.get("/scan/", {"q": text}).status_code == 404


def test_who_may_not_see_exact_places_is_led_to_none(
    desk: Client, a_person: Callable[..., Person], signed_in: Callable[[Person], Client]
) -> None:
    browser = signed_in(a_person("Fay", "compliance"))
    assert browser.get("/scan/", {"q": "BOX-7"}).status_code == 404
    assert "BOX-7/" not in browser.get("/scan/", {"q": "BOX"}).content.decode()
    assert browser.get("/scan/", {"q": "15555,1"}).status_code == 302


def test_the_camera_is_for_the_page_that_scans_alone(desk: Client) -> None:
    assert "camera=(self)" in desk.get("/scan/")["Permissions-Policy"]
    assert desk.get("/desk/")["Permissions-Policy"] == middleware.PERMISSIONS
    assert "camera=()" in middleware.PERMISSIONS


def test_an_address_of_a_label_is_read_in_every_language() -> None:
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert scanned.read("HTTP://h/zh-hans/places/A-1/") == ("place", "A-1")
            assert scanned.read("http://h/places/A-1") == ("place", "A-1")
    assert scanned.name_of("https://h/instruments/BAL-1/?x=1#y") == "BAL-1"
    assert scanned.read("https://h/ledger/3/") == ("", "https://h/ledger/3/")
