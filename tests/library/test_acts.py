"""One maker for each kind of entry: it sets the signs, and what it makes can stand."""

from __future__ import annotations

import pytest

import makers
from aliquot import acts, invariants
from aliquot.ledger import ATTRITION, CONSUMPTION, Entry, Kind, Posting, Use
from makers import MISSION, PARCEL, SHELF, VAULT, WITH_BO, a_cut, a_receipt, a_stamp, ng

G = ng("1 g")
STAMP = a_stamp(1, basis=["order:3"])
LENT = [
    a_receipt(),
    acts.ship(a_stamp(1), "rock-1", source=VAULT, transit=PARCEL, mass_ng=3 * G),
    acts.deliver(a_stamp(2), "rock-1", transit=PARCEL, target=WITH_BO, mass_ng=2 * G),
    acts.lose(a_stamp(3), "rock-1", source=VAULT, missing="missing:audit-1", mass_ng=G),
]
NEXT = a_stamp(4)

EVERY_ACT: dict[Kind, Entry] = {
    Kind.RECEIVE: acts.receive(NEXT, {"soil-1": G, "soil-2": 2 * G}, origin=MISSION, place=VAULT),
    Kind.SPLIT: acts.split(
        NEXT, "rock-1", cuts=[a_cut("rock-1,1", "400 mg", SHELF)], attrition_ng=9, source=VAULT
    ),
    Kind.COMBINE: acts.combine(
        NEXT, "pot-1", parts=[a_cut("rock-1", "1 g", WITH_BO)], attrition_ng=9, target=WITH_BO
    ),
    Kind.RENUMBER: acts.renumber(NEXT, "rock-1", "rock-9", holdings_ng={VAULT: G, WITH_BO: 2 * G}),
    Kind.MOVE: acts.move(NEXT, "rock-1", source=VAULT, target=SHELF, mass_ng=G),
    Kind.SHIP: acts.ship(NEXT, "rock-1", source=WITH_BO, transit=PARCEL, mass_ng=G),
    Kind.DELIVER: acts.deliver(NEXT, "rock-1", transit=PARCEL, target=VAULT, mass_ng=G),
    Kind.CONSUME: acts.consume(NEXT, "rock-1", source=WITH_BO, fate=CONSUMPTION, mass_ng=G),
    Kind.RETURN: acts.give_back(NEXT, "rock-1", source=WITH_BO, target=VAULT, mass_ng=G),
    Kind.GIVE: acts.give(NEXT, "rock-1", source=WITH_BO, given="given:bo", mass_ng=G),
    Kind.LOSE: acts.lose(NEXT, "rock-1", source=PARCEL, missing="missing:", mass_ng=G),
    Kind.FIND: acts.find(NEXT, "rock-1", missing="missing:audit-1", target=VAULT, mass_ng=G),
    Kind.ADJUST: acts.adjust(NEXT, "rock-1", holder=VAULT, drift="drift:w-1", gain_ng=-5),
    Kind.CORRECT: acts.correct(
        NEXT, 2, postings=[Posting("rock-1", WITH_BO, -G), Posting("rock-1", MISSION, G)]
    ),
    Kind.RECORD: acts.record(NEXT, "claim-1", 1, sha256="0" * 64),
}


def test_there_is_a_maker_for_every_kind() -> None:
    assert set(EVERY_ACT) == set(Kind)
    assert all(entry.kind is kind for kind, entry in EVERY_ACT.items())


@pytest.mark.parametrize("kind", Kind)
def test_what_a_maker_makes_can_stand_and_is_read_back(kind: Kind) -> None:
    entry = EVERY_ACT[kind]
    assert invariants.check(entry, makers.holdings(*LENT)) == ()
    assert makers.read(makers.a_book_of([*LENT, entry]))[-1] == entry


def test_an_entry_has_what_its_stamp_says() -> None:
    entry = acts.move(
        STAMP, "rock-1", source=VAULT, target=SHELF, mass_ng=G, uses=[Use("rock-1", "research")]
    )
    assert (entry.index, entry.at, entry.by, entry.basis) == (1, STAMP.at, makers.ADA.key, ("order:3",))
    assert entry.uses == (Use("rock-1", "research"),)


def test_a_split_takes_the_cuts_and_the_loss_from_the_parent() -> None:
    entry = acts.split(
        STAMP, "rock-1", cuts=[a_cut("rock-1,1", "700 mg"), a_cut("rock-1,2", "480 mg")], attrition_ng=ng("20 mg"),
        source=VAULT,
    )  # fmt: skip
    assert entry.postings == (
        Posting("rock-1", VAULT, -ng("1.2 g")), Posting("rock-1,1", VAULT, ng("700 mg")),
        Posting("rock-1,2", VAULT, ng("480 mg")), Posting("rock-1", ATTRITION, ng("20 mg")),
    )  # fmt: skip


def test_a_split_without_loss_posts_none() -> None:
    entry = acts.split(STAMP, "rock-1", cuts=[a_cut("rock-1,1", "700 mg")], source=VAULT)
    assert [posting.holder for posting in entry.postings] == [VAULT, VAULT]


def test_what_is_lost_in_combining_is_posted_to_the_first() -> None:
    parts = [a_cut("a", "1 g"), a_cut("b", "2 g", SHELF)]
    entry = acts.combine(STAMP, "pot-1", parts=parts, attrition_ng=ng("1 mg"), target=SHELF)
    assert entry.postings == (
        Posting("a", VAULT, -G), Posting("b", SHELF, -2 * G), Posting("pot-1", SHELF, ng("2.999 g")),
        Posting("a", ATTRITION, ng("1 mg")),
    )  # fmt: skip


@pytest.mark.parametrize("gain_ng", [7, -7])
def test_a_gain_comes_from_drift_and_a_deficit_goes_to_it(gain_ng: int) -> None:
    entry = acts.adjust(STAMP, "rock-1", holder=VAULT, drift="drift:w-1", gain_ng=gain_ng)
    assert entry.postings == (Posting("rock-1", "drift:w-1", -gain_ng), Posting("rock-1", VAULT, gain_ng))


def test_a_correction_names_what_it_corrects_before_its_other_grounds() -> None:
    entry = acts.correct(STAMP, 0, postings=[])
    assert entry.basis == ("entry:0", "order:3")
    assert entry.corrected == (0,)
