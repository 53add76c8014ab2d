"""Calls for programs: what everybody reads, and what a program does for a curator with a token."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.site import sharing

from aliquot.site.api import answers
from aliquot.site.models import Call, Person
from aliquot.site.operations import calls, programs

SOON = {"opens": "2020-01-01 00:00"}
Ask = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture(autouse=True)
def _store(db: None) -> None:
    answers.forget()
    sharing.store()


def told(**changed: object) -> dict[str, object]:
    closes = f"{timezone.now() + timedelta(days=30):%Y-%m-%d} 24:00"
    return sharing.told(**{**SOON, "closes": closes, **changed})


@pytest.fixture
def ask() -> Ask:
    """Asks as a program of somebody, each act under a key of its own."""
    count = iter(range(1_000))

    def asked(method: str, address: str, body: object = None, *, by: Person | None = None, scope: str = ""
              ) -> tuple[int, dict[str, object]]:  # fmt: skip
        headers = {"Idempotency-Key": f"k{next(count)}"}
        if by is not None:
            token = programs.make_token(by, name="robot", scope=scope, at=timezone.now(), days=1)
            headers["Authorization"] = f"Bearer {token}"
        answer = Client(enforce_csrf_checks=True).generic(
            method, f"/api/v1/{address}", json.dumps(body), content_type="application/json", headers=headers
        )
        return answer.status_code, json.loads(answer.content)

    return asked


def test_a_call_is_drafted_edited_published_amended_answered_and_cancelled(
    ask: Ask, ada: Person, bo: Person, eve: Person
) -> None:
    status, made = ask("POST", "call-drafts", told(title="First"), by=ada, scope="calls")
    assert (status, made["state"], made["version"], made["sha256"]) == (201, "draft", 1, "")
    at = f"calls/{made['key']}"
    assert ask("GET", at)[0] == 404
    assert ask("POST", f"{at}/edits", {"draft": told(), "base": 1}, by=ada)[1]["version"] == 2
    status, refused = ask("POST", f"{at}/edits", {"draft": told(), "base": 1}, by=ada)
    assert (status, refused["faults"][0]["where"]) == (400, "call")
    assert ask("POST", f"{at}/publication", {}, by=ada)[1]["state"] == "open"
    shown = ask("GET", f"{at}/draft", by=ada)[1]
    assert shown["draft"]["offers"][0]["mass"] == "200 mg"
    changed = shown["draft"] | {"closes": f"{timezone.now() + timedelta(days=60):%Y-%m-%d} 24:00"}
    amendment = {"draft": changed, "base": shown["version"], "reason": "Post is slow."}
    assert ask("POST", f"{at}/amendments", amendment, by=ada)[0] == 201
    calls.ask(Call.objects.get(), "Is P-1 sieved?", by=bo, at=timezone.now())
    assert ask("GET", at)[1]["questions"] == []
    assert ask("POST", f"{at}/answers", {"question": 1, "answer": "Yes."}, by=ada)[0] == 201
    found = ask("GET", at)[1]
    assert [one["answer"] for one in found["questions"]] == ["Yes."]
    assert [one["act"] for one in found["notices"]] == ["publish", "amend"]
    assert found["notices"][1]["changes"][0]["field"] == "closes"
    assert ask("POST", f"{at}/moves", {"act": "cancel", "reason": "No."}, by=ada)[0] == 400
    assert (
        ask("POST", f"{at}/moves", {"act": "cancel", "reason": "Burnt."}, by=eve)[1]["state"] == "cancelled"
    )


def test_everybody_reads_what_is_published_and_can_check_its_hash(ask: Ask, ada: Person) -> None:
    call = calls.publish(calls.draft(told(), by=ada, at=timezone.now()), by=ada, at=timezone.now())
    calls.draft(told(title="Secret"), by=ada, at=timezone.now())
    listed = ask("GET", "calls")[1]["items"]
    assert [(one["key"], one["zone"]) for one in listed] == [(call.key, "Asia/Shanghai")]
    found = ask("GET", f"calls/{call.key}")[1]
    assert [one["mass_ng"] for one in found["offers"]] == [200_000_000, 100_000_000]
    assert found["policy"]["key"] == "cnsa"
    body = Client().get(found["text"]).content
    assert hashlib.sha256(body).hexdigest() == found["sha256"] == call.sha256


def test_only_a_token_for_calls_of_somebody_who_keeps_them_writes(ask: Ask, ada: Person, bo: Person) -> None:
    assert ask("POST", "call-drafts", told())[0] == 401
    assert ask("POST", "call-drafts", told(), by=bo)[0] == 403
    assert ask("POST", "call-drafts", told(), by=ada, scope="weigh")[0] == 403
    draft = calls.draft(told(), by=ada, at=timezone.now())
    for path, body in (("publication", {}), ("moves", {"act": "close"}), ("edits", {"draft": {}, "base": 1})):
        assert ask("POST", f"calls/{draft.key}/{path}", body, by=bo)[0] == 403
    assert ask("GET", f"calls/{draft.key}/draft", by=bo)[0] == 403
    assert Call.objects.get().state == "draft"


@pytest.mark.parametrize(
    "body",
    [{"draft": {}, "base": "1"}, {"base": 1}, {"draft": {"title": "a\0"}, "base": 1}, {"draft": {}, "base": True},
     {"draft": {}, "base": 1, "more": 1}, {"draft": {"title": "\ud800"}, "base": 1}],
)  # fmt: skip
def test_a_body_that_is_no_edit_is_refused_with_every_fault(ask: Ask, ada: Person, body: object) -> None:
    draft = calls.draft(told(), by=ada, at=timezone.now())
    status, refused = ask("POST", f"calls/{draft.key}/edits", body, by=ada)
    assert status == 400
    assert refused["faults"]


@pytest.mark.parametrize(
    ("path", "body"),
    [("answers", {"question": 7, "answer": "x"}), ("answers", {"question": 10**30, "answer": "x"}),
     ("answers", {"question": -1, "answer": "x"})],
)  # fmt: skip
def test_a_question_that_was_not_asked_is_not_there(ask: Ask, ada: Person, path: str, body: object) -> None:
    call = calls.publish(calls.draft(told(), by=ada, at=timezone.now()), by=ada, at=timezone.now())
    assert ask("POST", f"calls/{call.key}/{path}", body, by=ada)[0] == 404
    assert ask("POST", f"calls/{'0' * 20}/{path}", body, by=ada)[0] == 404
