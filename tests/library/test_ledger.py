"""Entries, holders, times and balances."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import histories
import makers
from aliquot import ledger
from aliquot.ledger import FLOWS, ROOTS, SPENT, Entry, Holdings, Kind, Posting, Use
from makers import VAULT, a_cut, a_receipt, ng


@pytest.mark.parametrize(
    "holder",
    ["origin:change-5", "place:a3", "place:月球馆", "transit:p-1", "loan:bo-1", "given:museum", "missing:", "missing:x",
     "drift:", "drift:w-3", "spent:attrition", "spent:consumption", "spent:destruction", "place:a:b"],
)  # fmt: skip
def test_holders_that_the_ledger_knows(holder: str) -> None:
    assert ledger.is_holder(holder)


@pytest.mark.parametrize(
    "holder",
    ["", ":", "place", "place:", "origin:", "loan:", "given:", "transit:", "spent:", "spent:lunch", "spent:attrition:x",
     "missing", "drift", "Place:a3", " place:a3", "pocket:ada", "placed:a3"],
)  # fmt: skip
def test_holders_that_the_ledger_does_not_know(holder: str) -> None:
    assert not ledger.is_holder(holder)


def test_only_what_came_from_outside_and_what_reweighing_found_may_be_below_zero() -> None:
    below = {root for root in ROOTS if ledger.may_be_below_zero(f"{root}:x")}
    assert below == {"origin", "drift"}
    assert not ledger.may_be_below_zero("drifted:x")


def test_every_kind_has_a_rule_of_flow_between_roots_that_exist() -> None:
    assert set(FLOWS) == set(Kind)
    for sources, targets in FLOWS.values():
        assert sources | targets <= ROOTS
    givers = {kind for kind, (_, targets) in FLOWS.items() if "given" in targets} - {Kind.CORRECT}
    assert givers == {Kind.GIVE}
    assert {kind for kind, (sources, _) in FLOWS.items() if "origin" in sources} == {
        Kind.RECEIVE,
        Kind.CORRECT,
    }
    assert {kind for kind, (sources, _) in FLOWS.items() if sources & {"spent", "given"}} == {Kind.CORRECT}
    assert all(holder.startswith("spent:") for holder in SPENT)


@pytest.mark.parametrize(
    "at",
    ["2026-03-14T09:30:00Z", "2026-03-14T09:30:00+00:00", "2026-03-14T09:30:00.123456789Z", "2024-02-29T00:00:00Z",
     "2000-02-29T00:00:00Z", "2016-12-31T23:59:60Z"],
)  # fmt: skip
def test_times_in_utc(at: str) -> None:
    assert ledger.is_moment(at)


@pytest.mark.parametrize(
    "at",
    ["", "2026-03-14", "2026-03-14T09:30Z", "2026-03-14 09:30:00Z", "2026-03-14T09:30:00", "2026-03-14T09:30:00z",
     "2026-03-14T09:30:00+08:00", "2026-03-14T09:30:00-00:00", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
     "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
     "2026-03-14T24:00:00Z", "2026-03-14T09:60:00Z", "2026-03-14T09:30:61Z", "2026-03-14T09:30:00.Z",
     "2026-03-14T09:30:00Z\n", "２０２６-03-14T09:30:00Z", "26-03-14T09:30:00Z"],
)  # fmt: skip
def test_what_is_no_time_in_utc(at: str) -> None:
    assert not ledger.is_moment(at)


@given(st.datetimes(), st.datetimes(), st.sampled_from(["Z", "+00:00"]), st.sampled_from(["", "0", "00"]))
def test_times_are_ordered_however_they_are_written(
    one: object, other: object, zone: str, zeros: str
) -> None:
    def written(at: object, end: str) -> str:
        text = f"{at:%m-%dT%H:%M:%S.%f}"
        return f"{at.year:04d}-{text}{zeros}{end}"  # type: ignore[attr-defined]

    first, second = written(one, zone), written(other, "Z")
    assert ledger.is_moment(first)
    assert (ledger.moment_order(first) < ledger.moment_order(second)) == (one < other)  # type: ignore[operator]
    assert (ledger.moment_order(first) == ledger.moment_order(second)) == (one == other)


@pytest.mark.parametrize(
    "same", ["2026-03-14T09:30:00.0Z", "2026-03-14T09:30:00.000+00:00", "2026-03-14T09:30:00+00:00"]
)
def test_a_second_is_the_same_with_and_without_its_empty_parts(same: str) -> None:
    assert ledger.moment_order(same) == ledger.moment_order("2026-03-14T09:30:00Z")


@pytest.mark.parametrize(
    ("basis", "corrected"),
    [
        (("entry:0", "letter:4", "entry:1742"), (0, 1742)),
        (
            ("entry:", "entry:x", "entry:-1", "entry:1.5", "entry:٣", "entry: 1", "an entry:1", "entry:007"),
            (),
        ),
        (("entry:" + "9" * 5000,), ()),
    ],
)
def test_a_basis_names_the_entries_that_it_corrects(
    basis: tuple[str, ...], corrected: tuple[int, ...]
) -> None:
    assert Entry(5, "", Kind.CORRECT, "", (), (), basis).corrected == corrected


def test_parents_and_daughters_are_told_apart_by_the_sign_and_loss_is_neither() -> None:
    entry = makers.acts.split(
        makers.a_stamp(1), "rock-1", cuts=[a_cut("rock-1,1", "1 g"), a_cut("rock-1,2", "2 g")], attrition_ng=5,
        source=VAULT,
    )  # fmt: skip
    assert entry.parents == ("rock-1",)
    assert entry.daughters == ("rock-1,1", "rock-1,2")
    move = makers.acts.move(makers.a_stamp(1), "rock-1", source=VAULT, target="place:b", mass_ng=1)
    assert move.parents == move.daughters == ()


def test_balances_are_sorted_and_without_nothing() -> None:
    held = makers.holdings(a_receipt(0, "b", "2 g"), a_receipt(1, "a", "1 g"))
    held.apply(makers.acts.move(makers.a_stamp(2), "a", source=VAULT, target="place:b", mass_ng=ng("1 g")))
    assert list(held.balances()) == [
        Posting("a", makers.MISSION, -ng("1 g")), Posting("a", "place:b", ng("1 g")),
        Posting("b", makers.MISSION, -ng("2 g")), Posting("b", VAULT, ng("2 g")),
    ]  # fmt: skip
    assert held.balance("a", VAULT) == held.balance("a", "place:nowhere") == held.balance("x", VAULT) == 0
    assert held.size == 3
    assert held.held_ng.keys() == {"a", "b"}


def test_to_ask_for_a_balance_opens_no_account() -> None:
    held = Holdings()
    assert held.balance("rock-1", VAULT) == 0
    assert not held.held_ng


# -- classes of use ------------------------------------------------------------------------------------------------

PERMANENT = Use("rock-1", "permanent", sealed=True)


def a_split_of_rock(*uses: Use) -> Entry:
    return makers.acts.split(
        makers.a_stamp(1), "rock-1", cuts=[a_cut("rock-1,1", "1 g")], source=VAULT, uses=uses
    )


def test_a_daughter_inherits_the_seal_of_its_parent() -> None:
    held = makers.holdings(a_receipt(use=PERMANENT), a_split_of_rock())
    assert held.sealed == {"rock-1", "rock-1,1"}
    assert held.uses["rock-1,1"].use_class == "permanent"


def test_a_curator_may_state_another_class_for_a_daughter() -> None:
    held = makers.holdings(a_receipt(use=PERMANENT), a_split_of_rock(Use("rock-1,1", "research")))
    assert held.sealed == {"rock-1"}


def test_a_class_can_be_changed_later() -> None:
    open_again = makers.acts.move(
        makers.a_stamp(1),
        "rock-1",
        source=VAULT,
        target="place:b",
        mass_ng=1,
        uses=[Use("rock-1", "research")],
    )
    held = makers.holdings(a_receipt(use=PERMANENT), open_again)
    assert not held.sealed
    assert held.uses["rock-1"] == Use("rock-1", "research")


@pytest.mark.parametrize("sealed_first", [True, False])
def test_what_is_mixed_with_something_sealed_is_sealed(sealed_first: bool) -> None:
    soil = Use("soil-1", "research")
    parts = [a_cut("rock-1", "1 g"), a_cut("soil-1", "1 g")]
    pot = makers.acts.combine(
        makers.a_stamp(2), "pot-1", parts=parts if sealed_first else parts[::-1], target=VAULT
    )
    held = makers.holdings(a_receipt(use=PERMANENT), a_receipt(1, "soil-1", use=soil), pot)
    assert held.uses["pot-1"] == Use("pot-1", "permanent", sealed=True)


def test_what_is_poured_into_a_pot_does_not_change_the_class_of_the_pot_unless_it_is_sealed() -> None:
    worlds = [
        a_receipt(use=Use("rock-1", "research")),
        a_receipt(1, "pot-1", use=Use("pot-1", "public-interest")),
    ]
    poured = makers.acts.combine(makers.a_stamp(2), "pot-1", parts=[a_cut("rock-1", "1 g")], target=VAULT)
    assert makers.holdings(*worlds, poured).uses["pot-1"].use_class == "public-interest"
    worlds[0] = a_receipt(use=PERMANENT)
    assert makers.holdings(*worlds, poured).uses["pot-1"] == Use("pot-1", "permanent", sealed=True)


@given(histories.seeded_histories())
def test_the_ledger_counts_as_the_facility_does(entries: list[Entry]) -> None:
    held = Holdings()
    for entry in entries:
        held.apply(entry)
    facility = histories.a_facility(0)
    for entry in entries:
        facility.record(entry)
    counted = {**facility.held_ng, **facility.origins_ng}
    assert histories.balances(held) == {account: mass_ng for account, mass_ng in counted.items() if mass_ng}
