"""The basket: filled from the catalogue and a sample's page, kept for its person, carried into a request."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.site import requesting, sharing
from tests.site.requesting import fresh, hidden

from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import BasketItem, Call, Person, Request, Role
from aliquot.site.operations import baskets

Browser = Callable[[Person], Client]


@pytest.fixture
def call(db: None, ada: Person) -> Call:
    sharing.store()
    return requesting.an_open_call(ada)


def test_what_an_open_call_offers_has_a_button_on_its_page_and_in_the_catalogue(
    call: Call, bo: Person, cy: Person, signed_in: Browser
) -> None:
    client = signed_in(bo)
    page = client.get("/samples/P-1/")
    assert "Ask for it" in page.content.decode()
    body = hidden(page) | {"call": call.key, "sample": "P-1", "back": "/samples/P-1/"}
    assert client.post("/basket/", body).headers["Location"] == "/samples/P-1/"
    assert "It lies in your basket" in client.get("/samples/P-1/").content.decode()
    assert 'href="/basket/?sample=P-2"' in client.get("/catalogue/").content.decode()
    assert "sample=S-1" not in client.get("/catalogue/").content.decode(), "no call offers what is sealed"
    assert "Ask for it" not in signed_in(cy).get("/samples/P-1/").content.decode(), (
        "a reviewer asks for nothing"
    )
    stranger = Client()
    assert 'href="/basket/?sample=P-1"' in stranger.get("/samples/P-1/").content.decode()
    assert stranger.get("/basket/?sample=P-1").headers["Location"].startswith("/accounts/login/")
    assert signed_in(cy).get("/basket/").status_code == 403


def test_a_request_begins_with_what_lies_in_the_basket_for_its_call(
    call: Call, ada: Person, bo: Person, signed_in: Browser
) -> None:
    other = requesting.an_open_call(ada, title="Another call")
    for one, number in ((call, "P-1"), (call, "P-2"), (call, "P-1"), (other, "P-2")):
        baskets.put(one, number, by=bo, at=timezone.now())
    client = signed_in(bo)
    page = client.get(f"/calls/{call.key}/request/")
    assert "P-2" in page.content.decode()
    address = client.post(f"/calls/{call.key}/request/", hidden(page)).headers["Location"]
    made = Request.objects.get()
    assert address == f"/requests/{made.key}/edit/"
    assert queries.requests.told(made) == {
        "lead": {"name": "Bo"},
        "lines": [{"sample": "P-1", "form": "powder"}, {"sample": "P-2", "form": "powder"}],
    }
    assert [item.call for item in BasketItem.objects.all()] == [other]
    assert "Begun already" in client.get(f"/calls/{call.key}/request/").content.decode()


def test_something_is_taken_out_of_ones_own_basket_alone(
    call: Call, bo: Person, a_person: Callable[..., Person], signed_in: Browser
) -> None:
    fay = a_person("Fay", Role.REQUESTER)
    mine, theirs = (baskets.put(call, "P-1", by=by, at=timezone.now()) for by in (bo, fay))
    client = signed_in(bo)
    for item in (mine.pk, theirs.pk, "x", 10**20):
        body = fresh(client)
        assert client.post("/basket/", body | {"act": "take out", "item": item}).status_code == 302
    assert [item.person for item in BasketItem.objects.all()] == [fay]


def test_what_cannot_be_put_in_is_refused_with_the_reason(
    call: Call, bo: Person, cy: Person, signed_in: Browser
) -> None:
    client = signed_in(bo)
    for number, key in (
        ("S-1", call.key),
        ("nothing", call.key),
        ("P-1", "none"),
        ("P\0", call.key),
        ("", call.key),
        ("P-1", "\0"),
    ):
        body = hidden(client.get("/basket/?sample=P-1")) | {"call": key, "sample": number}
        assert client.post("/basket/", body).status_code == 422, (number, key)
    with pytest.raises(Refused):
        baskets.put(call, "P-1", by=cy, at=timezone.now())
    requesting.closing(call, in_seconds=-1)
    with pytest.raises(Refused, match="not open"):
        baskets.put(call, "P-1", by=bo, at=timezone.now())
    assert not BasketItem.objects.exists()
    assert "Ask for it" not in client.get("/samples/P-1/").content.decode()


def test_who_may_not_ask_begins_nothing_and_an_unpublished_call_is_not_there(
    call: Call, ada: Person, bo: Person, signed_in: Browser
) -> None:
    assert signed_in(ada).get(f"/calls/{call.key}/request/").status_code == 403
    assert signed_in(bo).get("/calls/none/request/").status_code == 404
    client = signed_in(bo)
    key = hidden(client.get(f"/calls/{call.key}/request/"))
    requesting.closing(call, in_seconds=-1)
    Call.objects.filter(pk=call.pk).update(state="closed")
    assert client.post(f"/calls/{call.key}/request/", key).status_code == 422
    assert not Request.objects.exists()
