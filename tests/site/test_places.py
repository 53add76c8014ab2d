"""Keeping the store: what is made, corrected, moved and closed, by whom, and what two people do at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import collection
import pytest
from collection import ng
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aliquot.fault import Refused
from aliquot.site import search
from aliquot.site.models import Balance, Entry, Holder, Place, PlaceMove, Role, Sample
from aliquot.site.operations import handling, people, places
from aliquot.site.operations import samples as acts
from aliquot.site.operations.places import Told
from aliquot.site.queries import places as reads

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
SITE = Told("site", name_en="North laboratory", name_zh="北区实验室", country="CN")
BY = "person:1"


def made(code: str, kind: str, into: str = "", *, at: datetime = NOW, **other: str) -> Place:
    told = SITE if kind == "site" else Told(kind)
    return places.make([code], replace(told, **other), into=into, by=BY, at=at)[0]


@pytest.fixture
def store(db: None) -> None:
    """Two sites; in one a room with air, a cabinet with nitrogen, a shelf, a box."""
    made("N", "site")
    made("B", "site", name_en="Backup store", name_zh="", country="FR")
    made("N-R1", "room", "N", atmosphere="air")
    made("N-C1", "cabinet", "N-R1", atmosphere="nitrogen", allowed_materials="steel ptfe")
    made("N-S1", "shelf", "N-C1")
    made("BOX", "container", "N-S1", container_type="teflonbag")


def put(number: str, code: str, weighs: str = "1 g", **fields: object) -> None:
    """A sample arrives in a place."""
    key = reads.by_code(code).holder.key
    acts.receive(Sample(number=number, mission="change-5", **fields), origin=collection.ORIGIN, place=key,
                 mass_ng=ng(weighs), by=collection.by())  # fmt: skip


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        act()
    return [f"{one.where}: {one.said}" for one in caught.value.faults]


# -- making ----------------------------------------------------------------------------------------------------


def test_a_place_has_an_opaque_key_and_the_public_reads_its_site_alone(store: None) -> None:
    box = Place.objects.select_related("holder").get(code="BOX")
    assert box.holder.key.startswith("place:")
    assert len(box.holder.key) == 12
    assert (box.holder.name_en, box.holder.name_zh, box.holder.country) == (
        "North laboratory",
        "北区实验室",
        "CN",
    )
    assert box.holder.detail == "BOX"
    assert box.moves.get().what == "made"


def test_several_places_are_made_alike_and_materials_are_written_in_one_way(store: None) -> None:
    places.make(["V-1", "V-2", "V-3"], Told("container", container_type="glassvial", allowed_materials="ptfe"),
                into="BOX", by=BY, at=NOW)  # fmt: skip
    assert set(Place.objects.filter(parent__code="BOX").values_list("code", "allowed_materials")) == {
        ("V-1", "PTFE"), ("V-2", "PTFE"), ("V-3", "PTFE")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "told", "into", "faults"),
    [
        (["A B"], Told("room"), "N", ["code: “A B” cannot be a code"]),
        (["box"], Told("room"), "N", ["code: the code box is taken"]),
        (["X", "x"], Told("room"), "N", ["code: the code X is taken", "code: the code x is taken"]),
        ([], Told("room"), "N", ["code: 1 to 500 places are made at once"]),
        (["X"], Told("drawer"), "N", ["kind: “drawer” is not a kind of place"]),
        (["X"], Told("room"), "", ["parent: only a site stands by itself"]),
        (["X"], Told("room"), "nowhere", ["parent: there is no place “nowhere”"]),
        (["X"], Told("room"), "N-C1", ["parent: N-C1 is not larger than what would stand in it"]),
        (["X"], Told("room", country="CN"), "N", ["country: only a site has a country"]),
        (["X"], Told("site", country="China"), "", ["country: “China” is not the code of a country"]),
        (["", "X"], Told("room", name_en="a\nb", name_zh="x" * 201, container_type="tin", atmosphere="fog",
                         allowed_materials="a/b"), "N",
         ["code: the place has no code", "name_en: this cannot be a name", "name_zh: this cannot be a name",
          "container_type: “tin” is not a type of container", "atmosphere: “fog” is not an atmosphere",
          "allowed_materials: “a/b” cannot name a material"]),
    ],
)  # fmt: skip
def test_what_is_no_place_is_refused_with_every_fault(
    store: None, codes: list[str], told: Told, into: str, faults: list[str]
) -> None:
    before = Place.objects.count(), Holder.objects.count()
    assert refused(lambda: places.make(codes, told, into=into, by=BY, at=NOW)) == faults
    assert (Place.objects.count(), Holder.objects.count()) == before


def test_what_the_ledger_calls_a_place_already_is_set_up_with_its_mass(db: None) -> None:
    collection.holders()
    collection.a_sample("T-1", "5 g")
    places.make(["LAB"], Told("site", name_en="Test laboratory", country="CN"), by=BY, at=NOW)
    (vault,) = places.make(["VAULT"], Told("room"), into="LAB", holder=collection.VAULT, by=BY, at=NOW)
    assert vault.holder.key == collection.VAULT
    assert (vault.name_en, vault.holder.name_en, vault.holder.name_zh) == (
        "vault 2, drawer 4",
        "Test laboratory",
        "",
    )
    assert reads.totals([Place.objects.get(code="LAB").pk]).popitem()[1] == (1, ng("5 g"))
    assert refused(
        lambda: places.make(["V2"], Told("room"), into="LAB", holder=collection.VAULT, by=BY, at=NOW)
    ) == ["holder: the ledger has no place place:vault that wants setting up"]


# -- correcting ------------------------------------------------------------------------------------------------


def test_a_label_can_change_the_key_cannot_and_what_it_was_stays(store: None) -> None:
    key = reads.by_code("BOX").holder.key
    box = reads.by_code("BOX")
    places.correct("BOX", replace(places.told_of(box), name_en="Box of the first day"), new_code="BOX-1",
                   reason="two boxes had one label", by=BY, at=NOW)  # fmt: skip
    assert reads.by_code("BOX") is None
    assert reads.by_code("BOX-1").holder.key == key
    assert Holder.objects.get(key=key).detail == "BOX-1 Box of the first day"
    newest = PlaceMove.objects.filter(place=box).last()
    assert newest.changes == [["name_en", "", "Box of the first day"], ["code", "BOX", "BOX-1"]]


def test_a_site_that_is_called_otherwise_is_so_for_all_that_stands_in_it(store: None) -> None:
    put("T-1", "BOX")
    before = Sample.objects.get().revision
    places.correct("N", replace(SITE, name_en="South laboratory", country="DE"), by=BY, at=NOW)
    assert set(
        Holder.objects.filter(place__code__in=["N", "BOX"]).values_list("name_en", "country")
    ) == {("South laboratory", "DE")}  # fmt: skip
    assert Holder.objects.get(place__code="B").name_en == "Backup store"
    assert Sample.objects.get().revision > before


@pytest.mark.parametrize(
    ("code", "change", "new", "faults"),
    [
        ("BOX", {}, "", ["place: nothing of BOX would be different"]),
        ("BOX", {}, "n-s1", ["code: the code n-s1 is taken"]),
        ("BOX", {"name_en": "x" * 201}, "", ["name_en: this cannot be a name"]),
        ("N-C1", {"kind": "container"}, "", ["kind: what stands in N-C1 would be too large for it"]),
        ("N-S1", {"kind": "room"}, "", ["kind: N-C1 is not larger than what would stand in it"]),
        ("BOX", {"kind": "drawer"}, "", ["kind: “drawer” is not a kind of place"]),
        ("GONE", {"name_en": "x"}, "", ["place: there is no place “GONE”"]),
    ],
)
def test_what_would_be_wrong_is_no_correction(
    store: None, code: str, change: dict[str, str], new: str, faults: list[str]
) -> None:
    row = reads.by_code(code)
    told = replace(places.told_of(row) if row else Told("room"), **change)
    assert refused(lambda: places.correct(code, told, new_code=new, by=BY, at=NOW)) == faults


def test_to_call_nitrogen_air_around_pristine_samples_wants_a_reason(store: None) -> None:
    put("T-1", "BOX", condition="pristine")
    told = replace(places.told_of(reads.by_code("N-C1")), atmosphere="air")
    assert refused(lambda: places.correct("N-C1", told, by=BY, at=NOW)) == [
        "reason: samples that never met air would come into air: 1"
    ]
    places.correct("N-C1", told, reason="it was never filled", by=BY, at=NOW)


# -- moving ----------------------------------------------------------------------------------------------------


def test_a_place_moves_with_all_that_is_in_it_and_nothing_is_posted(store: None) -> None:
    put("T-1", "BOX", "2 g")
    entries = Entry.objects.count()
    places.move("N-S1", into="B", source="N-C1", reason="to the backup store", by=BY, at=NOW)
    assert Entry.objects.count() == entries
    assert [one.code for one in reads.chain(reads.by_code("BOX").pk)] == ["BOX", "N-S1", "B"]
    assert Holder.objects.get(place__code="BOX").name_en == "Backup store"
    assert Holder.objects.get(place__code="BOX").country == "FR"
    assert reads.totals([reads.by_code("B").pk]) == {reads.by_code("B").pk: (1, ng("2 g"))}
    assert reads.totals([reads.by_code("N").pk]) == {}


@pytest.mark.parametrize(
    ("code", "into", "faults"),
    [
        ("N-S1", "BOX", ["parent: only a container stands in a container",
                         "parent: N-S1 cannot stand in itself or in what it holds"]),
        ("N-C1", "N-C1", ["parent: N-C1 is not larger than what would stand in it",
                          "parent: N-C1 cannot stand in itself or in what it holds"]),
        ("N-S1", "N-C1", ["parent: N-S1 stands there already"]),
        ("N", "B", ["parent: a site stands in no other place"]),
        ("BOX", "nowhere", ["parent: there is no place “nowhere”"]),
        ("GONE", "N", ["place: there is no place “GONE”"]),
    ],
)  # fmt: skip
def test_what_cannot_stand_there_stays_where_it_is(
    store: None, code: str, into: str, faults: list[str]
) -> None:
    moves = PlaceMove.objects.count()
    assert refused(lambda: places.move(code, into=into, by=BY, at=NOW)) == faults
    assert PlaceMove.objects.count() == moves


def test_pristine_samples_come_into_air_only_for_a_reason_unless_their_container_keeps_its_own(
    store: None,
) -> None:
    put("T-1", "BOX", condition="pristine")
    assert refused(lambda: places.move("BOX", into="N-R1", by=BY, at=NOW)) == [
        "reason: samples that never met air would come into air: 1"
    ]
    places.move("BOX", into="N-R1", reason="the cabinet leaks", by=BY, at=NOW)
    made("TIGHT", "container", "N-S1", atmosphere="nitrogen")
    put("T-2", "TIGHT", condition="pristine")
    places.move("TIGHT", into="N-R1", by=BY, at=NOW)


def test_whoever_comes_second_is_told_where_it_stands_now(store: None) -> None:
    places.move("BOX", into="N-C1", source="N-S1", by=BY, at=NOW)
    assert refused(lambda: places.move("BOX", into="N", source="N-S1", by=BY, at=NOW)) == [
        "place: BOX was moved meanwhile: it stands in N-C1 now"
    ]


def test_the_public_finds_what_lies_in_containers_at_their_site(store: None) -> None:
    for number, code in (("T-1", "BOX"), ("T-2", "N-C1"), ("T-3", "B")):
        put(number, code)

    def found() -> dict[str, int]:
        return dict(dict(search.find(search.Wanted()).facets)["holder"])

    north, backup = reads.by_code("N").holder.key, reads.by_code("B").holder.key
    assert found() == {north: 2, backup: 1}
    places.move("BOX", into="B", by=BY, at=NOW)
    assert found() == {north: 1, backup: 2}
    assert Place.objects.get(code="BOX").site.code == "B"


# -- closing ---------------------------------------------------------------------------------------------------


def test_what_holds_something_is_not_closed_and_what_is_closed_takes_nothing(store: None) -> None:
    put("T-1", "BOX")
    assert refused(lambda: places.close("BOX", by=BY, at=NOW)) == ["place: samples are in it: 1"]
    assert refused(lambda: places.close("N-S1", by=BY, at=NOW)) == ["place: open places are in it: 1"]
    acts.move("T-1", source=reads.by_code("BOX").holder.key, target=reads.by_code("N").holder.key,
              mass_ng=ng("1 g"), by=collection.by())  # fmt: skip
    places.close("BOX", reason="it broke", by=BY, at=NOW)
    assert refused(lambda: made("V", "container", "BOX")) == ["parent: BOX is closed"]
    assert refused(lambda: places.move("BOX", into="N", by=BY, at=NOW)) == ["place: BOX is closed"]
    assert refused(lambda: places.close("BOX", by=BY, at=NOW)) == ["place: BOX is closed already"]
    places.close("N-S1", by=BY, at=NOW)
    assert refused(lambda: places.open_again("BOX", by=BY, at=NOW)) == ["place: N-S1 is closed"]
    places.open_again("N-S1", by=BY, at=NOW)
    places.open_again("BOX", by=BY, at=NOW)
    assert refused(lambda: places.open_again("BOX", by=BY, at=NOW)) == ["place: BOX is open"]
    assert list(PlaceMove.objects.filter(place__code="BOX").values_list("what", flat=True)) == [
        "made", "closed", "opened"
    ]  # fmt: skip


# -- two people at once ----------------------------------------------------------------------------------------


def at_once(*doings: Callable[[], object]) -> list[str]:
    """Do these at once, each with a connection of its own; return what was refused."""

    def each(doing: Callable[[], object]) -> str:
        try:
            doing()
        except Refused as caught:
            return caught.faults[0].said
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(doings)) as pool:
        return sorted(pool.map(each, doings))


@pytest.mark.django_db(transaction=True)
def test_of_two_moves_at_once_one_is_told_that_the_other_was_quicker() -> None:
    made("N", "site")
    for code in ("A", "B", "C"):
        made(code, "room", "N")
    made("BOX", "container", "A")
    said = at_once(
        *(lambda into=into: places.move("BOX", into=into, source="A", by=BY, at=NOW) for into in ("B", "C"))
    )
    assert said[0] == ""
    assert said[1].startswith("BOX was moved meanwhile")
    assert PlaceMove.objects.filter(place__code="BOX").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_boxes_are_not_put_into_each_other_at_once() -> None:
    made("N", "site")
    made("A", "container", "N")
    made("B", "container", "N")
    said = at_once(
        lambda: places.move("A", into="B", by=BY, at=NOW), lambda: places.move("B", into="A", by=BY, at=NOW)
    )
    assert said[0] == ""
    assert "cannot stand in itself" in said[1]


@pytest.mark.django_db(transaction=True)
def test_a_place_is_not_closed_while_a_sample_is_moved_into_it() -> None:
    made("N", "site")
    made("BOX", "container", "N")
    put("T-1", "N")
    ada = people.invite(email="ada@example.org", name="Ada", roles=[Role.CURATOR], by=None, at=NOW)
    told = {"samples": ["T-1"], "target": "BOX"}
    said = at_once(
        lambda: places.close("BOX", by=BY, at=NOW), lambda: handling.record("move", told, by=ada, at=NOW)
    )
    assert said[0] == ""
    assert said[1] in {"samples are in it: 1", "the place “BOX” is closed"}
    box = Place.objects.select_related("holder").get(code="BOX")
    assert bool(box.closed_at) != Balance.objects.filter(holder=box.holder, mass_ng__gt=0).exists()


@pytest.mark.django_db(transaction=True)
def test_a_place_is_not_closed_while_something_is_put_into_it() -> None:
    made("N", "site")
    made("BOX", "container", "N")
    said = at_once(
        lambda: places.close("BOX", by=BY, at=NOW),
        lambda: made("V", "container", "BOX"),
        lambda: put("T-1", "N"),
    )
    box = Place.objects.get(code="BOX")
    assert said[:2] == ["", ""]
    assert bool(box.closed_at) != Place.objects.filter(parent=box).exists()


# -- the past --------------------------------------------------------------------------------------------------


def test_contents_and_place_of_a_past_day_are_told_by_moves_and_postings(store: None) -> None:
    day = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    made("V", "container", "BOX", at=day)
    places.move("V", into="N", by=BY, at=day + timedelta(days=2))
    v, box, n = (reads.by_code(code) for code in ("V", "BOX", "N"))

    def codes(place: Place, days: int) -> list[str]:
        return [one.code for one in reads.stood(place, (day + timedelta(days=days)).date(), 1).rows]

    assert [codes(box, days) for days in (-1, 0, 1, 2)] == [[], ["V"], ["V"], []]
    assert codes(n, 2) == ["N-R1", "V"]
    on = [[one.code for one in reads.path_on(v, (day + timedelta(days=days)).date())] for days in (-1, 1, 2)]
    assert on == [[], ["V", "BOX", "N-S1", "N-C1", "N-R1", "N"], ["V", "N"]]


def test_what_lay_there_is_the_replay_of_the_postings(store: None) -> None:
    put("T-1", "BOX", "3 g")
    put("T-2", "BOX", "1 g")
    box, shelf = reads.by_code("BOX"), reads.by_code("N-S1")
    first = date.fromisoformat(Entry.objects.order_by("index")[0].at[:10])
    at = f"{first + timedelta(days=40)}T09:00:00Z"
    acts.move(
        "T-1", source=box.holder.key, target=shelf.holder.key, mass_ng=ng("2 g"), by=acts.By("person:1", at)
    )

    def lay(place: Place, days: int) -> list[tuple[str, int]]:
        page = reads.lay(place, first + timedelta(days=days), 1)
        assert page.total == len(page.rows)
        return [(one.number, one.mass_ng) for one in page.rows]

    assert lay(box, -1) == []
    assert lay(box, 39) == [("T-1", ng("3 g")), ("T-2", ng("1 g"))]
    assert lay(box, 40) == [("T-1", ng("1 g")), ("T-2", ng("1 g"))]
    assert lay(shelf, 40) == [("T-1", ng("2 g"))]


MOVES = st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("ABCDN")), max_size=8)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_after_any_moves_the_tree_is_whole_and_every_day_can_be_told(
    db: None, moves: list[tuple[str, str]]
) -> None:
    with transaction.atomic():
        _check_moves(moves)
        transaction.set_rollback(True)


def _check_moves(moves: list[tuple[str, str]]) -> None:
    made("N", "site")
    places.make(list("ABCD"), Told("container"), into="N", by=BY, at=NOW)
    stood = [dict.fromkeys("ABCD", "N")]
    for days, (code, into) in enumerate(moves, 1):
        with suppress(Refused):
            places.move(code, into=into, by=BY, at=NOW + timedelta(days=days))
        stood.append(dict(Place.objects.exclude(parent=None).values_list("code", "parent__code")))
    for code in "ABCD":
        assert reads.chain(reads.by_code(code).pk)[-1].code == "N"
    for days, then in enumerate(stood):
        on = (NOW + timedelta(days=days)).date()
        for parent in "ABCDN":
            found = {one.code for one in reads.stood(reads.by_code(parent), on, 1).rows}
            assert found == {code for code, into in then.items() if into == parent}
