"""What makes a book sound: one test for each rule, and long random histories that keep them all."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import histories
import makers
from aliquot import acts, invariants
from aliquot.ledger import (
    FLOWS,
    RESHAPING,
    ROOTS,
    Entry,
    Holdings,
    Kind,
    Posting,
    Use,
    is_holder,
    may_be_below_zero,
    root_of,
)
from makers import PARCEL, SHELF, VAULT, WITH_BO, a_cut, a_receipt, a_stamp, ng

G = ng("1 g")
SEALED = Use("rock-1", "permanent", sealed=True)


def faults(entry: Entry, *before: Entry) -> list[str]:
    """Return what keeps this entry from standing after those, as `where: what`."""
    return [f"{found.where}: {found.said}" for found in invariants.check(entry, makers.holdings(*before))]


def posted(
    kind: Kind, *postings: tuple[str, str, int], uses: tuple[Use, ...] = (), basis: tuple[str, ...] = ()
) -> Entry:
    stamp = a_stamp(1)
    return Entry(1, stamp.at, kind, stamp.by, tuple(Posting(*p) for p in postings), uses, basis)


# -- every rule ------------------------------------------------------------------------------------------------


def test_a_split_heavier_than_its_parent_is_refused() -> None:
    entry = acts.split(a_stamp(1), "rock-1", cuts=[a_cut("rock-1,1", "5.2 g")], source=VAULT)
    assert faults(entry, a_receipt(weighs="5 g")) == [
        "postings[0]: place:vault would hold -200000000 ng of rock-1, that is 200000000 ng too little"
    ]


def test_all_that_is_there_may_be_taken() -> None:
    entry = acts.split(a_stamp(1), "rock-1", cuts=[a_cut("rock-1,1", "5 g")], source=VAULT)
    assert faults(entry, a_receipt(weighs="5 g")) == []


def test_one_nanogram_too_much_is_too_much() -> None:
    entry = acts.move(a_stamp(1), "rock-1", source=VAULT, target=SHELF, mass_ng=5 * G + 1)
    assert faults(entry, a_receipt(weighs="5 g")) == [
        "postings[0]: place:vault would hold -1 ng of rock-1, that is 1 ng too little"
    ]


def test_what_is_taken_in_two_postings_is_counted_together() -> None:
    entry = posted(Kind.MOVE, ("rock-1", VAULT, -3 * G), ("rock-1", VAULT, -3 * G), ("rock-1", SHELF, 6 * G))
    assert faults(entry, a_receipt()) == [
        "postings[0]: place:vault would hold -1000000000 ng of rock-1, that is 1000000000 ng too little"
    ]


def test_what_goes_and_comes_back_in_one_entry_is_not_short() -> None:
    entry = posted(Kind.MOVE, ("rock-1", VAULT, -9 * G), ("rock-1", VAULT, 9 * G))
    assert faults(entry, a_receipt()) == []


def test_mass_of_another_sample_does_not_help() -> None:
    entry = acts.move(a_stamp(2), "rock-1", source=VAULT, target=SHELF, mass_ng=6 * G)
    assert len(faults(entry, a_receipt(), a_receipt(1, "rock-2", "100 g"))) == 1


def test_every_fault_of_an_entry_is_told_at_once() -> None:
    entry = Entry(
        7, "noon", Kind.GIVE, "person:17", (Posting("rock-1", "pocket:di", 1), Posting("a", VAULT, -2))
    )
    assert {found.partition(":")[0] for found in faults(entry, a_receipt())} == {
        "index", "at", "postings[0]", "kind", "postings[1]",
    }  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in RESHAPING])
def test_no_kind_but_three_turns_one_sample_into_another(kind: Kind) -> None:
    entry = posted(kind, ("rock-1", VAULT, -G), ("rock-2", VAULT, G), basis=("entry:0",))
    said = faults(entry, a_receipt())
    assert f"kind: {kind.value} changes the mass of rock-1 by -1000000000 ng" in said
    assert f"kind: {kind.value} changes the mass of rock-2 by 1000000000 ng" in said


EXAMPLES = {"spent": "spent:consumption"} | {root: f"{root}:x" for root in ROOTS - {"spent"}}


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_takes_from_and_brings_to_its_own_holders(kind: Kind) -> None:
    may_take, may_bring = FLOWS[kind]
    for source, target in product(ROOTS, ROOTS):
        postings = ("rock-1", EXAMPLES[source], -1), ("rock-1", EXAMPLES[target], 1)
        found = list(invariants.check_flow(posted(kind, *postings, basis=("entry:0",))))
        past_drift = kind is Kind.ADJUST and "drift" not in (source, target)
        assert len(found) == (source not in may_take) + (target not in may_bring) + past_drift


def test_an_adjust_of_one_sample_hides_no_move_of_another() -> None:
    entry = posted(
        Kind.ADJUST,
        ("rock-2", "drift:", -1),
        ("rock-2", VAULT, 1),
        ("rock-1", VAULT, -G),
        ("rock-1", SHELF, G),
    )
    assert faults(entry, a_receipt()) == ["kind: adjust moves rock-1 from holder to holder, past drift:"]


def test_a_loss_at_two_places_is_one_adjust() -> None:
    entry = posted(Kind.ADJUST, ("rock-1", VAULT, -1), ("rock-1", SHELF, -1), ("rock-1", "drift:", 2))
    moved = acts.move(a_stamp(0), "rock-1", source=VAULT, target=SHELF, mass_ng=G)
    held = makers.holdings(a_receipt(), replace(moved, index=1))
    assert invariants.check(replace(entry, index=2), held) == ()


@pytest.mark.parametrize("out", ["loan:bo-1", "given:museum", "spent:consumption"])
@pytest.mark.parametrize("kind", Kind)
def test_nothing_sealed_is_lent_given_or_used_up_by_any_kind(kind: Kind, out: str) -> None:
    entry = posted(kind, ("rock-1", VAULT, -1), ("rock-1", out, 1), basis=("entry:0",))
    assert f"postings[1]: rock-1 is sealed and cannot come to {out}" in faults(entry, a_receipt(use=SEALED))


@pytest.mark.parametrize(
    "holder", [SHELF, PARCEL, "missing:", "drift:", "spent:attrition", "spent:destruction"]
)
def test_what_is_sealed_may_still_be_kept_weighed_and_lost(holder: str) -> None:
    entry = posted(Kind.CORRECT, ("rock-1", VAULT, -1), ("rock-1", holder, 1), basis=("entry:0",))
    assert faults(entry, a_receipt(use=SEALED)) == []


def test_an_entry_that_seals_does_not_lend() -> None:
    entry = posted(
        Kind.CORRECT, ("rock-1", VAULT, -1), ("rock-1", WITH_BO, 1), uses=(SEALED,), basis=("entry:0",)
    )
    assert faults(entry, a_receipt()) == ["postings[1]: rock-1 is sealed and cannot come to loan:bo-1"]


def test_a_seal_follows_through_names_cuts_and_mixtures() -> None:
    before = [
        a_receipt(use=SEALED),
        acts.renumber(a_stamp(1), "rock-1", "rock-9", holdings_ng={VAULT: 5 * G}),
        acts.split(a_stamp(2), "rock-9", cuts=[a_cut("rock-9,1", "1 g")], source=VAULT),
        a_receipt(3, "soil-1", use=Use("soil-1", "research")),
        acts.combine(
            a_stamp(4), "pot-1", parts=[a_cut("soil-1", "1 g"), a_cut("rock-9,1", "1 mg")], target=VAULT
        ),
        acts.split(a_stamp(5), "pot-1", cuts=[a_cut("pot-1,1", "1 mg")], source=VAULT),
    ]
    gift = acts.give(a_stamp(6), "pot-1,1", source=VAULT, given="given:museum", mass_ng=1)
    assert faults(gift, *before) == ["postings[1]: pot-1,1 is sealed and cannot come to given:museum"]
    soil = acts.give(a_stamp(6), "soil-1", source=VAULT, given="given:museum", mass_ng=1)
    assert faults(soil, *before) == []


@pytest.mark.parametrize(
    "basis", [(), ("entry:1",), ("entry:2",), ("letter:0",), ("entry:-1",), ("entry:" + "1" * 5000,)]
)
def test_a_correction_must_name_an_earlier_entry(basis: tuple[str, ...]) -> None:
    entry = posted(Kind.CORRECT, ("rock-1", VAULT, -1), ("rock-1", SHELF, 1), basis=basis)
    assert faults(entry, a_receipt()) == ["basis: the correction does not name an earlier entry"]


def test_the_gift_of_a_faulty_entry_is_not_laid_at_the_door_of_the_next() -> None:
    held = makers.holdings(a_receipt())
    held.apply(acts.move(a_stamp(1), "rock-1", source=VAULT, target=SHELF, mass_ng=6 * G))
    back = acts.move(a_stamp(2), "rock-1", source=SHELF, target=VAULT, mass_ng=1)
    assert invariants.check(back, held) == ()
    on = acts.move(a_stamp(2), "rock-1", source=VAULT, target=SHELF, mass_ng=1)
    assert [found.where for found in invariants.check(on, held)] == ["postings[0]"]


# -- long histories ----------------------------------------------------------------------------------------------


def gone_through(entries: list[Entry]) -> Holdings:
    """Go through a history and look at every balance that an entry changes, by rules written out here once more."""
    held = Holdings()
    for entry in entries:
        assert invariants.check(entry, held) == ()
        sealed_before = set(held.sealed)
        held.apply(entry)
        assert sum(posting.mass_ng for posting in entry.postings) == 0
        for posting in entry.postings:
            assert is_holder(posting.holder)
            if root_of(posting.holder) not in ("origin", "drift"):
                assert held.balance(posting.sample, posting.holder) >= 0
            if posting.mass_ng > 0 and posting.holder.startswith(("loan:", "given:", "spent:consumption")):
                assert posting.sample not in sealed_before
        by_sample = {p.sample: 0 for p in entry.postings}
        for posting in entry.postings:
            by_sample[posting.sample] += posting.mass_ng
        if entry.kind not in RESHAPING:
            assert set(by_sample.values()) == ({0} if entry.kind is not Kind.RECORD else set())
        if entry.kind is Kind.CORRECT:
            assert any(ref.startswith("entry:") and int(ref[6:]) < entry.index for ref in entry.basis[:1])
    return held


def test_a_history_of_five_thousand_entries_of_all_kinds_breaks_no_rule() -> None:
    facility = histories.a_facility(1969)
    entries = facility.work(5_000)
    held = gone_through(entries)
    assert histories.kinds(entries) == set(Kind)
    assert held.sealed == facility.sealed
    assert len(held.sealed) > 100
    gains = [
        p.mass_ng
        for e in entries
        if e.kind is Kind.ADJUST
        for p in e.postings
        if not may_be_below_zero(p.holder)
    ]
    assert min(gains) < 0 < max(gains)
    counted = {**facility.held_ng, **facility.origins_ng}
    assert histories.balances(held) == {account: mass_ng for account, mass_ng in counted.items() if mass_ng}
    assert sum(posting.mass_ng for posting in held.balances()) == 0


def test_what_was_received_is_what_is_somewhere() -> None:
    held = gone_through(histories.a_facility(1976).work(1_500))
    received_ng = -sum(p.mass_ng for p in held.balances() if root_of(p.holder) == "origin")
    drift_ng = -sum(p.mass_ng for p in held.balances() if root_of(p.holder) == "drift")
    somewhere_ng = sum(p.mass_ng for p in held.balances() if not may_be_below_zero(p.holder))
    assert received_ng + drift_ng == somewhere_ng > 0


@settings(max_examples=40)
@given(histories.histories())
def test_short_histories_break_no_rule(entries: list[Entry]) -> None:
    gone_through(entries)


@settings(max_examples=60)
@given(histories.seeded_histories(), st.data())
def test_an_entry_that_is_dropped_repeated_or_swapped_is_found_where_it_stands(
    entries: list[Entry], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(entries) - 2))
    spoilt = data.draw(
        st.sampled_from([
            entries[:at] + entries[at + 1 :],
            entries[: at + 1] + entries[at:],
            [*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]],
        ])
    )  # fmt: skip
    found = makers.gone_through(makers.a_book_of(spoilt)).faults
    due = next(i for i, entry in enumerate(spoilt) if entry.index != i)
    line = (
        sum(text.count("\n") for text in makers.a_book_of(spoilt).decode().split("\n\n")[:due]) + 2 * due + 1
    )
    assert found[0].where == f"line {line}"
    assert "is due" in found[0].what


@settings(max_examples=60)
@given(histories.seeded_histories(), st.data())
def test_a_mass_that_is_changed_is_found_in_its_entry(entries: list[Entry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[at]
    assume(entry.postings)  # a record moves no mass
    i = data.draw(st.integers(0, len(entry.postings) - 1))
    changed = list(entry.postings)
    changed[i] = replace(changed[i], mass_ng=changed[i].mass_ng + data.draw(st.sampled_from([-1, 1, 10**9])))
    held = makers.holdings(*entries[:at])
    assert invariants.check(replace(entry, postings=tuple(changed)), held)
