"""Asking for samples on pages: the basket, a draft that saves itself, submitting once and in time, and who sees what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.site import requesting, sharing
from tests.site.requesting import send
from tests.site.sharing import a_draft

from aliquot.site.models import Call, Person, Receipt, Request
from aliquot.site.operations import requests

Browser = Callable[[Person], Client]


@pytest.fixture
def call(db: None, ada: Person) -> Call:
    sharing.store()
    return requesting.an_open_call(ada)


@pytest.fixture
def draft(call: Call, bo: Person) -> Request:
    return requests.begin(call, by=bo, at=call.opens)


def test_smoke(call: Call, draft: Request, bo: Person, signed_in: Browser) -> None:
    client = signed_in(bo)
    for address in (
        "/basket/",
        "/basket/?sample=P-1",
        f"/calls/{call.key}/request/",
        "/requests/",
        f"/requests/{draft.key}/",
        f"/requests/{draft.key}/edit/",
        f"/requests/{draft.key}/files/",
    ):
        page = client.get(address)
        assert page.status_code == 200, address
    answer = send(client, draft, a_draft(), act="submit")
    assert answer.status_code == 303 or answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"])
    assert Receipt.objects.get().sha256 in page.content.decode()
    assert client.get(f"/requests/{draft.key}/").status_code == 200
    assert client.get(f"/requests/{draft.key}/edit/").status_code == 200
