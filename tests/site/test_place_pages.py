"""The pages of the store: the tree, one place, tools, instruments, readings of the air; who may see and who may act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import collection
import pytest
from collection import ng
from django.test import Client

from aliquot import acts
from aliquot.site.models import (
    Instrument,
    Person,
    Sample,
    Tool,
)
from aliquot.site.operations import ledger, places
from aliquot.site.operations.places import Told
from aliquot.site.queries import places as reads

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BY = "person:1"
SignedIn = Callable[[Person], Client]


@pytest.fixture
def store(db: None) -> None:
    """A site with a cabinet of nitrogen in it, and a box in that."""
    places.make(["N"], Told("site", name_en="North laboratory", name_zh="北区实验室", country="CN"), by=BY, at=NOW)
    told = Told("cabinet", name_en="North wall", name_zh="北墙柜", atmosphere="nitrogen", allowed_materials="steel PTFE")
    places.make(["CAB-1"], told, into="N", by=BY, at=NOW)
    places.make(["BOX-1"], Told("container", container_type="teflonbag"), into="CAB-1", by=BY, at=NOW)


@pytest.fixture
def desk(ada: Person, signed_in: SignedIn) -> Client:
    return signed_in(ada)


def put(code: str, *numbers: str, weighs: str = "1 g") -> None:
    """Samples arrive in a place, in one entry."""
    key = reads.by_code(code).holder.key
    Sample.objects.bulk_create(Sample(number=number, mission="change-5", material="soil") for number in numbers)
    masses = dict.fromkeys(numbers, ng(weighs))
    ledger.append(lambda s: acts.receive(s, masses, origin=collection.ORIGIN, place=key), by=BY,
                  at="2026-03-01T09:00:00Z")  # fmt: skip


def sent(client: Client, address: str, **fields: object):
    """Fill in a form that stands on a page, and send it."""
    page = client.get(address).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    key = page.split('name="acting_key" value="')[1].split('"')[0]
    return client.post(address, {"csrfmiddlewaretoken": token, "acting_key": key, **fields})


ADDRESSES = ("/places/", "/places/CAB-1/", "/labels/", "/labels.pdf?place=CAB-1", "/tools/", "/instruments/", "/readings/",
             "/scan/")  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_sign_in_first_and_requesters_see_none_of_it(
    store: None, client: Client, bo: Person, signed_in: SignedIn, address: str
) -> None:
    assert client.get(address).status_code == 302
    assert signed_in(bo).get(address).status_code == 403


def test_a_director_sees_but_does_not_act(store: None, eve: Person, signed_in: SignedIn) -> None:
    client = signed_in(eve)
    for address in ("/places/", "/places/BOX-1/", "/tools/", "/instruments/"):
        page = client.get(address)
        assert page.status_code == 200
        assert b'name="acting_key"' not in page.content.replace(b'id="attach', b"")
    client.handler.enforce_csrf_checks = False
    for address in ("/places/", "/places/BOX-1/", "/tools/", "/instruments/"):
        assert client.post(address, {"act": "make"}).status_code == 403
    assert client.get("/readings/").status_code == 403


@pytest.mark.parametrize("language", ["", "/zh-hans"])
def test_every_page_is_shown_in_both_languages(store: None, desk: Client, language: str) -> None:
    put("BOX-1", "T-1", "T-2")
    Tool.objects.create(key="TW-1", name_en="Tweezers", name_zh="镊子", material="PTFE")
    Instrument.objects.create(key="BAL-1", kind="balance", name_en="Balance")
    for address in ("/places/", "/places/?q=box", "/places/?q=zzz", "/places/BOX-1/", "/places/BOX-1/?on=2026-11-21",
                    "/places/CAB-1/?on=2020-01-01", "/places/CAB-1/?on=yesterday", "/tools/", "/tools/TW-1/", "/tools/?q=x",
                    "/instruments/", "/instruments/BAL-1/", "/readings/", "/labels/?in=BOX-1&place=CAB-1&sample=none",
                    "/scan/"):  # fmt: skip
        page = desk.get(language + address)
        assert page.status_code == 200, address
    assert "北墙柜" in desk.get("/zh-hans/places/").content.decode()
    assert desk.get("/places/NOWHERE/").status_code == 404
