"""The ledger's pages and files: what is shown is what was hashed, and a sceptic can check all of it elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from collection import a_collection, a_sample, holders, sign
from django.conf import settings
from django.test import Client

from aliquot import proof, signing, verify
from aliquot.site import instance, queries
from aliquot.site.models import Entry, Head

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(db: None) -> None:
    a_collection()


def shown(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def texts_on(page: str) -> list[str]:
    """Return the entries on a page as they read without their markup."""
    blocks = re.findall(r"<pre tabindex=\"0\"><code>(.*?)</code></pre>", page, re.DOTALL)
    return [
        text for block in blocks if (text := unescape(re.sub(r"<[^>]+>", "", block))).startswith("entry ")
    ]


def file(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response) if response.streaming else response.content


def test_entries_stand_as_they_were_hashed_newest_first(client: Client, collection: None) -> None:
    stored = list(Entry.objects.order_by("-index").values_list("text", flat=True))
    assert texts_on(shown(client, "/ledger/")) == stored


def test_samples_in_an_entry_are_links(client: Client, collection: None) -> None:
    assert '<a href="/samples/15555,1/">15555,1</a>' in shown(client, "/ledger/0/")


def test_the_page_says_how_many_entries_await_the_next_checkpoint(client: Client, collection: None) -> None:
    page = shown(client, "/ledger/")
    size = Head.objects.get().size
    assert re.search(r"Waiting for the next one</dt><dd>1</dd>", page)
    assert f"Covered by the checkpoint</dt><dd>{size - 1}</dd>" in page


def test_entries_can_be_chosen_by_kind_and_sample(client: Client, collection: None) -> None:
    assert all("\nkind split\n" in text for text in texts_on(shown(client, "/ledger/?kind=split")))
    both = texts_on(shown(client, "/ledger/?kind=ship&sample=15555,2"))
    assert len(both) == 1
    assert "15555,2" in both[0]
    assert "No entry" in shown(client, "/ledger/?sample=nobody")


def test_older_entries_follow_by_their_number(client: Client, db: None) -> None:
    holders()
    for n in range(45):
        a_sample(f"T-{n}")
    first = shown(client, "/ledger/")
    assert 'href="?before=25"' in first
    seen = [texts_on(shown(client, f"/ledger/?before={before}")) for before in (45, 25, 5)]
    assert [len(texts) for texts in seen] == [20, 20, 5]
    assert seen[2][-1].startswith("entry 0\n")


def test_an_entry_has_its_hash_its_proof_and_its_neighbours(client: Client, collection: None) -> None:
    page = shown(client, "/ledger/1/")
    assert bytes(Entry.objects.get(index=1).leaf_hash).hex() in page
    assert 'href="/ledger/0/"' in page
    assert 'href="/ledger/2/"' in page
    assert "c2sp.org/tlog-proof@v1" in page


def test_an_entry_after_the_checkpoint_cannot_be_proven_yet(client: Client, collection: None) -> None:
    last = Head.objects.get().size - 1
    assert "It awaits the next checkpoint" in shown(client, f"/ledger/{last}/")
    assert client.get(f"/ledger/{last}/proof").status_code == 404


def test_an_entry_that_is_not_there_says_how_many_there_are(client: Client, collection: None) -> None:
    assert "There is no entry 999" in shown(client, "/ledger/999/", status=404)
    assert client.get("/ledger/99999999999999999999/").status_code == 404
    assert client.get("/ledger/?before=99999999999999999999").status_code == 200


def test_the_files_verify_without_this_site(client: Client, collection: None) -> None:
    key = signing.read_verifier(file(client, "/ledger/vkey").decode())
    assert isinstance(key, signing.VerifierKey)
    found = verify.verify(file(client, "/ledger/book.txt"), file(client, "/ledger/checkpoint"), key)
    assert not found.faults
    assert found.entries == found.signed == Head.objects.get().size - 1


def test_a_proof_checks_with_the_key_alone(client: Client, collection: None) -> None:
    key = signing.read_verifier(file(client, "/ledger/vkey").decode())
    assert isinstance(key, signing.VerifierKey)
    assert proof.check(file(client, "/ledger/2/proof"), key) == ()


def test_the_key_is_the_public_one(client: Client, collection: None) -> None:
    given = file(client, "/ledger/vkey").decode()
    assert given == f"{instance.read_signing_key(settings.HOME).verifier}\n"
    assert "PRIVATE" not in given


@pytest.mark.parametrize("address", ["/ledger/book.txt", "/ledger/checkpoint", "/ledger/2/proof"])
def test_an_unchanged_file_is_not_sent_again(client: Client, collection: None, address: str) -> None:
    first = client.get(address)
    assert first["Cache-Control"] == "public, no-cache"
    assert first["Content-Type"].startswith("text/plain")
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    sign()
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_without_a_checkpoint_the_pages_say_so(client: Client, db: None) -> None:
    assert "No checkpoint has been signed yet." in shown(client, "/ledger/")
    for address in ("/ledger/book.txt", "/ledger/checkpoint", "/ledger/0/proof"):
        assert client.get(address).status_code == 404
    shown(client, "/ledger/verify/")
    shown(client, "/facility/")


def test_the_guide_gives_commands_with_this_site_in_them(client: Client, collection: None) -> None:
    page = shown(client, "/ledger/verify/")
    assert "http://testserver/ledger/book.txt" in page
    assert "aliquot verify book.txt checkpoint --key vkey" in page


def test_the_ledger_asks_few_queries(
    client: Client, collection: None, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(3):
        client.get("/ledger/")
    with django_assert_num_queries(4):
        client.get("/ledger/?sample=15555,1&kind=split")


# -- the facility --------------------------------------------------------------------------------------------


def test_the_facility_adds_up(client: Client, collection: None) -> None:
    shares = queries.facility.shares()
    assert sum(share.mass_ng for share in shares) == 0
    page = shown(client, "/facility/")
    for words in (
        "A facility for tests",
        "29.7 g",
        "27.698 g",
        "3 g",
        "Test museum",
        "New owner",
        "lost in handling",
    ):
        assert words in page


def test_the_facility_follows_the_ledger(client: Client, collection: None) -> None:
    shown(client, "/facility/")
    a_sample("T-99", "1000 g")
    assert "1,029.7 g" in shown(client, "/facility/")


def test_what_the_ledger_does_not_hold_is_named_from_the_record(client: Client, collection: None) -> None:
    assert "part of rounds 8 and 9" in shown(client, "/facility/")
