"""The page of one sample: everything published of it, however odd its number and however large its family."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from urllib.parse import quote

import pytest
from collection import SHELF, VAULT, a_collection, a_sample, by, call, cut, holders, ng
from django.test import Client
from django.urls import reverse

from aliquot.samples import Descent
from aliquot.site import queries, search
from aliquot.site.models import Person, Sample
from aliquot.site.operations import samples as acts
from aliquot.site.web.samples import without_rings

pytestmark = pytest.mark.django_db

QUERIES = 22


@pytest.fixture
def collection(db: None) -> None:
    a_collection()


def shown(client: Client, number: str, status: int = 200, query: str = "") -> str:
    response = client.get(reverse("sample", args=[number]) + query)
    assert response.status_code == status
    return unescape(response.content.decode())


def test_the_page_tells_what_a_sample_is(client: Client, collection: None) -> None:
    page = shown(client, "15555,1")
    for words in ("Chang'e-5", "test basalt", "6.998 g", "9 g", "Test Rock", "unofficial name", "A vesicular piece.", "Test laboratory",
                  "lost in handling", "2 mg", "Lent for 12 months as a rule."):  # fmt: skip
        assert words in page


def test_a_mass_without_uncertainty_says_that_none_is_recorded(client: Client, collection: None) -> None:
    assert "The uncertainty of these masses is not recorded." in shown(client, "15555,1")
    Sample.objects.filter(number="15555,1").update(mass_sd_ng=300_000)
    assert "6.998\u00a0g ±\u00a0300\u00a0µg" in shown(client, "15555,1")


def test_a_sample_never_weighed_has_no_mass(client: Client, collection: None) -> None:
    Sample.objects.create(number="unweighed")
    assert shown(client, "unweighed").count("not recorded") >= 2


def test_the_parts_of_a_change_number_are_marked_as_unverified(client: Client, collection: None) -> None:
    page = shown(client, "CE5C0400YJFM001")
    assert "0400" in page
    assert "This reading is unverified" in page
    assert "This reading is unverified" not in shown(client, "15555,1")


def test_a_lot_says_that_there_is_no_such_jar(client: Client, collection: None) -> None:
    assert "This number stands for several samples" in shown(client, "lot:test:round-1")


def test_a_sealed_sample_says_what_that_means(client: Client, collection: None) -> None:
    assert "neither lent, given away nor used up" in shown(client, "core/7:é月,2")


def test_the_family_is_drawn_with_a_table_behind_it(client: Client, collection: None) -> None:
    page = shown(client, "15555,1")
    assert 'class="drawing d-family' in page
    assert "2 samples were made from it directly." in page
    assert reverse("sample", args=["15555,10"]) in page


def test_custody_is_drawn_from_the_entries(client: Client, collection: None) -> None:
    sheet = queries.samples.sheet("15555,2")
    assert sheet
    assert [(stay.whom.name.en, stay.until is None) for stay in sheet.stays] == [
        ("Test laboratory", False), ("", False), ("Test museum", True),
    ]  # fmt: skip
    assert 'class="drawing d-custody' in shown(client, "15555,2")


def test_moving_between_two_rooms_of_one_public_name_is_no_change_of_custody(collection: None) -> None:
    sheet = queries.samples.sheet("CE5C0400YJFM001")
    assert sheet
    assert len(sheet.stays) == 1
    assert sheet.stays[0].until is None


def test_each_entry_that_touches_it_has_its_proof_once_signed(client: Client, collection: None) -> None:
    sheet = queries.samples.sheet("CE5C0400YJFM001")
    assert sheet
    assert [(touch.kind, touch.is_proven) for touch in sheet.touches] == [("move", False), ("receive", True)]
    page = shown(client, "CE5C0400YJFM001")
    assert "awaits the next checkpoint" in page
    assert reverse("proof", args=[sheet.touches[1].index]) in page


def test_older_entries_are_one_click_away(client: Client, collection: None) -> None:
    for n in range(30):
        there, here = (SHELF, VAULT) if n % 2 else (VAULT, SHELF)
        acts.move("15555,1", source=there, target=here, mass_ng=ng("1 g"), by=by())
    page = shown(client, "15555,1")
    sheet = queries.samples.sheet("15555,1")
    assert sheet
    assert f"?before={sheet.older}#entries" in page
    older = queries.samples.sheet("15555,1", before=sheet.older)
    assert older
    assert {touch.index for touch in older.touches}.isdisjoint({touch.index for touch in sheet.touches})
    assert len(older.touches) + len(sheet.touches) == 32


def test_the_exact_place_is_for_those_who_may_see_it(
    client: Client, collection: None, ada: Person, di: Person, signed_in: Callable[[Person], Client]
) -> None:
    address = reverse("sample", args=["15555,1"])
    assert b"drawer 4" not in client.get(address).content
    assert b"drawer 4" not in signed_in(di).get(address).content
    assert b"drawer 4" in signed_in(ada).get(address).content


def test_those_who_may_act_begin_from_the_sample(
    client: Client, collection: None, ada: Person, eve: Person, signed_in: Callable[[Person], Client]
) -> None:
    address = reverse("sample", args=["15555,1"])
    assert "Work on it" not in client.get(address).text
    work = signed_in(ada).get(address).context["work"]
    assert "/bench/split/?parent=15555%2C1" in {way.href for way in work.first}
    assert "/bench/lose/?sample=15555%2C1" in {way.href for way in work.rest}
    assert not {"/bench/find/?sample=15555%2C1"} & {way.href for way in (*work.first, *work.rest)}
    told = signed_in(eve).get(address).context["work"]
    assert [way.href for way in (*told.first, *told.rest)] == ["/incidents/?sample=15555%2C1#report"]


def test_what_is_missing_can_only_be_found(
    collection: None, ada: Person, signed_in: Callable[[Person], Client]
) -> None:
    Sample.objects.filter(number="15555,1").update(availability="missing")
    work = signed_in(ada).get(reverse("sample", args=["15555,1"])).context["work"]
    assert [way.label for way in work.first] == ["Report found", "Report an incident"]
    assert not work.rest


def test_a_sample_that_is_not_published_has_no_page(client: Client, collection: None) -> None:
    Sample.objects.filter(number="15555,1").update(published=False)
    search.rebuild()
    shown(client, "15555,1", status=404)
    assert "15555,1<" not in shown(client, "15555,2")


def test_an_unknown_number_leads_to_those_like_it(client: Client, collection: None) -> None:
    page = shown(client, "15555,9", status=404)
    assert "15555,9" in page
    assert reverse("sample", args=["15555,10"]) in page


ODD = [
    "a,b:c",
    "a/b/c",
    "%2e%2e",
    "a?b#c",
    "a&b=c",
    "月壤001",
    "é",
    "<b>",
    "\"'",
    "a%20b",
    "+1+",
    "x;y",
    "1" * 100,
    "..x",
    "a//b",
]


def test_any_number_has_an_address(client: Client, db: None) -> None:
    holders()
    for number in ODD:
        a_sample(number)
    listed = unescape(client.get("/catalogue/").content.decode())
    for number in ODD:
        page = client.get(f"/samples/{quote(number, safe='')}/")
        assert page.status_code == 200
        assert number in shown(client, number)
        assert f'href="{reverse("sample", args=[number])}"' in listed
        assert b"<b></h1>" not in page.content


@pytest.mark.parametrize("daughters", [0, 1, 40, 220])
def test_the_queries_of_a_page_do_not_grow_with_the_family(
    client: Client, django_assert_num_queries: Callable[..., object], daughters: int
) -> None:
    holders()
    a_sample("parent", "900 g")
    for first in range(0, daughters, 100):
        cut("parent", *(f"daughter-{n}" for n in range(first, min(first + 100, daughters))))
    with django_assert_num_queries(QUERIES):
        assert "900 g" in shown(client, "parent")


def test_a_combination_has_all_its_parents(client: Client, collection: None) -> None:
    sheet = queries.samples.sheet("15555,2")
    assert sheet
    assert {(step.parent, step.daughter) for step in sheet.descents} == {("15555,1", "15555,2")}


def test_a_daughter_poured_back_does_not_make_the_picture_run_in_a_ring() -> None:
    split, back = Descent(3, "a", "b", "split"), Descent(5, "b", "a", "combine")
    assert without_rings([split, back]) == (split,)
    assert without_rings([Descent(1, "a", "b", "split"), Descent(1, "a", "c", "split")]) != ()


def test_a_former_number_finds_the_sample(client: Client, collection: None) -> None:
    call("15555,2", "OLD-77", kind="former")
    assert reverse("sample", args=["15555,2"]) in shown(client, "OLD-77", status=404)
