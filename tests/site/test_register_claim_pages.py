"""Pages of claims: who may do what, what is refused beside its field, tables with faults in their cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from claiming import NOW, proposed
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.library.workbooks import xlsx

from aliquot.formats import claims as tables
from aliquot.site import notice_words
from aliquot.site.models import Notice, Person, RegisterClaim, Role
from aliquot.site.operations import register as operations

pytestmark = pytest.mark.django_db
TOLD = {
    "about": "change-6", "says": "scoops", "part": "an example", "count": "3", "grade": "B", "date": "2026-11-02", "scope_en": "an example",
    "source_title": "An example bulletin", "source_grade": "B", "source_date": "2026-11-02",
}  # fmt: skip
DISPLAYS = Path(__file__).resolve().parents[3] / "shared/data/lunar-display-loans/display_loans.csv"
TABLE = (
    "about,says,value_en,part,grade,date,scope_en,sources\nchange-5,property,hard,x,C,2026,an example,C20\n"
)


def sent(client: Client, address: str, **told: object) -> HttpResponse:
    """Fill in the form at an address as a browser does, and send it."""
    page = client.get(address).content.decode()
    keys = {
        name: re.search(rf'name="{name}" value="([^"]+)"', page)[1]
        for name in ("csrfmiddlewaretoken", "acting_key")
    }
    return client.post(address, {**keys, **told})


def test_every_role_against_every_page_of_claims(
    a_person: Callable[..., Person], signed_in: Callable[[Person], Client], client: Client
) -> None:
    row = proposed(a_person("Proposer"))
    public = ("/claims/", f"/claims/{row.key}/", "/claims/changes.atom")
    for address in public:
        assert client.get(address).status_code == 200
    for address in ("/claims/propose/", "/claims/import/"):
        assert client.get(address).status_code == 302
    for role in Role:
        browser = signed_in(a_person(f"Some-{role.value}", role))
        for address in (*public, "/claims/propose/", "/claims/import/"):
            assert browser.get(address).status_code == 200, (role, address)
        answer = sent(browser, f"/claims/{row.key}/", act="doubt")
        # Curators and directors are told that a reason is missing; all others may not judge.
        assert answer.status_code == (422 if role in (Role.CURATOR, Role.DIRECTOR) else 403), role


def test_a_claim_is_proposed_judged_and_shown_on_pages(
    di: Person, ada: Person, signed_in: Callable[[Person], Client]
) -> None:
    answer = sent(signed_in(di), "/claims/propose/?as=statement", **TOLD)
    assert (answer.status_code, answer["Location"]) == (302, "/claims/claim-2/")
    assert "counts nowhere" in signed_in(ada).get("/claims/claim-2/").content.decode()
    assert signed_in(di).get("/facts/claim-2/").status_code == 404
    assert sent(signed_in(ada), "/claims/claim-2/", act="confirm").status_code == 302
    text = signed_in(di).get("/facts/claim-2/").content.decode()
    assert "An example bulletin" in text
    assert 'data-claim="claim-2"' in signed_in(di).get("/missions/change-6/").content.decode()


def test_faults_stand_beside_their_fields_and_all_that_was_typed_is_kept(
    di: Person, signed_in: Callable[[Person], Client]
) -> None:
    wrong = {
        **TOLD,
        "about": "atlantis",
        "count": "many",
        "date": "soon",
        "why": "because",
        "contradicts": "nothing",
    }
    answer = sent(signed_in(di), "/claims/propose/?as=statement", **wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    for field in ("count", "date", "contradicts"):
        assert re.search(rf"id_{field}_error", text), field
    assert "because" in text
    assert 'value="atlantis"' in text
    assert not RegisterClaim.objects.exists()


@pytest.mark.parametrize("kind", ["statement", "transfer", "source", "party"])
def test_an_empty_or_hostile_form_of_each_kind_is_refused(
    di: Person, signed_in: Callable[[Person], Client], kind: str
) -> None:
    assert sent(signed_in(di), f"/claims/propose/?as={kind}").status_code == 422
    assert sent(signed_in(di), f"/claims/propose/?as={kind}", note_en="a\0b", why="x\0").status_code == 422
    assert not RegisterClaim.objects.exists()


def test_a_kind_of_claim_that_is_none_is_not_found(di: Person, signed_in: Callable[[Person], Client]) -> None:
    assert signed_in(di).get("/claims/propose/?as=rumour").status_code == 404


def test_a_table_is_shown_with_every_fault_in_its_cell_and_taken_in_whole(
    di: Person, signed_in: Callable[[Person], Client]
) -> None:
    browser = signed_in(di)
    bad = TABLE + "atlantis,hums,loud,y,Z,soon,an example,C20\n"
    answer = sent(browser, "/claims/import/", text=bad, act="propose")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count('class="field--fault"') >= 3
    assert "nothing can be said with “hums”" in text
    assert not RegisterClaim.objects.exists()
    assert sent(browser, "/claims/import/", text=TABLE, act="look").status_code == 200
    assert sent(browser, "/claims/import/", text=TABLE, act="propose").status_code == 302
    assert RegisterClaim.objects.get().about == "change-5"


@pytest.mark.parametrize("text", ["", "about\n", "about,about\nx,y\n", 'a,"b\n', "\0", "about,says\nx\n"])
def test_a_table_that_is_none_is_refused(
    di: Person, signed_in: Callable[[Person], Client], text: str
) -> None:
    assert sent(signed_in(di), "/claims/import/", text=text, act="propose").status_code in (200, 422)
    assert not RegisterClaim.objects.exists()


def test_the_displays_of_nasa_come_in_by_their_mapping(di: Person) -> None:
    if not DISPLAYS.is_file():
        pytest.skip("the shared data are not here")
    data = DISPLAYS.read_bytes()
    table = tables.read(data, tables.load("display-loans"))
    assert (len(table.rows), table.wrong) == (81, [])
    source = {
        "title": "Lunar sample display locations",
        "publisher": "data.nasa.gov",
        "date": "<2016",
        "grade": "C",
    }
    told = [operations.Proposal(one.kind, one.fact, None, one.links) for one in table.rows]
    faults, found = operations.look_over(told, source)
    assert (faults, [one for one in found if one]) == ((), [])
    made = operations.propose_many(told[:5], source, by=di, at=NOW)
    assert {row.about for row in made} <= {
        "apollo-11",
        "apollo-12",
        "apollo-14",
        "apollo-15",
        "apollo-16",
        "apollo-17",
    }


def test_lists_of_claims_ask_the_same_whatever_their_length(
    di: Person, client: Client, django_assert_num_queries: object
) -> None:
    for i in range(3):
        proposed(di, part=f"example {i}")
    client.get("/claims/")
    # The revision, the rows and how many, what they say, what they name, and what is tied to that.
    with django_assert_num_queries(6):  # type: ignore[operator]
        assert client.get("/claims/").content.decode().count("/claims/claim-") == 6


def test_a_workbook_is_read_as_a_table_is(di: Person, signed_in: Callable[[Person], Client]) -> None:
    book = xlsx({"Notes": (), "Claims": tuple(map(tuple, csv.reader(TABLE.splitlines())))})
    browser = signed_in(di)
    file = SimpleUploadedFile("claims.xlsx", book)
    answer = sent(browser, "/claims/import/", file=file, act="look")
    assert answer.status_code == 200
    assert "change-5,property,hard" in answer.content.decode()
    for wrong in (b"PK\x03\x04 no workbook", b"PK\x03\x04"):
        file = SimpleUploadedFile("claims.xlsx", wrong)
        answer = sent(browser, "/claims/import/", file=file, act="propose")
        assert answer.status_code == 422
        assert "this is no workbook that can be read" in answer.content.decode()
    assert not RegisterClaim.objects.exists()


def test_a_subject_is_searched_and_all_that_was_typed_is_kept(
    di: Person, signed_in: Callable[[Person], Client]
) -> None:
    browser = signed_in(di)
    answer = sent(
        browser, "/claims/propose/?as=statement", act="find", about="嫦娥五", why="because", count="3"
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(r'name="found" value="change-5"', text)
    assert "because" in text
    assert 'value="3"' in text
    answer = sent(browser, "/claims/propose/?as=statement", **{**TOLD, "about": "chang", "found": "change-6"})
    assert answer.status_code == 302
    assert RegisterClaim.objects.get(key="claim-2").about == "change-6"
    assert '<option value="luna-20">' in browser.get("/claims/subjects/?about=luna").content.decode()
    assert "<option" not in browser.get("/claims/subjects/", {"about": "\0"}).content.decode()


def test_whoever_proposed_a_claim_is_told_that_it_was_judged(di: Person, ada: Person) -> None:
    row = proposed(di)
    operations.act(row, "confirm", by=ada, at=NOW)
    told = {(one.person_id, one.kind, one.subject) for one in Notice.objects.all()}
    assert told == {(di.pk, "claim-judged", "claim:claim-2")}
    assert notice_words.href("claim:claim-2") == "/claims/claim-2/"
    operations.act(row, "link", links={"contradicts": ["change-6.side"]}, by=di, at=NOW)
    assert Notice.objects.count() == 1


def test_a_place_is_told_on_the_page_of_the_fact(di: Person, ada: Person, client: Client) -> None:
    row = proposed(di, place_en="Example bay", place_zh="示例湾")
    operations.act(row, "confirm", by=ada, at=NOW)
    assert "Example bay" in client.get(f"/facts/{row.key}/").content.decode()
    assert "Example bay" in client.get(f"/facts/{row.key}/?format=csv").content.decode()
    node = client.get(f"/facts/{row.key}/?format=jsonld").json()["members_exemplified_by"]
    assert [one["took_place_at"][0]["_label"] for one in node if "took_place_at" in one] == ["Example bay"]


def test_whoever_judges_has_seen_what_others_found_before(
    di: Person, a_person: Callable[..., Person], ada: Person, signed_in: Callable[[Person], Client]
) -> None:
    row, eva = proposed(di), a_person("Eva-of-the-house", Role.DIRECTOR)
    address, late = f"/claims/{row.key}/", signed_in(eva)
    opened = late.get(address).content.decode()
    assert sent(signed_in(ada), address, act="confirm").status_code == 302
    keys = dict(re.findall(r'name="(csrfmiddlewaretoken|acting_key|seen)" value="([^"]+)"', opened))
    answer = late.post(address, {**keys, "act": "refute", "why": "it says otherwise"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "somebody did something about" in text
    assert "it says otherwise" in text
    assert RegisterClaim.objects.get(pk=row.pk).state == "claimed"
    # The page that refused shows what was found: from it the judgement is taken.
    keys = dict(re.findall(r'name="(csrfmiddlewaretoken|acting_key|seen)" value="([^"]+)"', text))
    assert late.post(address, {**keys, "act": "refute", "why": "it says otherwise"}).status_code == 302
    assert RegisterClaim.objects.get(pk=row.pk).state == "refuted"


def test_a_claim_without_a_source_is_refused_in_words(
    di: Person, signed_in: Callable[[Person], Client]
) -> None:
    told = {name: value for name, value in TOLD.items() if not name.startswith("source_")}
    text = sent(signed_in(di), "/claims/propose/?as=statement", **told).content.decode()
    assert "no source is told; name one of the register by its key, or tell a new one" in text
    assert "sources = [" not in text
    assert not RegisterClaim.objects.exists()
