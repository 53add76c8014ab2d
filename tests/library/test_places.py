"""Places: a tree that no move can make a ring of, and that can be told for any past day."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import book, places
from aliquot.fault import Fault
from aliquot.places import Kind, Move, Place, Tree

VOCABULARY = (
    Path(__file__).resolve().parents[3] / "shared/data/astromaterials-vocabularies/orex_ContainerType.ttl"
)
SITE = Place("place:s", Kind.SITE, "S")
ROOM = Place("place:r", Kind.ROOM, "R", "place:s", atmosphere="air")
CABINET = Place("place:c", Kind.CABINET, "C", "place:r", atmosphere="nitrogen", materials=("steel", "PTFE"))
SHELF = Place("place:h", Kind.SHELF, "H", "place:c")
BOX = Place("place:b", Kind.CONTAINER, "B", "place:h", materials=("PTFE",))
VIAL = Place("place:v", Kind.CONTAINER, "V", "place:b")
STORE: Tree = {one.key: one for one in (SITE, ROOM, CABINET, SHELF, BOX, VIAL)}


def said(faults: object) -> list[str]:
    assert isinstance(faults, tuple)
    return [f"{one.where}: {one.said}" for one in faults if isinstance(one, Fault)]


def test_a_place_is_found_by_all_that_it_stands_in() -> None:
    assert [one.code for one in places.chain(STORE, "place:v")] == ["V", "B", "H", "C", "R", "S"]
    assert places.below(STORE, "place:c") == {"place:h", "place:b", "place:v"}


@pytest.mark.parametrize(
    ("place", "into", "fault"),
    [
        (SHELF, SITE, None),
        (BOX, CABINET, None),
        (VIAL, VIAL, "parent: V cannot stand in itself or in what it holds"),
        (BOX, VIAL, "parent: B cannot stand in itself or in what it holds"),
        (ROOM, CABINET, "parent: C is not larger than what would stand in it"),
        (ROOM, ROOM, "parent: R is not larger than what would stand in it"),
        (SHELF, BOX, "parent: only a container stands in a container"),
        (SITE, ROOM, "parent: a site stands in no other place"),
    ],
)
def test_a_place_stands_in_a_larger_one_and_containers_in_containers(
    place: Place, into: Place, fault: str | None
) -> None:
    moved = places.move(STORE, place.key, into.key)
    if fault is None:
        assert not isinstance(moved, tuple)
        assert moved[place.key].parent == into.key
    else:
        assert fault in said(moved)


def test_only_a_site_stands_by_itself() -> None:
    assert said(places.move(STORE, "place:r", "")) == ["parent: only a site stands by itself"]
    assert not isinstance(places.move(STORE, "place:s", ""), tuple)


def test_nothing_is_put_into_what_is_closed_or_stands_in_it() -> None:
    shut = {**STORE, "place:c": Place("place:c", Kind.CABINET, "C", "place:r", closed=True)}
    assert said(places.move(shut, "place:v", "place:h")) == ["parent: C is closed"]


KEYS = [f"place:{n}" for n in range(8)]
KINDS = st.sampled_from(list(Kind))
TREES = st.lists(KINDS, min_size=8, max_size=8).map(
    lambda kinds: {key: Place(key, kind, key[6:]) for key, kind in zip(KEYS, kinds, strict=True)}
)
MOVES = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(["", *KEYS])), max_size=40)


@given(TREES, MOVES)
def test_no_moves_make_a_ring_or_put_the_large_into_the_small(
    tree: Tree, moves: list[tuple[str, str]]
) -> None:
    for key, parent in moves:
        moved = places.move(tree, key, parent)
        tree = tree if isinstance(moved, tuple) else moved
    for key, place in tree.items():
        outwards = places.chain(tree, key)  # stops the test where there is a ring
        assert key not in places.below(tree, key)
        if place.parent:
            assert outwards[1].kind.value in places.larger(place.kind)


@given(TREES, MOVES, st.integers(0, 45))
def test_what_stood_where_is_the_replay_of_all_moves_until_then(
    tree: Tree, moves: list[tuple[str, str]], day: int
) -> None:
    history = [Move(key, place.parent, "2026-01-01T00:00:00Z") for key, place in tree.items()]
    then = {key: place.parent for key, place in tree.items()}
    for i, (key, parent) in enumerate(moves):
        moved = places.move(tree, key, parent)
        if not isinstance(moved, tuple):
            tree = moved
            history.append(Move(key, parent, f"2026-02-{1 + i // 24:02d}T{i % 24:02d}:00:00Z"))
            if i < day:
                then = {key: place.parent for key, place in tree.items()}
    assert places.parents_at(history, f"2026-02-{1 + day // 24:02d}T{day % 24:02d}:00:00Z") == then
    assert places.parents_at(history, "2026-01-01T00:00:00Z") == {}


def test_the_nearest_rule_and_the_nearest_atmosphere_hold() -> None:
    assert places.atmosphere(places.chain(STORE, "place:v")) == "nitrogen"
    assert places.atmosphere(places.chain(STORE, "place:s")) == ""
    assert places.materials(places.chain(STORE, "place:v")) == {"PTFE"}
    assert places.materials(places.chain(STORE, "place:r")) == frozenset()


def test_a_container_for_ptfe_alone_refuses_a_steel_tool() -> None:
    tools = {"T-1": "steel", "T-2": "PTFE"}
    assert said(places.check_tools(places.chain(STORE, "place:v"), tools)) == [
        "tools: T-1 is of steel, which may not touch what is kept in V"
    ]
    assert places.check_tools(places.chain(STORE, "place:h"), tools) == ()
    assert places.check_tools(places.chain(STORE, "place:r"), tools) == ()


@pytest.mark.parametrize(
    ("before", "after", "pristine", "reason", "warns"),
    [("place:v", "place:r", 3, "", True), ("place:v", "place:r", 3, "fire in the cabinet", False),
     ("place:v", "place:r", 0, "", False), ("place:v", "place:h", 3, "", False),
     ("place:r", "place:r", 3, " ", False), ("place:s", "place:r", 3, "", False)],
)  # fmt: skip
def test_what_never_met_air_comes_into_air_only_for_a_reason(
    before: str, after: str, pristine: int, reason: str, warns: bool
) -> None:
    found = places.check_air(
        places.chain(STORE, before), places.chain(STORE, after), pristine=pristine, reason=reason
    )
    assert bool(found) == warns


@given(st.integers(0, 29**12))
def test_a_key_is_a_word_of_the_book(number: int) -> None:
    key = places.key(number)
    assert key.startswith("place:")
    assert len(key) == 12
    assert re.fullmatch(book.WORD, key)


@pytest.mark.parametrize("code", ["A1", "N2-CAB-04", "氮-2", "x" * 60, "7,2.b", "(A)"])
def test_what_stands_on_a_label_is_a_code(code: str) -> None:
    assert places.check_code(code) == ()


@pytest.mark.parametrize(
    "code", ["", "A 1", "place:a3", "a/b", "..", "x" * 61, "e\u0301", "A\u202e1", "a\n", "<b>", "a?b", "50%"]
)
def test_what_would_not_survive_an_address_is_no_code(code: str) -> None:
    assert len(places.check_code(code)) == 1


def test_everything_that_is_wrong_with_a_description_is_said_at_once() -> None:
    found = places.check_words(Kind.SHELF, container_type="tin", air="laughing gas", touching=["a b", "PTFE"])
    assert [one.where for one in found] == ["container_type", "atmosphere", "allowed_materials"]
    assert said(places.check_words(Kind.SHELF, container_type="teflonbag", air="", touching=[])) == [
        "container_type: only a container has a type"
    ]
    assert places.check_words(Kind.CONTAINER, container_type="teflonbag", air="nitrogen", touching=[]) == ()


def test_materials_are_written_in_one_way() -> None:
    assert [places.material(word) for word in ("ptfe", "Steel", "titanium")] == ["PTFE", "steel", "titanium"]


@pytest.mark.parametrize("name", ["a\nb", "x" * 201, "e\u0301", "\u202eabc"])
def test_a_name_is_one_line(name: str) -> None:
    assert said(places.check_name(name, "name_en")) == ["name_en: this cannot be a name"]
    assert places.check_name("Cabinet of the north wall", "name_en") == ()


def test_what_holds_something_is_not_closed() -> None:
    assert said(places.check_closing(samples=2, places=1)) == ["place: samples are in it: 2",
                                                               "place: open places are in it: 1"]  # fmt: skip
    assert places.check_closing(samples=0, places=0) == ()


def test_the_types_of_containers_are_those_of_the_vocabulary() -> None:
    if not VOCABULARY.is_file():
        pytest.skip("the shared data are not here")
    found = dict(
        re.findall(r'cntainr:(\w+)\n.*?skos:prefLabel "([^"]+)"@en', VOCABULARY.read_text("utf-8"), re.DOTALL)
    )
    assert {key: label for key, label in found.items() if key != "container"} == places.CONTAINER_TYPES
