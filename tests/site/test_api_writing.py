"""Programs that write: tokens and their scopes, one act for each key, and what is answered to those who may not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from collection import a_sample, holders
from django.test import Client
from django.utils import timezone
from workbench import a_bench

from aliquot.site import models
from aliquot.site.models import Handling, Person, Token, Weighing
from aliquot.site.operations import handling, people, programs

pytestmark = pytest.mark.django_db
WEIGH = {"sample": "T-1", "balance": "bal-1", "readings": [{"reading": "5 g"}]}


@pytest.fixture(autouse=True)
def _a_bench(db: None) -> None:
    holders()
    a_bench()
    a_sample("T-1", "5 g")


def a_token(person: Person, scope: str = "", days: int = 30) -> str:
    return programs.make_token(person, name="balance 1", scope=scope, at=timezone.now(), days=days)


def ask(
    method: str, address: str, told: object = None, *, token: str = "", key: str = "k1"
) -> tuple[int, object]:
    """Ask the API as a program does; return the status and what was answered."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {"Idempotency-Key": key} if key else {}
    content = told if isinstance(told, str) else json.dumps(told)
    answer = Client(enforce_csrf_checks=True).generic(
        method, f"/api/v1/{address}", content, content_type="application/json", headers=headers
    )
    return answer.status_code, json.loads(answer.content)


def test_a_balance_posts_its_reading_with_a_token_that_can_do_nothing_else(ada: Person) -> None:
    token = a_token(ada, "weigh")
    status, answered = ask("POST", "handlings/weigh", WEIGH, token=token)
    assert (status, answered["entry"], answered["notes"]) == (201, None, [])
    assert Weighing.objects.get().handling_id == answered["handling"]
    status, answered = ask("POST", "handlings/lose", {"sample": "T-1", "reason": "?"}, token=token, key="k2")
    assert (status, answered["faults"][0]["where"]) == (403, "token")
    assert ask("GET", "samples/T-1/handlings", token=token)[0] == 403
    assert Token.objects.get().used_at is not None


def test_asked_again_with_the_same_key_nothing_is_done_and_the_same_is_answered(ada: Person) -> None:
    token = a_token(ada)
    first = ask("POST", "handlings/weigh", WEIGH, token=token)
    assert ask("POST", "handlings/weigh", WEIGH, token=token) == first
    assert ask("POST", "handlings/weigh", {**WEIGH, "air": "21 °C"}, token=token)[0] == 409
    assert ask("POST", "handlings/weigh", {**WEIGH, "air": "21 °C"}, token=token, key="k2")[0] == 201
    assert Handling.objects.count() == 2


def test_an_act_that_is_refused_leaves_its_key_free(ada: Person) -> None:
    token = a_token(ada)
    status, answered = ask("POST", "handlings/weigh", {**WEIGH, "readings": "5"}, token=token)
    assert (status, [one["where"] for one in answered["faults"]]) == (400, ["readings[0].reading"])
    assert ask("POST", "handlings/weigh", WEIGH, token=token)[0] == 201


def test_every_token_that_opens_nothing_is_answered_alike(ada: Person, a_person: object) -> None:
    ended, expired, left = a_token(ada), a_token(ada), a_token(a_person("Flo", models.Role.CURATOR))
    rows = Token.objects.order_by("pk")
    programs.end_token(rows[0], at=timezone.now())
    Token.objects.filter(pk=rows[1].pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    Person.objects.filter(name="Flo").update(is_active=False)
    answers = [
        ask("POST", "handlings/weigh", WEIGH, token=one) for one in (ended, expired, left, "x", "é", "")
    ]
    assert answers == [answers[0]] * 6
    assert answers[0][0] == 401


def test_who_may_not_append_to_the_ledger_may_not_with_a_token_either(
    bo: Person, eve: Person, ada: Person
) -> None:
    for person in (bo, eve):
        status, answered = ask("POST", "handlings/weigh", WEIGH, token=a_token(person))
        assert (status, answered["faults"][0]["where"]) == (403, "person")
    token = a_token(ada)
    people.end(ada, models.Role.CURATOR, by=None, at=timezone.now())
    assert ask("POST", "handlings/weigh", WEIGH, token=token)[0] == 403


def test_a_session_is_no_token(ada: Person) -> None:
    browser = Client()
    browser.force_login(ada)
    answer = browser.post("/api/v1/handlings/weigh", json.dumps(WEIGH), content_type="application/json")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    ("address", "told", "key", "status"),
    [
        ("handlings/weigh", WEIGH, "", 400),
        ("handlings/weigh", WEIGH, "x" * 81, 400),
        ("handlings/weigh", "{", "k", 400),
        ("handlings/weigh", "[]", "k", 400),
        ("handlings/weigh", '"\\ud800"', "k", 400),
        ("handlings/weigh", '{"note": "\\ud800"}', "k", 400),
        ("handlings/weigh", '{"note": "\\u0000"}', "k", 400),
        ("handlings/weigh", '{"sd": NaN}', "k", 400),
        ("handlings/weigh", '{"sd": 1e999}', "k", 400),
        ("handlings/weigh", '{"sd": ' + "9" * 5000 + "}", "k", 400),
        ("handlings/weigh", b"\xff\xfe".decode("latin-1"), "k", 400),
        ("handlings/weigh", "[" * 100_000, "k", 400),
        ("handlings/weigh", '{"note": "' + "x" * 3_000_000 + '"}', "k", 413),
        (
            "handlings/split",
            {"parent": "T-1", "cuts": [{"number": "a", "mass": "1 g"}, {"\0": None}]},
            "k",
            400,
        ),
        ("handlings/dance", {}, "k", 404),
        ("proposals/7/answers", {"yes": True}, "k", 404),
        ("proposals/split", {"parent": "T-1", "cuts": "T-1,1\t1 g"}, "k", 400),
    ],
)
def test_whatever_is_sent_is_answered_with_what_is_wrong(
    ada: Person, address: str, told: object, key: str, status: int
) -> None:
    found, answered = ask("POST", address, told, token=a_token(ada), key=key)
    assert found == status, answered
    assert all(one.keys() == {"where", "what", "todo"} for one in answered["faults"])
    assert not Handling.objects.exists()


def test_a_method_for_which_nothing_stands_is_refused(ada: Person) -> None:
    token = a_token(ada)
    for method, address in (
        ("GET", "handlings/weigh"),
        ("POST", "handlings/1"),
        ("DELETE", "handlings/1"),
        ("POST", "samples/T-1"),
    ):
        status, _ = ask(method, address, {}, token=token)
        assert status == 405, (method, address)


def test_a_page_of_acts_is_asked_for_in_a_fixed_number_of_questions(
    ada: Person, django_assert_max_num_queries: object
) -> None:
    for i in range(52):
        handling.record(
            "split", {"parent": "T-1", "cuts": f"T-1,{i}\t1 mg", "tools": "T-1"}, by=ada, at=timezone.now()
        )
    token = a_token(ada)
    with django_assert_max_num_queries(14):
        status, first = ask("GET", "samples/T-1/handlings", token=token)
    assert (status, len(first["items"])) == (200, 50)
    rest = ask("GET", f"samples/T-1/handlings?before={first['next']}", token=token)[1]
    assert (len(rest["items"]), rest["next"]) == (2, None)


def test_what_was_done_to_a_sample_is_read_by_staff(ada: Person, eve: Person, cy: Person) -> None:
    made = ask("POST", "handlings/split", {"parent": "T-1", "tools": ["T-1"], "note": "为研究",
               "cuts": [{"number": "T-1,1", "mass": "1 g"}]}, token=a_token(ada))[1]  # fmt: skip
    ask(
        "POST",
        "handlings/expose",
        {"samples": "T-1,1", "agent": "magnet", "amount": "20 mT"},
        token=a_token(ada),
        key="k2",
    )
    status, page = ask("GET", "samples/T-1,1/handlings", token=a_token(eve))
    assert (status, [one["kind"] for one in page["items"]], page["next"]) == (200, ["expose", "split"], None)
    assert page["items"][0]["exposures"] == [
        {"sample": "T-1,1", "agent": "magnet", "amount": "20 mT", "minutes": None}]  # fmt: skip
    status, one = ask("GET", f"handlings/{made['handling']}", token=a_token(eve, "read"))
    assert (status, one["entry"], one["note"], one["tools"]) == (
        200,
        1,
        "为研究",
        [{"tool": "T-1", "batch": "B-1"}],
    )
    for nothing in ("T-9", "%00", "a%20b", "%FF", "x" * 90):
        assert ask("GET", f"samples/{nothing}/handlings", token=a_token(eve))[0] == 404
    assert ask("GET", f"handlings/{made['handling']}", token=a_token(cy))[0] == 403
    assert ask("GET", f"handlings/{made['handling']}")[0] == 401
