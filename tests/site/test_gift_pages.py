"""Gifts, exchanges and deposits on pages: what is read by everybody, what is recorded, and what stands beside its field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from tests.site import loaning
from tests.site.lending_pages import post, text
from tests.site.loaning import BENCH, MG, NOW

from aliquot import receipts
from aliquot.deeds import Item
from aliquot.receipts import Receipt
from aliquot.site import instance, queries
from aliquot.site.models import Balance, Deed, Exchange, Person, Sample
from aliquot.site.operations import deeds
from aliquot.site.operations.deeds import Told

Browser = Callable[[Person], Client]
G = 10**9
# China to Russia, 4 February 2022; domain facts, section 4, row 11.
GIFT = {"kind": "gift", "way": "given", "giver": "China", "receiver": "Russia", "country": "RU", "instrument": "a letter",
        "when": "2022-02-04", "moves": "yes", "occasion": "A state visit.", "sample_0": "P-1"}  # fmt: skip


@pytest.fixture(autouse=True)
def _store(db: None) -> None:
    loaning.store()


def a_gift(eve: Person, **changed: object) -> Deed:
    told = {"kind": "gift", "way": "received", "giver": "Russia", "receiver": "China", "instrument": "a letter",
            "when": "2023-03", "items": (Item("", "Luna 16", 1_500 * MG),), "note": "Kept to ourselves."}  # fmt: skip
    return deeds.record(Told(**(told | changed)), moves=False, by=eve, at=NOW)  # type: ignore[arg-type]


def test_a_director_gives_a_return_gift_is_recorded_and_the_receipt_verifies(
    eve: Person, ada: Person, signed_in: Browser
) -> None:
    eve_s = signed_in(eve)
    done = post(eve_s, "/gifts/record/", **GIFT)
    gift = Deed.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"/gifts/{gift.key}/")
    assert Balance.objects.get(holder=gift.holder).mass_ng == G
    form = text(eve_s.get(f"/gifts/record/?answers={gift.key}"))
    assert 'value="Russia"' in form
    back = GIFT | {"way": "received", "giver": "Russia", "receiver": "China", "when": "2023-03", "moves": "no",
                   "sample_0": "", "what_0": "Luna 16", "mass_0": "1.5 g", "answers": gift.key}  # fmt: skip
    post(eve_s, "/gifts/record/", **back)
    answer = Deed.objects.get(answers=gift)
    shown = text(Client().get(f"/gifts/{gift.key}/"))
    assert f"/gifts/{answer.key}/" in shown
    assert "4 Feb 2022" in shown
    assert Client().get(f"/gifts/{gift.key}/receipt.txt").status_code == 404
    assert post(signed_in(ada), f"/gifts/{gift.key}/").status_code == 302
    note = Client().get(f"/gifts/{gift.key}/receipt.txt").content
    found = receipts.check(note, instance.read_signing_key(settings.HOME).verifier)
    assert isinstance(found, Receipt)
    assert found.items == (("P-1", G),)


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_written(
    eve: Person, ada: Person, signed_in: Browser
) -> None:
    wrong = GIFT | {
        "when": "1973-13",
        "giver": "",
        "sample_0": "",
        "sample_1": "P-1",
        "mass_1": "12 furlongs",
        "entry_2": "-1",
    }
    refused = post(signed_in(eve), "/gifts/record/", **wrong)
    assert refused.status_code == 422
    assert {"giver", "mass_1", "entry_2"} <= set(refused.context["form"].errors)
    for changed, field in (
        ({"when": "1973-13"}, "when"), ({"sample_0": "", "sample_1": "X-9"}, "sample_1"), ({"sample_0": "S-1"}, "sample_0"),
        ({"mass_0": "2 g"}, "sample_0"), ({"sample_0": ""}, "what_0"), ({"moves": "no", "entry_0": "9999"}, "entry_0"),
        ({"kind": "deposit", "mass_0": "1 mg", "place": BENCH}, "mass_0"), ({"kind": "exchange"}, "exchange"),
        ({"giver": "\0"}, "giver"), ({"place": "nowhere"}, "place"), ({"sample_0": "P\0"}, "sample_0"),
    ):  # fmt: skip
        refused = post(signed_in(eve), "/gifts/record/", **(GIFT | changed))
        assert refused.status_code == 422
        assert set(refused.context["form"].errors) == {field}, changed
        assert "A state visit." in text(refused)
    by_curator = post(signed_in(ada), "/gifts/record/", **GIFT)
    assert by_curator.status_code == 422
    assert "given by a director" in text(by_curator)
    assert not Deed.objects.exists()


def test_more_lines_keep_what_was_typed(ada: Person, signed_in: Browser) -> None:
    more = post(signed_in(ada), "/gifts/record/", **GIFT, rows="3", more="1")
    assert more.context["form"].count == 6
    assert 'value="P-1"' in text(more)
    assert signed_in(ada).get("/gifts/record/?rows=9999&answers=%00&kind=%00").status_code == 200


def test_a_form_sent_twice_records_once(ada: Person, signed_in: Browser) -> None:
    ada_s, told = signed_in(ada), GIFT | {"moves": "no", "acting_key": "one-and-the-same-key"}
    first, again = (post(ada_s, "/gifts/record/", **told) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert Deed.objects.count() == 1


def test_a_deposit_goes_to_its_place_and_counts_towards_the_share(ada: Person, signed_in: Browser) -> None:
    deposit = GIFT | {"kind": "deposit", "receiver": "Shaoshan", "sample_0": "S-1", "place": BENCH}
    assert post(signed_in(ada), "/gifts/record/", **deposit).status_code == 302
    assert Balance.objects.get(sample__number="S-1", mass_ng__gt=0).holder.key == BENCH
    shown = text(Client().get("/deposits/"))
    assert "Shaoshan" in shown
    assert "Still short" in shown


def test_a_better_telling_takes_the_place_of_a_deed(ada: Person, eve: Person, signed_in: Browser) -> None:
    old = a_gift(eve)
    assert 'value="Russia"' in text(signed_in(ada).get(f"/gifts/record/?replaces={old.key}"))
    better = GIFT | {"moves": "no", "replaces": old.key, "present_holder": "A museum"}
    assert post(signed_in(ada), "/gifts/record/", **better).status_code == 302
    assert "told better since" in text(signed_in(ada).get(f"/gifts/{old.key}/"))
    assert Client().get(f"/gifts/{old.key}/").status_code == 404
    assert post(signed_in(ada), "/gifts/record/", **better).status_code == 422


def test_everybody_reads_what_is_published_and_staff_the_rest(
    eve: Person, ada: Person, signed_in: Browser
) -> None:
    open_deed = a_gift(eve)
    hidden = a_gift(eve, items=(Item("P-2", "", MG),))
    Sample.objects.filter(number="P-2").update(published=False)
    for reader, sees in ((Client(), False), (signed_in(ada), True)):
        assert (hidden.number in text(reader.get("/gifts/"))) is sees
        assert reader.get(f"/gifts/{hidden.key}/").status_code == (200 if sees else 404)
        assert ("Kept to ourselves." in text(reader.get(f"/gifts/{open_deed.key}/"))) is sees
    assert "mass not published" in text(
        Client().get(f"/gifts/{a_gift(eve, items=(Item('', 'x', None),)).key}/")
    )


def test_an_exchange_is_agreed_on_and_says_what_is_owed(ada: Person, eve: Person, signed_in: Browser) -> None:
    """Half a percent of 121.6 g is 608 mg, and 663 mg came (domain facts, section 3.1)."""
    told = {"title_en": "Ryugu for Bennu", "instrument": "A memorandum", "when": "", "party_0": "JAXA", "what_0": "Ryugu",
            "share_0": "10 %", "base_0": "", "party_1": "NASA", "what_1": "Bennu", "share_1": "0.5 %", "base_1": "121.6 g"}  # fmt: skip
    for changed, field in (({"share_1": "7 furlongs"}, "share_1"), ({"base_1": "x"}, "base_1"), ({"party_0": ""}, "party_0"),
                           ({"title_en": "\0"}, "title_en"), ({"when": "1973-13"}, "when")):  # fmt: skip
        refused = post(signed_in(ada), "/exchanges/record/", **(told | changed))
        assert (refused.status_code, set(refused.context["form"].errors)) == (422, {field})
    assert post(signed_in(ada), "/exchanges/record/", **told).status_code == 302
    made = Exchange.objects.get()
    came = GIFT | {"kind": "exchange", "way": "received", "giver": "NASA", "receiver": "JAXA", "moves": "no", "sample_0": "",
                   "what_0": "Bennu", "mass_0": "663 mg", "exchange": made.key}  # fmt: skip
    assert post(signed_in(ada), "/gifts/record/", **came).status_code == 302
    for path in ("/exchanges/", f"/exchanges/{made.key}/"):
        shown = text(Client().get(path))
        assert "608 mg" in shown
        assert "55 mg more than agreed" in shown
        assert "cannot be computed" in shown


ALL = frozenset({"nobody", "ada", "bo", "cy", "di", "eve"})
KEEPERS = frozenset({"ada", "eve"})


@pytest.mark.parametrize(
    ("path", "may"),
    [("/gifts/", ALL), ("/gifts/KEY/", ALL), ("/exchanges/", ALL), ("/deposits/", ALL), ("/gifts/record/", KEEPERS),
     ("/exchanges/record/", KEEPERS)],
)  # fmt: skip
def test_who_may_open_what(
    path: str, may: frozenset[str], request: pytest.FixtureRequest, eve: Person, signed_in: Browser
) -> None:
    path = path.replace("KEY", a_gift(eve).key)
    for who in sorted(ALL):
        reader = Client() if who == "nobody" else signed_in(request.getfixturevalue(who))
        assert (reader.get(path).status_code == 200) is (who in may), who
        if path.endswith("record/") and who not in may:
            assert reader.post(path, GIFT).status_code in (302, 403)
    assert Deed.objects.count() == 1


def test_lists_take_the_same_number_of_queries_however_long_they_are(
    eve: Person, django_assert_num_queries: Callable[..., object]
) -> None:
    reader = Client()
    a_gift(eve)
    reader.get("/gifts/")
    with django_assert_num_queries(3):
        reader.get("/gifts/")
    for _ in range(5):
        a_gift(eve)
    with django_assert_num_queries(3):
        reader.get("/gifts/")
    assert queries.deeds.page_of(queries.deeds.public(), 2, size=2).next == 3
