"""Somebody is taken off a request that they wrote with others: by its lead alone, with a trace and a notice, and still in conflict."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.site import sharing
from tests.site.sharing import BEFORE, a_call, a_draft

from aliquot.fault import Refused
from aliquot.reviews import Ground
from aliquot.site import queries
from aliquot.site.models import Call, Notice, Person, Request, RequestLeaver
from aliquot.site.operations import requests

Browser = Callable[[Person], Client]


@pytest.fixture
def call(ada: Person) -> Call:
    sharing.store()
    return a_call(ada)


@pytest.fixture
def ours(call: Call, bo: Person, di: Person) -> Request:
    """Bo leads a request that Di writes too, and it is submitted."""
    made = requests.begin(call, by=bo, at=BEFORE)
    requests.invite(made, di, by=bo, at=BEFORE)
    saved = requests.save(made, a_draft(), base=1, by=di, at=BEFORE)
    requests.submit(made, version=saved.version.order, by=bo, at=BEFORE)
    made.refresh_from_db()
    return made


def press(client: Client, request: Request, **told: str) -> int:
    address = f"/requests/{request.key}/"
    page = client.get(address).content.decode()
    kept = dict(re.findall(r'name="(csrfmiddlewaretoken|acting_key)" value="([^"]+)"', page))
    return client.post(address, kept | told).status_code


def test_who_is_taken_off_sees_and_writes_it_no_more_and_is_told(
    ours: Request, bo: Person, di: Person, signed_in: Browser
) -> None:
    lead = signed_in(bo)
    page = lead.get(f"/requests/{ours.key}/").content.decode()
    assert "Take off" in page
    assert press(lead, ours, act="take off", person=di.key) == 302
    assert signed_in(di).get(f"/requests/{ours.key}/").status_code == 404
    with pytest.raises(Refused):
        requests.save(ours, a_draft(title="Mine"), base=ours.version, by=di, at=BEFORE)
    notice = Notice.objects.filter(person=di).order_by("-pk").first()
    assert notice is not None
    assert (notice.kind, notice.subject) == ("request-left", f"call:{ours.call.key}")
    assert "has taken you off the request" in signed_in(di).get("/notices/").content.decode()
    after = lead.get(f"/requests/{ours.key}/").content.decode()
    assert re.search(r"Di: taken off by Bo, \d{4}-\d\d-\d\d", after)
    assert press(lead, ours, act="take off", person=di.key) == 422
    requests.invite(ours, di, by=bo, at=BEFORE)
    assert signed_in(di).get(f"/requests/{ours.key}/").status_code == 200


def test_having_written_it_stays_a_conflict_and_bars_from_plans(
    ours: Request, call: Call, bo: Person, di: Person
) -> None:
    requests.take_off(ours, di, by=bo, at=BEFORE)
    found = queries.conflicts.of_field([ours], [di], rules=queries.calls.rules(call), at=BEFORE)
    assert found == {(ours.pk, di.pk): Ground.OWN}
    assert queries.plans.is_author(call, di)
    row = RequestLeaver.objects.get()
    for act in (row.delete, row.save):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_only_the_lead_takes_somebody_off_and_only_who_writes_it(
    ours: Request, bo: Person, di: Person, cy: Person, eve: Person
) -> None:
    for by, person in ((di, di), (cy, di), (eve, di), (bo, cy), (bo, bo)):
        with pytest.raises(Refused):
            requests.take_off(ours, person, by=by, at=BEFORE)
    Request.objects.filter(pk=ours.pk).update(settled_at=BEFORE)
    with pytest.raises(Refused, match="is over"):
        requests.take_off(ours, di, by=bo, at=BEFORE)
    assert ours.members.count() == 1


def test_a_stranger_can_take_off_nobody_by_the_form(ours: Request, bo: Person, signed_in: Browser) -> None:
    for key in ("", "person:999999", "\0", "x" * 5000):
        assert press(signed_in(bo), ours, act="take off", person=key) == 422
    assert not RequestLeaver.objects.exists()
