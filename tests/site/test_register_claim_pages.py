"""Pages of claims: who may do what, what is refused beside its field, tables with faults in their cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from claiming import NOW, proposed
from django.http import HttpResponse
from django.test import Client

from aliquot.formats import claims as tables
from aliquot.site.models import Person, RegisterClaim, Role
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
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert client.get("/claims/").content.decode().count("/claims/claim-") == 6
