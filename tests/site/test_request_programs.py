"""Requests through the API: one's own are written, submitted once and withdrawn; another's is not there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.site import requesting, sharing
from tests.site.sharing import a_draft

from aliquot import requests as library
from aliquot.site.models import Call, Person, Receipt, Request, Role
from aliquot.site.operations import programs, requests


@pytest.fixture
def call(db: None, ada: Person) -> Call:
    sharing.store()
    return requesting.an_open_call(ada)


def a_token(person: Person, scope: str = "") -> str:
    return programs.make_token(person, name="script", scope=scope, at=timezone.now(), days=30)


def ask(method: str, address: str, told: object = None, *, token: str, key: str = "k1") -> tuple[int, dict]:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    answer = Client().generic(
        method, f"/api/v1/{address}", json.dumps(told), content_type="application/json", headers=headers
    )
    return answer.status_code, json.loads(answer.content)


def test_a_request_is_begun_saved_submitted_amended_and_withdrawn(call: Call, bo: Person) -> None:
    token = a_token(bo, "requests read")
    status, begun = ask("POST", "requests", {"call": call.key}, token=token)
    assert (status, begun["version"]) == (201, 1)
    address = f"requests/{begun['key']}"
    status, saved = ask("POST", f"{address}/versions", {"base": 1, "told": a_draft()}, token=token, key="k2")
    assert (status, saved["version"], saved["clashes"]) == (201, 2, [])
    status, receipt = ask("POST", f"{address}/receipts", {"version": 2}, token=token, key="k3")
    assert ask("POST", f"{address}/receipts", {"version": 2}, token=token, key="k4") == (201, receipt)
    held = Receipt.objects.get()
    text = library.receipt_text(
        a_draft(), call_sha256=call.sha256, request=begun["key"], version=2, at=held.at
    )
    assert receipt["sha256"] == hashlib.sha256(text.encode()).hexdigest() == held.sha256
    assert (
        ask("POST", f"{address}/amendments", {"base": 2, "told": a_draft(title="B")}, token=token, key="k5")[
            0
        ]
        == 201
    )
    status, whole = ask("GET", address, token=token)
    assert (whole["told"]["title"], len(whole["receipts"]), whole["acts"]) == ("B", 2, ["amend", "withdraw"])
    assert [one["key"] for one in ask("GET", "requests", token=token)[1]["items"]] == [begun["key"]]
    status, moved = ask("POST", f"{address}/withdrawal", {}, token=token, key="k6")
    assert (status, moved["state"]) == (201, "withdrawn")


def test_what_two_save_at_once_is_told_and_kept(call: Call, bo: Person) -> None:
    made, token = requests.begin(call, by=bo, at=timezone.now()), a_token(bo)
    address = f"requests/{made.key}/versions"
    ask("POST", address, {"base": 1, "told": {"title": "A"}}, token=token)
    status, saved = ask("POST", address, {"base": 1, "told": {"title": "B"}}, token=token, key="k2")
    assert (status, saved["clashes"], saved["version"], saved["newest"], saved["told"]) == (
        201,
        ["title"],
        3,
        2,
        {"title": "A"},
    )


def test_an_attempt_in_time_is_noted_though_it_is_refused(call: Call, bo: Person) -> None:
    made = requests.begin(call, by=bo, at=timezone.now())
    status, answered = ask("POST", f"requests/{made.key}/receipts", {"version": 1}, token=a_token(bo))
    assert (status, "title" in {one["where"] for one in answered["faults"]}) == (400, True)
    made.refresh_from_db()
    assert made.tried_at is not None
    Request.objects.update(tried_at=None)
    assert ask("POST", f"requests/{made.key}/receipts", {"version": 1}, token=a_token(bo, "read"))[0] == 403
    made.refresh_from_db()
    assert made.tried_at is None, "a token that may not submit attempts nothing"


@pytest.mark.parametrize("role", list(Role))
def test_anothers_request_is_not_there_but_for_staff_once_it_was_submitted(
    call: Call, bo: Person, a_person: Callable[..., Person], role: Role
) -> None:
    asked, draft = sharing_request(call, bo), requests.begin(call, by=bo, at=timezone.now())
    token = a_token(a_person("Other", role))
    staff = role not in (Role.REQUESTER, Role.REVIEWER)
    assert ask("GET", f"requests/{asked.key}", token=token)[0] == (200 if staff else 404)
    assert ask("GET", f"requests/{draft.key}", token=token)[0] == 404
    assert ask("GET", "requests", token=token)[1]["items"] == []
    for i, (end, told) in enumerate(
        [
            ("versions", {"base": 1, "told": {}}),
            ("receipts", {"version": 1}),
            ("amendments", {"base": 2, "told": a_draft()}),
            ("withdrawal", {}),
        ]
    ):
        for one in (asked, draft):
            assert (
                ask("POST", f"requests/{one.key}/{end}", told, token=token, key=f"{end}{i}{one.key}")[0]
                == 404
            )
    assert ask("POST", "requests", {"call": call.key}, token=token, key="begin")[0] == (
        201 if role is Role.REQUESTER else 403
    )


def sharing_request(call: Call, bo: Person) -> Request:
    made = requests.begin(call, by=bo, at=timezone.now())
    requests.save(made, a_draft(), base=1, by=bo, at=timezone.now())
    requests.submit(made, version=2, by=bo, at=timezone.now())
    return made


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("versions", {"base": "1", "told": {}}),
        ("versions", {"base": 1, "told": []}),
        ("versions", {"base": 1, "told": {"title": "\0"}}),
        ("versions", {"base": 10**12, "told": {}}),
        ("versions", {"base": 1, "told": {}, "x": 1}),
        ("receipts", {"version": True}),
        ("receipts", {}),
        ("amendments", {"base": 1, "told": {"title": "\ud800"}}),
        ("withdrawal", {"reason": "\0"}),
    ],
)
def test_what_is_at_fault_is_refused_and_nothing_is_written(
    call: Call, bo: Person, end: str, told: object
) -> None:
    made = requests.begin(call, by=bo, at=timezone.now())
    status, answered = ask("POST", f"requests/{made.key}/{end}", told, token=a_token(bo))
    assert (status, bool(answered["faults"])) == (400, True)
    made.refresh_from_db()
    assert (made.state, made.versions.count()) == ("draft", 1)
    assert ask("POST", "requests", {"call": "\0"}, token=a_token(bo), key="k9")[0] == 400
