"""The fast path of verification: exactly as strict as the slow one, whole and in halves."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import histories
import makers
from aliquot import acts, book, transparency
from aliquot.ledger import Entry, Holdings, Kind, Posting, Use
from aliquot.stretch import MOST_FAULTS, SUBTREE, Demands, Stretch
from makers import SHELF, VAULT, WITH_BO, a_book_of, a_cut, a_receipt, a_stamp, gone_through, ng

G = ng("1 g")


def assert_as_strict(kept: bytes) -> Stretch:
    """The fast path says and remembers the same as the plain reading of the rules."""
    fast = gone_through(kept)
    faults, held = makers.gone_through_slowly(kept)
    assert list(map(str, fast.faults)) == list(map(str, faults[:MOST_FAULTS]))
    assert histories.balances(fast.holdings) == histories.balances(held)
    assert fast.holdings.held_ng.keys() == held.held_ng.keys()
    assert fast.holdings.sealed == held.sealed
    assert (fast.holdings.size, fast.holdings.last_at) == (held.size, held.last_at)
    return fast


# -- the same as the slow path -------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(histories.seeded_histories())
def test_a_sound_book_is_sound_on_both_paths(entries: list[Entry]) -> None:
    assert assert_as_strict(a_book_of(entries)).faults == []


@settings(max_examples=250)
@given(histories.spoiled_books())
def test_a_spoilt_book_has_the_same_faults_on_both_paths(kept: bytes) -> None:
    assert_as_strict(kept)


@settings(max_examples=40)
@given(histories.histories(most=12), st.randoms(use_true_random=False))
def test_the_shortest_spoilt_book_has_the_same_faults_on_both_paths(
    entries: list[Entry], chance: Random
) -> None:
    assert_as_strict(histories.spoiled([book.text(entry) for entry in entries], chance))


@given(st.binary(max_size=200))
@example(b"")
@example(b"\n\n\n\n")
def test_bytes_that_are_no_book_have_the_same_faults_on_both_paths(kept: bytes) -> None:
    assert assert_as_strict(kept).faults


def test_a_book_of_three_thousand_entries_is_the_same_on_both_paths() -> None:
    facility = histories.a_facility(2020, plain=True)
    texts = [book.text(entry) for entry in facility.work(3_000)]
    assert assert_as_strict("\n".join(texts).encode()).faults == []
    assert_as_strict(histories.spoiled(texts[:500], facility.chance))


RECEIVED = [a_receipt(0, "rock-1"), a_receipt(1, "rock-2", use=Use("rock-2", "permanent", sealed=True))]


def posted(
    kind: Kind, *postings: tuple[str, str, int], uses: tuple[Use, ...] = (), basis: tuple[str, ...] = ()
) -> Entry:
    stamp = a_stamp(2)
    return Entry(2, stamp.at, kind, stamp.by, tuple(Posting(*p) for p in postings), uses, basis)


@pytest.mark.parametrize(
    "entry",
    [
        posted(Kind.ADJUST, ("rock-1", "drift:", -1), ("rock-1", VAULT, 1), ("rock-2", "drift:", -1), ("rock-2", WITH_BO, 1)),
        posted(Kind.RECEIVE, *([("rock-3", "origin:m", -1), ("rock-3", VAULT, 1)] * 2)),
        posted(Kind.RECEIVE, ("rock-1", "origin:m", -1), ("rock-1", VAULT, 1), uses=(Use("rock-1", "sealed"),)),
        posted(Kind.RECEIVE, ("rock-3", "origin:m", -1), ("rock-3", VAULT, 1), uses=(Use("rock-4", "open"),)),
        posted(Kind.RECEIVE, ("rock-3", "origin:m", -1), ("rock-3", "origin:m", 1)),
        posted(Kind.MOVE, ("rock-1", VAULT, -1), ("rock-1", VAULT, 1)),
        posted(Kind.MOVE, ("rock-1", SHELF, 1), ("rock-1", VAULT, -1)),
        posted(Kind.MOVE, ("rock-1", VAULT, -(10**18)), ("rock-1", SHELF, 10**18)),
        posted(Kind.MOVE, ("rock-1", VAULT, -1), ("rock-1", "place:", 1)),
        posted(Kind.MOVE, ("rock-2", VAULT, -1), ("rock-2", SHELF, 1), uses=(Use("rock-2", "research"),)),
        posted(Kind.SPLIT, ("rock-1", VAULT, -2), ("rock-1,1", VAULT, 1), ("rock-1", "spent:attrition", 1)),
        posted(Kind.SPLIT, ("rock-1", VAULT, -2), ("rock-1", "spent:attrition", 1), ("rock-1,1", VAULT, 1)),
        posted(Kind.SPLIT, ("rock-1", VAULT, -2), ("rock-1", "spent:attrition", 2)),
        posted(Kind.SPLIT, ("rock-1", VAULT, -2), ("rock-1", "spent:consumption", 1), ("rock-1,1", VAULT, 1)),
        posted(Kind.SPLIT, ("rock-1", VAULT, -3), ("rock-1,1", VAULT, 1), *[("rock-1", "spent:attrition", 1)] * 2),
        posted(Kind.SPLIT, ("rock-1", VAULT, -2), ("rock-1,1", VAULT, 1), ("rock-1,1", SHELF, 1)),
        posted(Kind.SPLIT, ("rock-1", VAULT, -2), ("rock-1", VAULT, 1), ("rock-1,1", VAULT, 1)),
        posted(Kind.SPLIT, ("rock-1", VAULT, -2), ("rock-2", VAULT, 2)),
        posted(Kind.SPLIT, ("rock-1", VAULT, -2), ("rock-1,1", WITH_BO, 2)),
        posted(Kind.SPLIT, ("rock-1", VAULT, -2), ("rock-1,1", "place:", 2)),
        posted(Kind.SPLIT, ("rock-2", VAULT, -2), ("rock-2,1", VAULT, 2)),
        posted(Kind.SPLIT, ("rock-1", VAULT, 2), ("rock-1,1", VAULT, -2)),
        posted(Kind.SPLIT, ("rock-1", "origin:m", -2), ("rock-1,1", "origin:m", 2)),
        posted(Kind.SPLIT, ("rock-1", VAULT, -2), ("rock-1,1", VAULT, 1), ("rock-1,1", "spent:attrition", 1)),
        replace(posted(Kind.MOVE, ("rock-1", VAULT, -1), ("rock-1", SHELF, 1)), at="2026-03-14T09:02:60Z"),
        replace(posted(Kind.MOVE, ("rock-1", VAULT, -1), ("rock-1", SHELF, 1)), at="2026-04-31T09:02:00Z"),
        replace(posted(Kind.SPLIT, ("rock-1", VAULT, -2), ("rock-1,1", VAULT, 2)), at="2026-04-31T09:02:00Z"),
        posted(Kind.MOVE, ("rock-1", VAULT, -1), ("rock-1", SHELF, 1), basis=("x" * 65_500,)),
        posted(Kind.CORRECT, ("rock-1", VAULT, -1), ("rock-1", SHELF, 1), basis=("entry:" + "1" * 5_000,)),
    ],
)  # fmt: skip
def test_an_entry_at_the_edge_is_the_same_on_both_paths(entry: Entry) -> None:
    after = acts.move(a_stamp(3), "rock-1", source=VAULT, target=SHELF, mass_ng=G)
    assert_as_strict(a_book_of([*RECEIVED, entry, after]))


def test_at_most_a_hundred_faults_are_told() -> None:
    kept = a_book_of([replace(a_receipt(0, f"rock-{n}"), index=5) for n in range(150)])
    assert len(gone_through(kept).faults) == MOST_FAULTS


# -- hashes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, SUBTREE - 1, SUBTREE, SUBTREE + 1, 2 * SUBTREE + 3])
def test_the_hashes_of_a_stretch_make_the_root_of_its_entries(count: int) -> None:
    entries = [a_receipt(0, f"rock-{n}") for n in range(count)]
    kept = a_book_of([replace(entry, index=n) for n, entry in enumerate(entries)])
    leaves = [f"{text}\n".encode() for text in kept.decode()[:-1].split("\n\n")]
    assert transparency.root(gone_through(kept).hashes()) == transparency.root(
        transparency.leaf_hashes(leaves)
    )


@settings(max_examples=30)
@given(histories.seeded_histories(), st.data())
def test_a_book_taken_in_piece_by_piece_is_the_same_book(entries: list[Entry], data: st.DataObject) -> None:
    pieces = a_book_of(entries).removesuffix(b"\n").split(b"\n\n")
    cut = data.draw(st.integers(1, len(pieces) - 1))
    stretch = Stretch()
    stretch.take(b"\n\n".join(pieces[:cut]))
    stretch.take(b"\n\n".join(pieces[cut:]))
    whole = gone_through(a_book_of(entries))
    assert (stretch.line, stretch.hashes(), stretch.faults) == (whole.line, whole.hashes(), [])
    assert histories.balances(stretch.holdings) == histories.balances(whole.holdings)


# -- in halves --------------------------------------------------------------------------------------------------------


def halves(kept: bytes, cut: int) -> tuple[Stretch, Stretch]:
    """Return what is known of the first entries, and of the rest by one who has not seen the first."""
    pieces = kept.removesuffix(b"\n").split(b"\n\n")
    first = Stretch()
    first.take(b"\n\n".join(pieces[:cut]))
    before = first.holdings
    rest = Stretch(Holdings(size=before.size, last_at=before.last_at), Demands(), first.line)
    rest.take(b"\n\n".join(pieces[cut:]))
    return first, rest


def fit(first: Stretch, rest: Stretch) -> bool:
    assert rest.demands is not None
    return not first.faults and not rest.faults and rest.demands.met_by(first.holdings)


@settings(max_examples=40)
@given(histories.seeded_histories(seals=False), st.data())
def test_the_halves_of_a_sound_book_without_seals_always_fit(
    entries: list[Entry], data: st.DataObject
) -> None:
    kept = a_book_of(entries)
    first, rest = halves(kept, data.draw(st.integers(1, len(entries) - 1)))
    assert fit(first, rest)
    assert_same_after(first, rest, gone_through(kept))


@settings(max_examples=40)
@given(histories.seeded_histories(), st.data())
def test_the_halves_of_a_sound_book_have_no_fault_of_their_own(
    entries: list[Entry], data: st.DataObject
) -> None:
    """With seals the rest may ask for more than it needs; then the book is gone through by one."""
    kept = a_book_of(entries)
    first, rest = halves(kept, data.draw(st.integers(1, len(entries) - 1)))
    assert first.faults == rest.faults == []
    if fit(first, rest):
        assert_same_after(first, rest, gone_through(kept))
    else:
        assert first.holdings.sealed


@settings(max_examples=200)
@given(histories.spoiled_books(least=4), st.data())
def test_the_halves_of_an_unsound_book_never_fit(kept: bytes, data: st.DataObject) -> None:
    cuts = kept.count(b"\n\n")
    if cuts:
        first, rest = halves(kept, data.draw(st.integers(1, cuts)))
        whole = gone_through(kept)
        if fit(first, rest):
            assert whole.faults == []
            assert_same_after(first, rest, whole)
        else:
            assert whole.faults or first.holdings.sealed


def assert_same_after(first: Stretch, rest: Stretch, whole: Stretch) -> None:
    """What the first left, less what the rest took of it, with what the rest did, is what the whole book leaves."""
    assert rest.demands is not None
    left = histories.balances(first.holdings)
    for account, mass_ng in histories.balances(rest.holdings).items():
        left[account] = left.get(account, 0) + mass_ng
    for account, least_ng in rest.demands.at_least_ng.items():
        left[account] -= least_ng
    assert {account: mass_ng for account, mass_ng in left.items() if mass_ng} == histories.balances(
        whole.holdings
    )
    assert first.holdings.held_ng.keys() | rest.holdings.held_ng.keys() == whole.holdings.held_ng.keys()
    assert (rest.holdings.size, rest.holdings.last_at) == (whole.holdings.size, whole.holdings.last_at)
    assert rest.line == whole.line


def demands(*entries: Entry) -> Demands:
    stretch = Stretch(Holdings(size=entries[0].index), Demands())
    stretch.take(a_book_of(entries).removesuffix(b"\n"))
    assert stretch.faults == []
    return stretch.demands or pytest.fail("a stretch in the middle demands something")


def test_the_rest_asks_for_what_it_takes_and_not_for_what_it_brought() -> None:
    asked = demands(
        acts.move(a_stamp(5), "rock-1", source=VAULT, target=SHELF, mass_ng=3 * G),
        acts.move(a_stamp(6), "rock-1", source=SHELF, target=VAULT, mass_ng=G),
        acts.move(a_stamp(7), "rock-1", source=VAULT, target=SHELF, mass_ng=2 * G),
    )
    assert asked.at_least_ng == {("rock-1", VAULT): 4 * G}
    assert asked.met_by(makers.holdings(a_receipt(weighs="4 g")))
    assert not asked.met_by(makers.holdings(a_receipt(weighs="3.999999999 g")))
    assert not asked.met_by(makers.holdings(a_receipt(weighs="4 g", place=SHELF)))


def test_the_rest_asks_that_its_new_numbers_are_new() -> None:
    asked = demands(acts.split(a_stamp(5), "rock-1", cuts=[a_cut("rock-1,1", "1 g")], source=VAULT))
    assert asked.met_by(makers.holdings(a_receipt()))
    assert not asked.met_by(makers.holdings(a_receipt(), a_receipt(1, "rock-1,1")))


def test_the_rest_asks_that_what_it_gives_is_not_sealed() -> None:
    asked = demands(acts.give(a_stamp(5), "rock-1", source=VAULT, given="given:museum", mass_ng=G))
    assert asked.met_by(makers.holdings(a_receipt()))
    assert not asked.met_by(makers.holdings(a_receipt(use=Use("rock-1", "permanent", sealed=True))))


def test_what_one_entry_takes_in_two_postings_is_asked_for_together() -> None:
    stamp = a_stamp(5)
    twice = Posting("rock-1", VAULT, -G)
    entry = Entry(5, stamp.at, Kind.MOVE, stamp.by, (twice, twice, Posting("rock-1", SHELF, 2 * G)))
    assert demands(entry).at_least_ng == {("rock-1", VAULT): 2 * G}


def test_what_one_entry_brings_and_takes_is_not_asked_for() -> None:
    stamp = a_stamp(5)
    there_and_back = (Posting("rock-1", VAULT, -G), Posting("rock-1", VAULT, G))
    assert demands(Entry(5, stamp.at, Kind.MOVE, stamp.by, there_and_back)).at_least_ng == {}
