"""Tables of parents and daughters: what is received, what is split off, what is only stated; several files as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from aliquot.formats import mapping
from aliquot.samples import STATED
from aliquot.site import queries
from aliquot.site.models import Descent, Entry, Sample
from aliquot.site.operations import imports
from aliquot.site.operations.imports import Order, Told

DISPLAYS = Path(__file__).resolve().parents[3] / "shared/data/lunar-display-loans/display_loans.csv"
MAP = """
key = "family"
title = "A family"
place = "store"
policy = "cnsa"
{more}
[[column]]
name = "Number"
field = "number"
[[column]]
name = "From"
field = "parent"
[[column]]
name = "Mission"
field = "mission"
[[column]]
name = "Mass (mg)"
field = "mass"
unit = "mg"
[[column]]
name = "Use"
field = "use_class"
[[column]]
name = "Old number"
field = "name"
kind = "former"
"""
HEAD = "Number,From,Mission,Mass (mg),Use,Old number\n"
AT = "2026-03-14T09:30:00Z"


def bring(*rows: str, more: str = "", at: str = AT, dry_run: bool = False, **order: object) -> Told:
    table = (HEAD + "\n".join(rows) + "\n").encode()
    how = Order(mapping.read(MAP.format(more=more), "family.toml"), "person:17", at, dry_run=dry_run, **order)
    return imports.import_table(table, how)


def masses() -> dict[str, int]:
    return dict(Sample.objects.values_list("number", "mass_ng"))


FAMILY = ("15,,apollo-15,1000,research,", "15.1,15,apollo-15,400,,old-1", "15.1.1,15.1,apollo-15,100,research,",
          "15.2,15,apollo-15,600,,")  # fmt: skip


def test_daughters_are_split_from_a_parent_that_states_the_whole(db: None) -> None:
    told = bring(*FAMILY)
    assert (told.rows, told.imported, told.mass_ng, told.findings) == (4, 4, 1000 * 10**6, [])
    mg = 10**6
    assert masses() == {"15": 0, "15.1": 300 * mg, "15.1.1": 100 * mg, "15.2": 600 * mg}
    assert list(Entry.objects.order_by("index").values_list("kind", flat=True)) == [
        "receive",
        "split",
        "split",
    ]
    assert Sample.objects.get(number="15.1").names.get().name == "old-1"
    assert Sample.objects.get(number="15.1.1").use_class == "research"


def test_a_parent_that_states_the_rest_came_with_its_daughters_besides(db: None) -> None:
    bring(*FAMILY, more='parent_mass = "rest"')
    mg = 10**6
    assert masses() == {"15": 1000 * mg, "15.1": 400 * mg, "15.1.1": 100 * mg, "15.2": 600 * mg}
    assert Sample.objects.get(number="15").start_ng == 2100 * mg


@pytest.mark.parametrize("more", ["", 'parent_mass = "rest"'])
def test_the_same_family_twice_is_there_once(db: None, more: str) -> None:
    bring(*FAMILY, more=more)
    again = bring(*FAMILY, more=more)
    assert (again.imported, again.already_there, again.findings) == (0, 4, [])


def test_a_new_daughter_comes_to_those_that_are_there(db: None) -> None:
    bring(*FAMILY)
    told = bring(*FAMILY[:-1], "15.1.2,15.1,apollo-15,50,,", at="2026-03-15T09:30:00Z")
    assert (told.imported, told.already_there) == (1, 3)
    assert masses()["15.1"] == 250 * 10**6


def test_a_new_daughter_of_a_parent_that_states_the_rest_would_change_what_it_came_with(db: None) -> None:
    rest = 'parent_mass = "rest"'
    bring(*FAMILY, more=rest)
    told = bring(*FAMILY, "15.1.2,15.1,apollo-15,50,,", more=rest, at="2026-03-15T09:30:00Z")
    assert {one.rule.name for one in told.standing} == {"number-taken"}


def test_daughters_of_a_parent_in_the_catalogue_are_split_from_it_where_it_lies(db: None) -> None:
    bring("15,,apollo-15,1000,,")
    told = bring("15.1,15,apollo-15,400,,", at="2026-03-15T09:30:00Z")
    assert told.imported == 1
    assert masses() == {"15": 600 * 10**6, "15.1": 400 * 10**6}


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (("15.1,15,apollo-15,400,,",), ["unknown-parent"]),
        (("15,15,apollo-15,1,,",), ["parent-ring"]),
        (("15,16,apollo-15,1,,", "16,15,apollo-15,1,,"), ["parent-ring", "parent-ring"]),
        (("15,,apollo-15,100,,", "15.1,15,apollo-15,400,,"), ["daughters-too-heavy"]),
        (("15,,apollo-15,100,,", "15.1,1 5,apollo-15,4,,"), ["bad-number", "unknown-parent"]),
    ],
)
def test_a_family_that_cannot_be_is_refused_whole(db: None, rows: tuple[str, ...], faults: list[str]) -> None:
    told = bring(*rows)
    assert sorted(one.rule.name for one in told.standing) == faults
    assert not Sample.objects.exists()
    assert not Entry.objects.exists()


def test_what_has_no_mass_is_stated_without_an_entry(db: None) -> None:
    bring(
        "15,,apollo-15,0,,",
        "15.1,15,apollo-15,400,,",
        "16,,apollo-15,10,,",
        "16.1,16,apollo-15,0,,",
        accepted=["zero-mass"],
    )
    assert Descent.objects.filter(entry=None).count() == 2
    family = queries.ledger.family(Sample.objects.get(number="15"))
    assert [(one.parent, one.daughter, one.entry, one.kind) for one in family.descents] == [
        ("15", "15.1", STATED, "stated")
    ]


def test_stated_kin_is_drawn_and_told(db: None, client: object) -> None:
    bring("15,,apollo-15,0,,", "15.1,15,apollo-15,400,,", accepted=["zero-mass"])
    for address in ("/samples/15/", "/families/15/", "/families/15.1/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "stated by a catalogue" in page.text
    assert client.get("/api/v1/samples/15/lineage").json()["steps"][0]["entry"] is None


def test_three_hundred_and_one_daughters_are_two_entries(db: None) -> None:
    bring("15,,apollo-15,1000,,", *(f"15.{n},15,apollo-15,1,," for n in range(301)))
    assert Entry.objects.filter(kind="split").count() == 2
    assert masses()["15"] == 699 * 10**6


def test_the_displays_of_the_world_state_what_they_were_split_from(db: None) -> None:
    if not DISPLAYS.is_file():
        pytest.skip("the shared data are not here")
    rocks = DISPLAYS.parents[1] / "apollo-samples/rocksamples.csv"
    catalogue = mapping.load("apollo-catalogue")
    accepted = ["zero-mass", "pristine-above-100", "blank-subtype"]
    imports.import_table(rocks.read_bytes(), Order(catalogue, "person:17", AT, accepted))
    told = imports.import_table(DISPLAYS.read_bytes(), Order(mapping.load("display-loans"), "person:17", AT))
    assert (told.rows, told.imported, list(told.standing)) == (81, 81, [])
    found, _ = queries.families.daughters(Sample.objects.get(number="15555"))
    assert len(found) == 16
    assert "15555,880" in {one.number for one in found}


def test_several_files_come_in_as_one_and_each_fault_names_its_file(db: None) -> None:
    how = Order(mapping.read(MAP.format(more=""), "family.toml"), "person:17", AT)
    parents = (HEAD + "15,,apollo-15,1000,,\n").encode()
    daughters = (HEAD + "15.1,15,apollo-15,400,,\n").encode()
    assert imports.import_tables([("a.csv", parents), ("b.csv", daughters)], how).imported == 2
    again = (HEAD + "16,,apollo-15,1,,\n").encode()
    told = imports.import_tables([("c.csv", again), ("d.csv", again + b"17,,apollo-15,x,,\n")], how)
    assert [(one.file, one.line, one.rule.name) for one in told.standing] == [
        ("d.csv", 2, "repeated-number"), ("d.csv", 3, "bad-mass")
    ]  # fmt: skip
    assert "d.csv, line 3" in told.standing[1].fault.where


def test_a_cell_that_was_mended_stands_instead_of_the_file_s(db: None) -> None:
    how = Order(mapping.read(MAP.format(more=""), "family.toml"), "person:17", AT)
    table = [("a.csv", (HEAD + "15,,apollo-15,1 g,,\n16,,apollo-15,2,,\n").encode())]
    assert imports.import_tables(table, how).standing
    told = imports.import_tables(
        table, how, mended={("a.csv", 2, "Mass (mg)"): "1000", ("a.csv", 9, "Mass (mg)"): "7"}
    )
    assert told.imported == 2
    assert masses() == {"15": 10**9, "16": 2 * 10**6}
