"""Acts at the bench as they are recorded: what each does to mass, samples and exposures, and what is refused."""

from __future__ import annotations

import pytest
from collection import a_sample, holders, ng
from workbench import NOW, a_balance, a_bench, done

from aliquot import handling
from aliquot.fault import Refused
from aliquot.handling import KINDS, Type
from aliquot.ledger import Kind
from aliquot.site.models import (
    Balance,
    Cleaning,
    Exposure,
    HandledSample,
    Handling,
    Head,
    Person,
    Role,
    Sample,
    SampleName,
    ToolUse,
    Weighing,
)
from aliquot.site.operations import commitments, people

pytestmark = pytest.mark.django_db
MG = 10**6


@pytest.fixture(autouse=True)
def _a_bench(db: None) -> None:
    """A rock of 5 g, a soil of 1 g, a sealed core of 3 g, and what one needs to work on them."""
    holders()
    a_bench()
    a_sample("T-1", "5 g")
    a_sample("T-2", "1 g", form="powder", condition="pristine")
    a_sample("S-1", "3 g", use="permanent", sealed=True, form="core")


@pytest.fixture
def flo(a_person: object) -> Person:
    """Flo is the second person at the bench."""
    return people.invite(email="flo@example.org", name="Flo", roles=[Role.CURATOR], by=None, at=NOW)


def held(number: str) -> dict[str, int]:
    """Return who holds how many milligrams of a sample; what came from outside is left out."""
    rows = Balance.objects.filter(sample__number=number).exclude(mass_ng=0).exclude(holder__root="origin")
    return {key: ng / MG for key, ng in rows.values_list("holder__key", "mass_ng")}


def refusals(kind: str, by: Person, **told: object) -> dict[str, str]:
    """Return where and what is wrong with an act, which must leave nothing behind."""
    before = Handling.objects.count(), Sample.objects.count(), Head.objects.get().size
    with pytest.raises(Refused) as refused:
        done(kind, by, **told)
    assert (Handling.objects.count(), Sample.objects.count(), Head.objects.get().size) == before
    return {fault.where: fault.said for fault in refused.value.faults}


def row(number: str, mass: str, **more: str) -> dict[str, str]:
    return {"number": number, "mass": mass, **more}


# What can be told of each act, enough for it to be recorded. Samples named here exist, `second` is Flo.
TOLD: dict[str, dict[str, object]] = {
    "receive": {"samples": [row("N-1", "1 g", gross="3 g", tare="2 g")], "origin": "origin:change-6",
                "target": "place:vault", "seals": "A 17, A 18", "second": "Flo"},
    "unseal": {"samples": ["T-1"], "seals": "A 17", "found": "intact", "second": "Flo", "pressure_pa": "101325"},
    "sieve": {"parent": "T-2", "cuts": [row("T-2,1", "400 mg", mesh="< 90 µm"), row("T-2,2", "590 mg")], "loss": "1 mg"},
    "split": {"parent": "T-1", "cuts": [row("T-1,1", "1 g")]},
    "riffle": {"parent": "T-2", "cuts": [row("T-2,1", "500 mg"), row("T-2,2", "500 mg")], "passes": 3},
    "chip": {"parent": "T-1", "cuts": [row("T-1,1", "1 g", orientation="N up")], "fines": "2 mg", "fines_number": "T-1,9"},
    "saw": {"parent": "T-1", "cuts": [row("T-1,1", "1 g")], "blade": "diamond", "coolant": "none", "loss": "20 mg"},
    "pick": {"parent": "T-2", "cuts": [row("T-2,1", "30 µg", size_um="350")]},
    "pot": {"sample": "T-1", "resin": "epoxy 301, batch 7"},
    "mount": {"sample": "T-1", "number": "T-1,1", "mass": "40 mg", "resin": "epoxy"},
    "polish": {"sample": "T-1", "loss": "2 mg", "abrasive": "diamond 1 µm", "regrinds": 1},
    "section": {"parent": "T-1", "cuts": [row("T-1,1", "10 mg", thickness_um="30", serial="7")], "loss": "30 mg"},
    "homogenise": {"sample": "T-2", "method": "agate mortar", "minutes": 10, "loss": "1 mg"},
    "combine": {"parts": [{"sample": "T-1", "mass": "1 g"}, {"sample": "T-2"}], "number": "T-12", "loss": "1 mg"},
    "renumber": {"sample": "T-1", "number": "15555", "reason": "It was found to belong to the large rock."},
    "weigh": {"sample": "T-1", "balance": "bal-1", "readings": "5 g"},
    "adjust": {"sample": "T-1", "mass": "4.9 g", "reason": "Weighed three times."},
    "move": {"samples": ["T-1", "T-2"], "target": "BOX 7"},
    "clean": {"batch": "B-2", "tools": "T-1\nT-2", "method": "ultrasonic bath in isopropanol"},
    "expose": {"samples": ["T-1"], "agent": "magnet", "amount": "20 mT", "minutes": 5},
    "image": {"samples": ["T-1"], "instrument": "ct-1", "um_per_px": "1.25"},
    "scan": {"samples": ["T-1"], "instrument": "ct-1", "dose": "1.2 kGy"},
    "spectrum": {"samples": ["T-1"], "instrument": "ct-1", "technique": "Raman", "beam": "532 nm, 1 mW"},
    "lose": {"sample": "T-1", "reason": "Its vial is empty."},
    "find": {"sample": "T-3", "target": "place:vault"},
    "destroy": {"sample": "T-1", "fate": "consumption", "mass": "1 g", "authority": "allocation:7", "reason": "Dissolved."},
    "correct": {"entry": 0, "reason": "It was received twice."},
}  # fmt: skip


@pytest.fixture
def told(flo: Person) -> dict[str, dict[str, object]]:
    """What can be told of each act; T-3 is missing, so that it can be found."""
    a_sample("T-3", "1 g")
    done("lose", flo, sample="T-3", reason="Not on its shelf.")
    return {kind: {**one, "second": flo.key} for kind, one in TOLD.items()}


def test_every_act_has_an_example_here() -> None:
    assert TOLD.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_an_act_is_recorded_with_what_was_told_and_the_entry_that_its_table_names(
    kind: str, ada: Person, told: dict[str, dict[str, object]]
) -> None:
    found = done(kind, ada, **told[kind], note="By hand.")
    assert found.handling.told == {**told[kind], "note": "By hand."}
    assert (found.handling.by, found.handling.second) == (ada.key, told[kind]["second"])
    assert (found.entry.kind if found.entry else None) in (
        *KINDS[kind].ledger,
        *([] if found.entry else [None]),
    )
    assert bool(found.entry) == (bool(KINDS[kind].ledger))
    made = set(
        HandledSample.objects.filter(handling=found.handling, part="daughter").values_list(
            "sample__number", flat=True
        )
    )
    assert made == set(found.numbers) - ({"N-1"} if kind == "receive" else set())


@pytest.mark.parametrize("kind", KINDS)
def test_an_act_of_which_nothing_is_told_is_refused_for_each_thing_that_it_wants(
    kind: str, ada: Person
) -> None:
    wanted = {field.name for field in KINDS[kind].fields if field.required}
    assert refusals(kind, ada).keys() == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_an_act_is_refused_for_every_name_that_stands_for_nothing_at_once(
    kind: str, ada: Person, told: dict[str, dict[str, object]]
) -> None:
    wrong = {Type.SAMPLE: "X-9", Type.SAMPLES: ["X-9"], Type.NEW: "T-1", Type.PLACE: "place:nowhere", Type.PERSON: "person:0",
             Type.TOOLS: ["X"], Type.INSTRUMENT: "X"}  # fmt: skip
    fields = [field for field in KINDS[kind].fields if field.type in wrong]
    at_fault = refusals(kind, ada, **told[kind] | {field.name: wrong[field.type] for field in fields})
    lists = (Type.SAMPLES, Type.TOOLS)
    assert at_fault.keys() >= {field.name + ("[0]" if field.type in lists else "") for field in fields}


@pytest.mark.parametrize("kind", KINDS)
def test_an_act_is_refused_for_what_no_act_has(
    kind: str, ada: Person, told: dict[str, dict[str, object]]
) -> None:
    wrongs = ({"colour": "red"}, {"at": "2027-01-01T00:00Z"}, {"at": "yesterday"}, {"note": "a\0b"})
    for wrong in wrongs:
        assert wrong.keys() & refusals(kind, ada, **told[kind], **wrong).keys()


@pytest.mark.parametrize("kind", [kind for kind, act in KINDS.items() if act.touches])
def test_what_touches_a_sealed_sample_is_refused_without_approvals(
    kind: str, ada: Person, told: dict[str, dict[str, object]]
) -> None:
    sealed = {
        "parent": "S-1",
        "sample": "S-1",
        "samples": ["S-1"],
        "parts": [{"sample": "S-1"}, {"sample": "T-2"}],
    }
    said = told[kind] | {name: value for name, value in sealed.items() if name in told[kind]}
    assert any("2 people must approve" in what for what in refusals(kind, ada, **said).values())


def test_weighing_moving_and_photographing_a_sealed_sample_want_no_approval(ada: Person) -> None:
    done("weigh", ada, sample="S-1", balance="bal-1", readings="3 g")
    done("move", ada, samples="S-1", target="BOX 7")
    done("image", ada, samples="S-1", instrument="ct-1")
    assert "2 people" in refusals("image", ada, samples="S-1", instrument="ct-1", beam="15 kV")["samples[0]"]


@pytest.mark.parametrize("kind", [kind for kind, act in KINDS.items() if not act.counted])
def test_what_is_counted_is_not_weighed_or_divided_as_if_it_were_loose(
    kind: str, ada: Person, told: dict[str, dict[str, object]]
) -> None:
    Sample.objects.filter(number__in=("T-1", "T-2")).update(form="mount")
    assert any("counted" in what for what in refusals(kind, ada, **told[kind]).values())


# -- dividing ------------------------------------------------------------------------------------------------


def test_a_split_gives_daughters_that_are_like_their_parent(ada: Person) -> None:
    pasted = "number\tmass\tform\tinto\nT-1,1\t1 g\tpowder\tBOX 7\nT-1,2\t2 g\t\t"
    found = done("split", ada, parent="T-1", cuts=pasted, loss="3 mg", tools="T-1", balance="bal-1")
    assert found.numbers == ("T-1,1", "T-1,2")
    assert held("T-1") == {"place:vault": 1997, "spent:attrition": 3}
    assert held("T-1,1") == {"place:box": 1000}
    daughter = Sample.objects.get(number="T-1,2")
    assert (daughter.mission, daughter.material, daughter.form) == ("change-5", "test basalt", "rock")
    assert Sample.objects.get(number="T-1,1").form == "powder"
    assert (daughter.mass_sd_ng, daughter.use_class) == (1_000, "research")
    parts = HandledSample.objects.order_by("pk").values_list("sample__number", "part", "mass_ng")
    assert list(parts) == [
        ("T-1", "parent", 3003 * MG),
        ("T-1,1", "daughter", 1000 * MG),
        ("T-1,2", "daughter", 2000 * MG),
    ]
    assert ToolUse.objects.get().cleaning.batch == "B-1"
    assert set(Weighing.objects.values_list("sample__number", "handling")) == {
        ("T-1,1", found.handling.pk), ("T-1,2", found.handling.pk)}  # fmt: skip


def test_what_is_missing_beyond_what_the_balance_allows_wants_a_reason_and_stands_as_drift(
    ada: Person,
) -> None:
    cut = {"parent": "T-1", "cuts": [row("T-1,1", "1 g")], "left": "3.99 g", "balance": "bal-1"}
    assert "differ by 10 mg" in refusals("split", ada, **cut)["reason"]
    found = done("split", ada, **cut, reason="A grain was lost on the floor; searched by two.")
    assert held("T-1") == {"place:vault": 3990, "drift:bench": 10}
    assert (found.entry.kind, found.entry.index) == (Kind.SPLIT, 4)
    assert Sample.objects.get(number="T-1").mass_sd_ng == 1000


def test_within_what_the_balance_allows_nothing_is_asked_and_nothing_adjusted(ada: Person) -> None:
    done("split", ada, parent="T-1", cuts=[row("T-1,1", "1 g")], left="3.999999 g", balance="bal-1")
    assert held("T-1") == {"place:vault": 4000}
    assert Weighing.objects.get(sample__number="T-1").mass_ng == ng("3.999999 g")


def test_a_parent_of_which_nothing_is_left_is_used_up_to_the_nanogram(ada: Person) -> None:
    done(
        "sieve",
        ada,
        parent="T-2",
        cuts=[row("T-2,1", "400 mg"), row("T-2,2", "600.001 mg")],
        left="0 g",
        balance="bal-1",
    )
    assert held("T-2") == {"drift:bench": -0.001}
    assert Sample.objects.get(number="T-2").availability == "spent"


def test_more_than_there_is_cannot_be_cut(ada: Person) -> None:
    assert refusals("split", ada, parent="T-2", cuts=[row("T-2,1", "1.1 g")]) == {
        "parent": "1.1 g are taken but 1 g are left"
    }


def test_fines_that_are_kept_have_a_number_and_a_mass(ada: Person) -> None:
    assert refusals("saw", ada, **TOLD["saw"], fines="3 mg").keys() == {"fines_number"}
    assert refusals("saw", ada, **TOLD["saw"], fines_number="T-1,9").keys() == {"fines"}
    assert refusals("saw", ada, **TOLD["saw"], fines="3 mg", fines_number="T-1,1").keys() == {"fines_number"}
    done("saw", ada, **TOLD["saw"], fines="3 mg", fines_number="T-1,9")
    assert (held("T-1,9"), Sample.objects.get(number="T-1,9").form) == ({"place:vault": 3}, "powder")


def test_a_sample_in_two_places_is_taken_from_the_one_that_is_named(ada: Person) -> None:
    done("move", ada, samples="T-1", target="BOX 7", mass="2 g")
    cut = {"parent": "T-1", "cuts": [row("T-1,1", "1 g")]}
    assert "several places" in refusals("split", ada, **cut)["source"]
    assert "nothing of T-1" in refusals("split", ada, **cut, source="ROOM 1")["source"]
    done("split", ada, **cut, source="BOX 7")
    assert held("T-1,1") == {"place:box": 1000}


def test_what_is_promised_is_not_cut_for_somebody_else(ada: Person) -> None:
    commitments.promise("T-1", mass_ng=ng("4.5 g"), basis="allocation:7", by=ada.key, at=NOW)
    assert "4.5 g of T-1 are promised" in refusals("split", ada, **TOLD["split"])["parent"]
    done("split", ada, **TOLD["split"], basis="allocation:7")
    assert Handling.objects.get().entry.text.endswith("basis allocation:7\n")


def test_a_class_of_use_is_one_of_the_policy_and_its_seal_comes_with_it(ada: Person) -> None:
    cut = {"parent": "T-1", "cuts": [row("T-1,1", "1 g", use_class="backup")]}
    done("split", ada, **cut)
    daughter = Sample.objects.get(number="T-1,1")
    assert (daughter.use_class, daughter.sealed) == ("backup", True)
    wrong = refusals("split", ada, parent="T-1", cuts=[row("T-1,2", "1 g", use_class="gold")])
    assert "no class of use" in wrong["cuts[0].use_class"]


def test_daughters_of_an_unpublished_sample_are_not_published(ada: Person) -> None:
    Sample.objects.filter(number="T-1").update(published=False)
    done("split", ada, **TOLD["split"])
    assert not Sample.objects.get(number="T-1,1").published


def test_a_sample_that_is_mounted_whole_keeps_its_number(ada: Person) -> None:
    done("mount", ada, sample="T-1", resin="epoxy")
    assert (held("T-1"), Sample.objects.get(number="T-1").form) == ({"place:vault": 5000}, "mount")
    assert "goes whole" in refusals("move", ada, samples="T-1", target="BOX 7", mass="1 g")["mass"]
    assert "has no number" in refusals("mount", ada, sample="T-2", mass="1 mg")["number"]


def test_two_hundred_daughters_are_one_entry_and_a_fixed_number_of_questions(
    ada: Person, django_assert_max_num_queries: object
) -> None:
    pasted = "\n".join(f"T-1,{i}\t20 mg\tfragment" for i in range(200))
    a_sample("T-9", "5 g")
    done("expose", ada, samples="T-1", agent="magnet")
    # The standing of each sample is a statement of its own; all else is asked once for all.
    with django_assert_max_num_queries(201 + 45):
        found = done("split", ada, parent="T-1", cuts=pasted, tools="T-1", balance="bal-1")
    assert (len(found.numbers), found.entry.index) == (200, Head.objects.get().size - 1)
    assert Exposure.objects.count() == 201


# -- joining and renaming ------------------------------------------------------------------------------------


def test_what_is_combined_has_everything_behind_it_that_its_parts_had_each_once(ada: Person) -> None:
    done("expose", ada, samples="T-1", agent="magnet", amount="20 mT", minutes=5)
    done("split", ada, parent="T-1", cuts=[row("T-1,1", "1 g"), row("T-1,2", "1 g")])
    done("expose", ada, samples=["T-1,1"], agent="heat", amount="110 °C")
    done("combine", ada, parts=[{"sample": "T-1,1"}, {"sample": "T-1,2"}], number="T-5")
    found = Exposure.objects.filter(sample__number="T-5").order_by("agent")
    assert list(found.values_list("agent", "amount", "origin__sample__number")) == [
        ("heat", "110 °C", "T-1,1"), ("magnet", "20 mT", "T-1")]  # fmt: skip
    assert held("T-5") == {"place:vault": 2000}


def test_combining_wants_two_samples_and_leaves_something(ada: Person) -> None:
    assert "fewer than two" in refusals("combine", ada, parts=[{"sample": "T-1"}], number="T-5")["parts"]
    both = [{"sample": "T-1"}, {"sample": "T-2"}]
    assert "nothing would be left" in refusals("combine", ada, parts=both, number="T-5", loss="6 g")["loss"]
    over = [{"sample": "T-1", "mass": "6 g"}, {"sample": "T-2"}]
    assert "5 g are left" in refusals("combine", ada, parts=over, number="T-5")["parts[0].mass"]


def test_a_sample_that_was_renumbered_is_found_by_all_its_names(ada: Person) -> None:
    SampleName.objects.create(sample=Sample.objects.get(number="T-1"), name="Great Rock", kind="unofficial")
    done("expose", ada, samples="T-1", agent="air")
    done("renumber", ada, **TOLD["renumber"])
    new = Sample.objects.get(number="15555")
    assert set(new.names.values_list("name", "kind")) == {("T-1", "former"), ("Great Rock", "unofficial")}
    assert (held("15555"), new.condition, new.exposures.count()) == ({"place:vault": 5000}, "air-exposed", 1)
    assert "nothing of T-1" in refusals("renumber", ada, **TOLD["renumber"] | {"number": "15556"})["sample"]


# -- weighing ------------------------------------------------------------------------------------------------


def test_several_readings_give_a_mean_and_how_sure_it_is(ada: Person) -> None:
    found = done("weigh", ada, sample="T-1", balance="bal-1", readings="5.000001 g\n5.000003 g", air="21 °C")
    weighed = Weighing.objects.get()
    assert (weighed.mass_ng, weighed.count, weighed.calibration) == (5_000_002_000, 2, "bal-1/1")
    assert weighed.sd_ng == 1415  # 1 µg of the mean and 1 µg of the balance, in quadrature, upward
    assert weighed.readings == ["5.000001 g", "5.000003 g"]
    assert [note.where for note in found.notes] == []
    assert found.entry is None


def test_a_balance_that_differs_from_the_book_is_recorded_and_told_and_the_book_can_be_adjusted(
    ada: Person,
) -> None:
    found = done("weigh", ada, sample="T-1", balance="bal-1", readings=[{"reading": "5.9 g"}], tare="1 g")
    assert "differs from the book by -100000000 ng" in found.notes[0].said
    assert held("T-1") == {"place:vault": 5000}
    done("adjust", ada, sample="T-1", reason="Weighed twice.")
    assert held("T-1") == {"place:vault": 4900, "drift:bench": 100}
    assert "already" in refusals("adjust", ada, sample="T-1", reason="Again.")["mass"]
    assert "never weighed" in refusals("adjust", ada, sample="T-2", reason="Again.")["mass"]


def test_a_weighing_says_how_sure_it_is_and_with_what(ada: Person) -> None:
    a_balance("bal-2", sd_ng=None)
    a_balance("bal-3", until=NOW.date().replace(day=1))
    assert "how sure" in refusals("weigh", ada, **TOLD["weigh"] | {"balance": "bal-2"})["sd"]
    done("weigh", ada, **TOLD["weigh"] | {"balance": "bal-2"}, sd="1 mg")
    assert "run out" in refusals("weigh", ada, **TOLD["weigh"] | {"balance": "bal-3"})["balance"]
    done("weigh", ada, **TOLD["weigh"] | {"balance": "bal-3"}, reason="The only one that is free.")
    assert "not a balance" in refusals("weigh", ada, **TOLD["weigh"] | {"balance": "ct-1"})["balance"]
    assert "container weighs more" in refusals("weigh", ada, **TOLD["weigh"], tare="6 g")["tare"]


# -- keeping -------------------------------------------------------------------------------------------------


def test_samples_are_moved_together_in_one_entry(ada: Person) -> None:
    found = done("move", ada, samples=["T-1", "T-2"], target="BOX 7")
    assert held("T-2") == {"place:box": 1000}
    assert (found.handling.place.key, len(found.entry.postings)) == ("place:box", 4)
    assert refusals("move", ada, samples=["T-1", "T-2"], target="BOX 7").keys() == {
        "samples[0]",
        "samples[1]",
    }
    assert "closed" in refusals("move", ada, samples="T-1", target="OLD")["target"]
    assert "one mass" in refusals("move", ada, samples=["T-1", "T-2"], target="ROOM 1", mass="1 g")["mass"]


def test_only_what_is_allowed_at_a_place_touches_what_is_kept_there(ada: Person) -> None:
    done("move", ada, samples="T-1", target="BOX 7")
    cut = TOLD["split"] | {"place": "BOX 7"}
    assert "T-2 is of copper" in refusals("split", ada, **cut, tools="T-1\nT-2")["tools[1]"]
    assert "out of use" in refusals("split", ada, **cut, tools=["T-0"])["tools[0]"]
    done("split", ada, **cut, tools=["T-1"])


def test_a_batch_of_tools_is_cleaned_once_and_counts_from_then_on(ada: Person) -> None:
    done("clean", ada, **TOLD["clean"])
    assert set(Cleaning.objects.get(batch="B-2").tools.values_list("key", flat=True)) == {"T-1", "T-2"}
    assert "known already" in refusals("clean", ada, **TOLD["clean"])["batch"]
    done("split", ada, **TOLD["split"], tools=["T-1"])
    assert ToolUse.objects.get().cleaning.batch == "B-2"


def test_the_net_mass_of_what_arrives_is_gross_less_tare(ada: Person, flo: Person) -> None:
    arrival = TOLD["receive"] | {"second": flo.key}
    wrong = arrival | {"samples": [row("N-1", "1 g", gross="3 g", tare="1 g")]}
    assert "differs from net by 1 g" in refusals("receive", ada, **wrong)["samples[0].mass"]
    assert (
        "not where samples come from"
        in refusals("receive", ada, **arrival | {"origin": "place:vault"})["origin"]
    )
    assert "who acts" in refusals("receive", ada, **arrival | {"second": ada.key})["second"]
    done("receive", ada, **arrival | {"samples": [row("N-1", "1 g", use_class="research", form="bulk")]})
    assert (held("N-1"), Sample.objects.get(number="N-1").availability) == (
        {"place:vault": 1000},
        "requestable",
    )


def test_what_was_lost_is_found_in_parts(ada: Person) -> None:
    done("lose", ada, sample="T-1", reason="The vial broke.", mass="2 g")
    assert held("T-1") == {"place:vault": 3000, "missing:": 2000}
    assert (
        "2 g of T-1 were missing" in refusals("find", ada, sample="T-1", target="ROOM 1", mass="3 g")["mass"]
    )
    done("find", ada, sample="T-1", target="ROOM 1", mass="500 mg")
    assert held("T-1") == {"place:vault": 3000, "missing:": 1500, "place:room": 500}
    assert "nothing of T-2 is missing" in refusals("find", ada, sample="T-2", target="ROOM 1")["sample"]


# -- exposures -----------------------------------------------------------------------------------------------


def test_a_sample_that_met_air_is_air_exposed_for_good_and_so_are_its_daughters(ada: Person) -> None:
    before = Head.objects.get().revision
    done("expose", ada, samples=["T-2"], agent="air", minutes=3)
    assert Sample.objects.get(number="T-2").condition == "air-exposed"
    assert Sample.objects.get(number="T-2").revision == Head.objects.get().revision == before + 1
    done("split", ada, parent="T-2", cuts=[row("T-2,1", "1 mg")])
    daughter = Sample.objects.get(number="T-2,1")
    assert (daughter.condition, daughter.exposures.get().origin.sample.number) == ("air-exposed", "T-2")
    done("expose", ada, samples=["T-2"], agent="magnet")
    assert daughter.exposures.count() == 1


def test_an_exposure_that_is_told_late_is_inherited_by_what_was_made_since(ada: Person) -> None:
    """Cut on the 20th and the 22nd, ground into one on the 23rd; that it met air on the 21st is told on the 24th."""
    done("split", ada, parent="T-2", cuts=[row("T-2,1", "1 mg")], at="2026-11-20T09:00Z")
    done("split", ada, parent="T-2", cuts=[row("T-2,2", "2 mg")], at="2026-11-22T09:00Z")
    done(
        "combine", ada, parts=[{"sample": "T-2,1"}, {"sample": "T-2,2"}], number="T-3", at="2026-11-23T09:00Z"
    )
    done("expose", ada, samples="T-2", agent="air", at="2026-11-21T09:00Z")
    assert set(Exposure.objects.values_list("sample__number", flat=True)) == {"T-2", "T-2,2", "T-3"}
    conditions = dict(Sample.objects.values_list("number", "condition"))
    assert (conditions["T-2,1"], conditions["T-2,2"], conditions["T-3"]) == (
        "pristine",
        "air-exposed",
        "air-exposed",
    )
    done("split", ada, parent="T-2", cuts=[row("T-2,4", "1 mg")], at="2026-11-20T10:00Z")
    assert not Exposure.objects.filter(sample__number="T-2,4").exists()


def test_the_dose_of_a_scan_and_the_beam_of_a_spectrum_are_kept(ada: Person) -> None:
    done("scan", ada, **TOLD["scan"])
    done("spectrum", ada, **TOLD["spectrum"], dose="3 Gy")
    found = Exposure.objects.filter(sample__number="T-1").order_by("pk")
    assert list(found.values_list("agent", "amount")) == [
        ("dose", "1.2 kGy"),
        ("beam", "532 nm, 1 mW"),
        ("dose", "3 Gy"),
    ]


# -- setting right -------------------------------------------------------------------------------------------


def test_a_split_is_undone_by_a_correction_that_names_it(ada: Person) -> None:
    cut = done("split", ada, parent="T-1", cuts=[row("T-1,1", "1 g")], loss="2 mg")
    found = done("correct", ada, entry=cut.entry.index, reason="The wrong parent was written.")
    assert (found.entry.kind, found.entry.basis) == (Kind.CORRECT, (f"entry:{cut.entry.index}",))
    assert held("T-1") == {"place:vault": 5000, "drift:undone": -1000}
    assert held("T-1,1") == {"drift:undone": 1000}
    assert sum(Balance.objects.filter(holder__key="drift:undone").values_list("mass_ng", flat=True)) == 0


def test_what_was_used_since_cannot_be_undone_before_that(ada: Person) -> None:
    cut = done("split", ada, **TOLD["split"])
    done("move", ada, samples="T-1,1", target="BOX 7")
    assert "not there any more" in refusals("correct", ada, entry=cut.entry.index, reason="Wrong.")["entry"]


def test_a_correction_with_lines_moves_what_they_say(ada: Person) -> None:
    line = {"sample": "T-1", "mass": "1 g", "source": "place:vault", "target": "place:room"}
    done("correct", ada, entry=0, reason="Part of it lay in the room.", lines=[line])
    assert held("T-1") == {"place:vault": 4000, "place:room": 1000}
    wrong = [line | {"target": "place:vault"}, line | {"mass": "0 g"}, line | {"source": "vault"}]
    assert refusals("correct", ada, entry=0, reason="?", lines=wrong).keys() == {"lines[2].source"}
    assert refusals("correct", ada, entry=0, reason="?", lines=wrong[:2]).keys() == {
        "lines[0].target",
        "lines[1].mass",
    }
    nowhere = line | {"target": "place:nowhere"}
    assert (
        "nobody and nothing"
        in refusals("correct", ada, entry=0, reason="?", lines=[nowhere])["lines[0].target"]
    )
    assert "no entry 99" in refusals("correct", ada, entry=99, reason="?")["entry"]
    assert "no entry 0.5" in refusals("correct", ada, entry="0.5", reason="?")["entry"]


def test_a_correction_that_takes_what_is_sealed_out_of_the_store_wants_approval(ada: Person) -> None:
    out = {"sample": "S-1", "mass": "1 g", "source": "place:vault", "target": "spent:destruction"}
    assert "2 people" in refusals("correct", ada, entry=2, reason="It burnt.", lines=[out])["entry"]
    assert "2 people" in refusals("correct", ada, entry=2, reason="It never came.")["entry"]
    done("correct", ada, entry=2, reason="It lay in the room.", lines=[out | {"target": "place:room"}])


def test_what_the_ledger_cites_for_ever_is_a_key_and_no_text(ada: Person) -> None:
    for basis in ("for Dr Example", "allocation 7", "allocation:", "Ada:1"):
        assert "not the key" in refusals("split", ada, **TOLD["split"], basis=basis)["basis"]


def test_an_act_that_was_done_earlier_says_so_and_its_entry_bears_the_time_of_recording(ada: Person) -> None:
    found = done("move", ada, **TOLD["move"], at="2026-11-23T17:30+08:00")
    assert (found.handling.at.isoformat(), found.handling.recorded_at) == ("2026-11-23T09:30:00+00:00", NOW)
    assert found.entry.at == "2026-11-24T09:00:00Z"


def test_no_act_is_of_a_kind_that_there_is_not(ada: Person) -> None:
    assert refusals("dance", ada, sample="T-1").keys() == {"kind"}
    assert handling.read("dance", {})[0].where == "kind"
