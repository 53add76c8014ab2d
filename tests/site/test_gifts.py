"""Gifts, deposits and exchanges in the database: what leaves is given, what is owed is exact, receipts verify offline."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from tests.site import loaning
from tests.site.loaning import BENCH, MG, NOW, VAULT, an_agreement

from aliquot import policy, receipts
from aliquot.deeds import Item
from aliquot.fault import Refused
from aliquot.receipts import Receipt
from aliquot.site import instance, queries
from aliquot.site.models import Balance, Deed, Person
from aliquot.site.operations import deeds
from aliquot.site.operations.deeds import Agreed, Told

G = 10**9
# China to Russia, 4 February 2022: 1.5 g; domain facts, section 4, row 11.
GIFT = Told("gift", "given", "China", "Russia", "a handover in Beijing", "2022-02-04", (Item("P-1", "", None),), country="RU",
            occasion="A state visit.", sources="R1 R2")  # fmt: skip


@pytest.fixture(autouse=True)
def _store(db: None) -> None:
    loaning.store()


def where(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.where for one in refused.value.faults]


def held(number: str) -> dict[str, int]:
    return dict(
        Balance.objects.filter(sample__number=number, mass_ng__gt=0).values_list("holder__key", "mass_ng")
    )


def test_a_gift_between_states_leaves_and_a_return_gift_answers_it(ada: Person, eve: Person) -> None:
    with pytest.raises(Refused) as refused:
        deeds.record(GIFT, by=ada, at=NOW)
    assert where(refused) == ["person"]
    gift = deeds.record(GIFT, by=eve, at=NOW)
    assert held("P-1") == {f"given:{gift.key}": G}
    assert (gift.passes_title, gift.items.get().mass_ng, str(gift.first)) == (True, G, "2022-02-04")
    back = replace(
        GIFT,
        way="received",
        giver="Russia",
        receiver="China",
        when="2023-03",
        items=(Item("", "Luna-16", 1_500 * MG),),
    )
    answer = deeds.record(back, answers=gift, by=ada, at=NOW)
    assert (answer.first.isoformat(), answer.last.isoformat()) == ("2023-03-01", "2023-03-31")
    with pytest.raises(Refused) as refused:
        deeds.record(back, answers=answer, by=ada, at=NOW)
    assert where(refused) == ["answers"]
    assert [one.number for one in queries.deeds.all_of_them()] == ["D-0001", "D-0002"]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Deed.objects.update(occasion="")


def test_a_deed_is_set_right_by_one_that_replaces_it_and_moves_nothing(ada: Person, eve: Person) -> None:
    gift = deeds.record(GIFT, by=eve, at=NOW)
    better = deeds.record(replace(GIFT, present_holder="A museum"), replaces=gift, by=ada, at=NOW)
    assert list(queries.deeds.all_of_them()) == [better]
    assert held("P-1") == {f"given:{gift.key}": G}
    with pytest.raises(Refused):
        deeds.record(GIFT, replaces=gift, by=ada, at=NOW)


@pytest.mark.parametrize(
    ("changed", "faulty"),
    [
        ({"kind": "theft"}, "kind"), ({"way": "up"}, "way"), ({"when": "1973-13"}, "when"), ({"giver": ""}, "giver"),
        ({"instrument": " "}, "instrument"), ({"items": ()}, "items"), ({"items": (Item("", "", None),)}, "items[0]"),
        ({"items": (Item("P-1", "", 0),)}, "items[0].mass"), ({"items": (Item("P-1", "", 2 * G),)}, "P-1"),
        ({"items": (Item("S-1", "", None),)}, "S-1"), ({"items": (Item("X-9", "", None),)}, "sample"),
        ({"items": (Item("", "a flag", None),)}, "items[0].sample"), ({"kind": "exchange"}, "exchange"),
    ],
)  # fmt: skip
def test_what_cannot_be_given_is_refused(eve: Person, changed: dict[str, object], faulty: str) -> None:
    with pytest.raises(Refused) as refused:
        deeds.record(replace(GIFT, **changed), by=eve, at=NOW)
    assert faulty in where(refused)
    assert held("P-1") == {VAULT: G}


def test_what_is_promised_is_not_given_away(ada: Person, eve: Person, bo: Person) -> None:
    an_agreement(ada, bo, [("P-1", MG)])
    with pytest.raises(Refused) as refused:
        deeds.record(GIFT, by=eve, at=NOW)
    assert where(refused) == ["P-1"]
    deeds.record(replace(GIFT, items=(Item("P-1", "", 999 * MG),)), by=eve, at=NOW)
    with pytest.raises(Refused):
        deeds.record(GIFT, by=bo, at=NOW)


def test_a_deposit_goes_to_the_backup_store_and_stays_ours(ada: Person) -> None:
    deposit = replace(GIFT, kind="deposit", receiver="Shaoshan", items=(Item("S-1", "", None),))
    for wrong, place in ((deposit, ""), (replace(deposit, items=(Item("S-1", "", MG),)), BENCH),
                         (replace(deposit, items=(Item("", "a box", None),)), BENCH)):  # fmt: skip
        with pytest.raises(Refused):
            deeds.record(wrong, place=place, by=ada, at=NOW)
    made = deeds.record(deposit, place=BENCH, by=ada, at=NOW)
    assert (made.passes_title, held("S-1"), made.holder) == (False, {BENCH: G}, None)
    assert queries.deeds.entries(made)
    leg = queries.deeds.backup(policy.load("cnsa"), ("permanent",))
    assert (leg.due_ng, leg.came_ng) == (Fraction(3_030 * MG, 10), G)


def test_both_legs_of_an_exchange_say_what_is_still_owed(ada: Person, eve: Person) -> None:
    """Half a percent of 121.6 g were agreed and 0.663 g came: shares are rarely exact (domain facts, section 3.1)."""
    legs = [
        Agreed("given", "JAXA", "Ryugu", 5_400 * MG, "10 %"),
        Agreed("received", "NASA", "Bennu", 121_600 * MG, "0.5 %"),
    ]
    made = deeds.agree(title_en="Ryugu for Bennu", instrument="A memorandum", legs=legs, by=ada, at=NOW)
    (before,) = queries.deeds.exchanges()
    assert (before.given.owed_ng, before.received.due_ng, before.is_settled) == (540 * MG, 608 * MG, False)
    came = Told(
        "exchange", "received", "NASA", "JAXA", "a letter", "2024-08-22", (Item("", "Bennu", 663 * MG),)
    )
    deeds.record(came, exchange=made, by=ada, at=NOW)
    deeds.record(
        replace(came, way="given", items=(Item("P-1", "", 400 * MG),)), exchange=made, by=eve, at=NOW
    )
    deeds.record(replace(came, way="given", items=(Item("P-2", "", 40 * MG),)), exchange=made, by=eve, at=NOW)
    (now,) = queries.deeds.exchanges()
    assert (now.given.owed_ng, now.received.owed_ng) == (100 * MG, -55 * MG)
    assert now.received.share == Fraction(663, 121_600)
    assert (now.given.is_met, now.received.is_met, now.received.is_certain) == (False, True, True)
    for wrong in (
        [],
        legs[:1] * 2,
        [replace(legs[0], share="0 %")],
        [replace(legs[0], base_ng=0)],
        [replace(legs[0], party="")],
    ):
        with pytest.raises(Refused):
            deeds.agree(title_en="X", instrument="Y", legs=wrong, by=ada, at=NOW)


def test_a_receipt_is_signed_once_and_verifies_with_the_public_key_alone(ada: Person, eve: Person) -> None:
    gift = deeds.record(GIFT, by=eve, at=NOW)
    signed = deeds.sign_receipt(gift, by=ada, at=NOW)
    assert deeds.sign_receipt(gift, by=ada, at=NOW) == signed
    key = instance.read_signing_key(settings.HOME).verifier
    found = receipts.check(signed.note, key)
    assert isinstance(found, Receipt)
    assert (found.number, found.title, found.items, found.on) == (
        "D-0001",
        "passes",
        (("P-1", G),),
        "2022-02-04",
    )
    assert found.entries == tuple(queries.deeds.entries(gift))
    assert isinstance(receipts.check(signed.note.replace("Russia", "Russie"), key), tuple)


def test_a_deed_that_moves_nothing_names_the_entry_that_recorded_it(ada: Person, eve: Person) -> None:
    gift = deeds.record(GIFT, by=eve, at=NOW)
    (index,) = queries.deeds.entries(gift)
    again = deeds.record(GIFT, moves=False, entries={"P-1": index}, by=ada, at=NOW)
    assert (again.items.get().mass_ng, again.holder, queries.deeds.entries(again)) == (
        G,
        gift.holder,
        [index],
    )
    for wrong in ({"P-1": index + 1000}, {"P-2": index}):
        with pytest.raises(Refused) as refused:
            deeds.record(GIFT, moves=False, entries=wrong, by=ada, at=NOW)
        assert where(refused) == ["entries"]
